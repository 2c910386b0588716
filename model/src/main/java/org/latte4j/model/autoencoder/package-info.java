/**
 * The first stage of latent diffusion: images to latents and back. {@link
 * org.latte4j.model.autoencoder.Autoencoders} opens one by name.
 *
 * <p>{@link org.latte4j.model.autoencoder.AutoencoderKl} is a network of {@code Layer}s, put
 * together by {@code Encoder} and {@code Decoder}; their parameters come from diffusers' files by
 * name ({@code DiffusersVaeLayout}), their memory from {@code Activations}.
 */
package org.latte4j.model.autoencoder;
