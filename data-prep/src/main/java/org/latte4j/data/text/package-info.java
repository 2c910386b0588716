/**
 * Captions into text embeddings: a tokenizer of Hugging Face's format and a text encoder in ONNX,
 * from files that the user names.
 *
 * <p>Their two libraries (ONNX Runtime, DJL's tokenizers) are optional dependencies: what does not
 * use this package does without.
 */
package org.latte4j.data.text;
