/**
 * Latent shards: encoded videos as Parquet files under a JSON manifest.
 *
 * <p>A folder of shards holds {@code part-00000-of-00004.parquet}, ... and {@code _manifest.json},
 * written last. Without its manifest a folder is unfinished, whatever else lies in it. Parquet rows
 * are {@link org.latte4j.data.shard.LatentSegment}s; {@link org.latte4j.data.shard.SegmentSchema}
 * is the contract of their columns.
 */
package org.latte4j.data.shard;
