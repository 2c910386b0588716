package org.latte4j.spark.validation;

import java.io.Serializable;
import java.util.List;

/**
 * Losses of one clip.
 *
 * @param clip number in the plan
 * @param mse mean squared error of the predicted noise in each band
 * @param bound variational bound in each band, in bits a value
 */
record ClipLosses(int clip, List<Double> mse, List<Double> bound) implements Serializable {}
