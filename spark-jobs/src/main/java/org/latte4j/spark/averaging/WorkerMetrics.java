package org.latte4j.spark.averaging;

import java.io.Serializable;

/**
 * One worker's part of a round.
 *
 * @param worker logical worker, from 0
 * @param executor host and id of the executor that the worker ran on
 * @param local losses, norms and samples of its local steps
 * @param gatherSeconds time spent fetching the averaged slices
 * @param loadSeconds time spent copying them into the replica
 * @param stepSeconds time spent in the local steps, waiting for data included
 */
public record WorkerMetrics(
    int worker,
    String executor,
    LocalResult local,
    double gatherSeconds,
    double loadSeconds,
    double stepSeconds)
    implements Serializable {}
