package org.latte4j.data.shard;

import java.io.Serializable;

/**
 * An input that was left out.
 *
 * @param source path below the encoded folder
 * @param bytes its length
 * @param identity what tells later whether it has changed, as for {@link EncodedVideo}
 * @param reason why, in words for the user
 */
public record RejectedVideo(String source, long bytes, String identity, String reason)
    implements Serializable {}
