// SPDX-License-Identifier: Apache-2.0
package io.inspektorgadget.testing;

import io.inspektorgadget.kernel.bpf.KernelFeature;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The features without which a test cannot run. It is skipped only where a probe says that the
 * kernel lacks one; where the probe cannot tell, the test runs. {@code ./test} counts a test that
 * was skipped so on every kernel as failed.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsCondition.class)
public @interface Needs {
  /** All of them are needed. */
  KernelFeature[] value();
}
