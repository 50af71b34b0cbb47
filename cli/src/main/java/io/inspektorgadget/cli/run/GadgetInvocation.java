// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.cli.run;

import io.inspektorgadget.model.run.RunRequest;

/**
 * A gadget command line, understood.
 *
 * @param command as the user would type it, without flags, such as {@code ig trace open}
 * @param request what to run
 * @param output how to print it
 * @param verbose true if the user wants to know more
 */
public record GadgetInvocation(
    String command, RunRequest request, OutputOptions output, boolean verbose) {}
