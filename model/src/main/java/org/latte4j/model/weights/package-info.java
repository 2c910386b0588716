/**
 * Weight files: safetensors read and written, sharded sets of them, and torch checkpoints read.
 * Arrays keep the reference's names, so that weights go both ways.
 */
package org.latte4j.model.weights;
