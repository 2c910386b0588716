/**
 * Gaussian diffusion with a learned variance: the noise schedule, the training objective, and the
 * samplers. Works on host arrays and knows the network only as a {@link
 * org.latte4j.model.diffusion.Denoiser}.
 */
package org.latte4j.model.diffusion;
