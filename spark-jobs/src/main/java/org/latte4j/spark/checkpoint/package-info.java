/**
 * Checkpoints of training on any Hadoop file system.
 *
 * <pre>
 * RUN/checkpoint-400/
 *   model-00001-of-00004.safetensors ...      parameters, named as the reference names them
 *   model.safetensors.index.json              Hugging Face's index of the files above
 *   ema-*.safetensors, ema.safetensors.index.json
 *   optimizer-*.safetensors, optimizer.safetensors.index.json    exp_avg.NAME, exp_avg_sq.NAME
 *   optimizer-worker-00000-*.safetensors, ...  instead, if every worker keeps its own moments
 *   state.json                                round, step, seed, configuration, versions, losses
 *   _SUCCESS                                  written last: every file with its size and checksum
 * </pre>
 *
 * <p>Each safetensors file is one slice of the state, written by the task that owns the slice,
 * under a temporary name, and renamed. A folder without {@code _SUCCESS} is unfinished and never
 * read.
 */
package org.latte4j.spark.checkpoint;
