package org.latte4j.model.kernels;

/** Which way a rotary position embedding turns. */
public enum Rotation {
  /** By the angles given. */
  FORWARD,
  /** Back, by the negative angles: what turns gradients, since a rotation's transpose undoes it. */
  BACKWARD
}
