/**
 * Weight files: safetensors, sharded sets of them, and torch checkpoints, read and written. Arrays
 * keep the reference's names, so that weights go both ways.
 */
package org.latte4j.model.weights;
