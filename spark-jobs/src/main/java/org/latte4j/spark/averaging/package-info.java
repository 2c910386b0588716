/**
 * Data-parallel training by parameter averaging, as a sequence of rounds over Spark's lineage.
 *
 * <p>A round is a pure function (averaged state, round number) -&gt; new state. The state - the
 * network's flat parameter vector, the updater's two moments and the exponential moving average -
 * is cut into slices of whole tensors, one slice a partition of persisted RDDs; the driver never
 * holds it. Each of N logical workers gathers all slices into its replica of the network ({@link
 * org.latte4j.spark.averaging.AllGatherRdd}), takes k local steps on its own data ({@link
 * org.latte4j.spark.averaging.LocalSteps}) and emits its slices; a shuffle brings the slices of all
 * workers together, where they are averaged in worker order. So the bits of the result follow from
 * the initial state, N and the local steps alone: not from the number of executors, from placement,
 * retries, speculation or lost machines.
 *
 * <p>Vectors may also stay with their worker and not be averaged, as Adam's moments do if one wants
 * so: they go through the same shuffle to one partition a worker ({@link
 * org.latte4j.spark.averaging.OwnStateRdd}), and are as safe as the rest.
 */
package org.latte4j.spark.averaging;
