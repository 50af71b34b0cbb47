// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.cli.flag.ParsedFlags;
import io.inspektorgadget.model.run.RunRequest;

/**
 * A gadget command line, understood.
 *
 * @param command as the user would type it, without flags, such as {@code ig trace open}
 * @param request what to run
 * @param flags all that was given, for launchers with flags of their own
 * @param output how to print it
 * @param verbose true if the user wants to know more
 */
public record GadgetInvocation(
    String command, RunRequest request, ParsedFlags flags, OutputOptions output, boolean verbose) {}
