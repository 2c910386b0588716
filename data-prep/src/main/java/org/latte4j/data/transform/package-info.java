/** Brings decoded frames to the square that the autoencoder encodes. */
package org.latte4j.data.transform;
