// SPDX-License-Identifier: Apache-2.0
/**
 * From an object's BTF and its gadget.yaml to what the gadget is: data sources, fields, parameters,
 * hooks. The only place that turns BTF into a schema.
 *
 * <p>May depend on {@code kernel.elf}, {@code kernel.btf}, {@code model} and snakeyaml-engine.
 */
@NullMarked
package io.inspektorgadget.tracers.schema;

import org.jspecify.annotations.NullMarked;
