/**
 * Decoding in a process of its own. FFmpeg is native code that reads strangers' files: what makes
 * it crash, hang or ask for all memory ends {@link org.latte4j.data.decoder.DecoderProcess}, and
 * not the executor.
 *
 * <p>The process opens no files and no connections; it asks for the bytes that it wants over its
 * standard output, and gets them over its standard input. It needs neither Hadoop nor credentials.
 */
package org.latte4j.data.decoder;
