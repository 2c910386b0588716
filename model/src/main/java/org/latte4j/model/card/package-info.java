/**
 * What a trained model is, beside its weights: sizes, classes and the latents it was trained on.
 */
package org.latte4j.model.card;
