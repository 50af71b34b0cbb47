// SPDX-License-Identifier: Apache-2.0
/**
 * What a gadget pod asks the API server for beside its Traces: the pods of its node, so that
 * containers are known by labels and owners too.
 *
 * <p>May depend on the Kubernetes client and on {@code model.container}.
 */
@NullMarked
package io.inspektorgadget.agent.cluster;

import org.jspecify.annotations.NullMarked;
