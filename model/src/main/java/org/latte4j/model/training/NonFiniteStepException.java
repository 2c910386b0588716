package org.latte4j.model.training;

/**
 * The loss or the gradient of a step is not a finite number. Thrown before the updater runs, so
 * that parameters and moments are as they were.
 */
public final class NonFiniteStepException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  NonFiniteStepException(StepResult result) {
    super(
        "the loss is %s and the gradient's norm %s"
            .formatted(result.loss(), result.gradientNorm()));
  }
}
