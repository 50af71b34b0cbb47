// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.repository;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The rules for Java that neither the compiler nor the formatter knows. */
final class JavaRules {
  static final int FILE_LINES_MAX = 500;
  static final int METHOD_LINES_MAX = 60;
  static final int PARAMETERS_MAX = 5;

  private static final Pattern BANNED_TYPE =
      Pattern.compile(".*(Manager|Helpers?|Utils?|Impl|Common|Misc)");
  private static final Pattern BANNED_WORDING =
      Pattern.compile("(?i)\\b(failed to|failure to|unable to|could not|couldn't)\\b");

  private JavaRules() {}

  /** What is wrong with a source file, one line each. */
  static List<String> violations(String path, String text) throws IOException {
    List<String> found = new ArrayList<>();
    long lines = text.lines().count();
    if (lines > FILE_LINES_MAX) {
      found.add(path + ": " + lines + " lines; split it below " + FILE_LINES_MAX);
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavacTask task =
        (JavacTask)
            compiler.getTask(null, null, null, List.of(), null, List.of(new Source(path, text)));
    for (CompilationUnitTree unit : task.parse()) {
      new Scanner(path, unit, Trees.instance(task).getSourcePositions(), found).scan(unit, null);
    }
    return found;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String path, String text) {
      super(URI.create("string:///" + path), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Scanner extends TreePathScanner<Void, Void> {
    private final String path;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> found;

    Scanner(String path, CompilationUnitTree unit, SourcePositions positions, List<String> found) {
      this.path = path;
      this.unit = unit;
      this.positions = positions;
      this.found = found;
    }

    private void report(Tree tree, String what) {
      LineMap lines = unit.getLineMap();
      long line = lines.getLineNumber(positions.getStartPosition(unit, tree));
      found.add(path + ":" + line + ": " + what);
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (BANNED_TYPE.matcher(type.getSimpleName()).matches()) {
        report(type, "type " + type.getSimpleName() + ": name it after what it is");
      }
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      LineMap lines = unit.getLineMap();
      long start = lines.getLineNumber(positions.getStartPosition(unit, method));
      long end = lines.getLineNumber(positions.getEndPosition(unit, method));
      if (method.getBody() != null && end - start + 1 > METHOD_LINES_MAX) {
        report(
            method,
            method.getName()
                + " has "
                + (end - start + 1)
                + " lines; split it below "
                + METHOD_LINES_MAX);
      }
      boolean ofRecord =
          getCurrentPath().getParentPath().getLeaf() instanceof ClassTree type
              && type.getKind() == Tree.Kind.RECORD
              && method.getReturnType() == null;
      if (!ofRecord && method.getParameters().size() > PARAMETERS_MAX) {
        report(
            method,
            method.getName()
                + " takes "
                + method.getParameters().size()
                + " parameters; group them in a record");
      }
      return super.visitMethod(method, null);
    }

    @Override
    public Void visitVariable(VariableTree variable, Void unused) {
      var modifiers = variable.getModifiers().getFlags();
      boolean ofType = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree;
      if (ofType && modifiers.contains(Modifier.STATIC) && !modifiers.contains(Modifier.FINAL)) {
        report(variable, "static " + variable.getName() + " is not final; pass state on");
      }
      return super.visitVariable(variable, null);
    }

    /** True inside the construction of an exception: texts of others may say what they like. */
    private boolean isErrorText() {
      for (Tree tree : getCurrentPath()) {
        if (tree instanceof NewClassTree creation
            && creation.getIdentifier().toString().endsWith("Exception")) {
          return true;
        }
      }
      return false;
    }

    @Override
    public Void visitLiteral(LiteralTree literal, Void unused) {
      if (isErrorText()
          && literal.getValue() instanceof String text
          && BANNED_WORDING.matcher(text).find()) {
        report(literal, "say what was being done: \"opening x: ENOENT\", not \"" + text + "\"");
      }
      return super.visitLiteral(literal, null);
    }
  }
}
