package org.latte4j.data.shard;

import java.io.Serializable;

/**
 * What the latents of a data set are.
 *
 * @param autoencoder fingerprint of the autoencoder that made them
 * @param transform what was done to the frames before, in words
 * @param channels C
 * @param height h of a latent
 * @param width w of a latent
 * @param scale what latents are multiplied by before diffusion
 */
public record LatentEncoding(
    String autoencoder, String transform, int channels, int height, int width, double scale)
    implements Serializable {}
