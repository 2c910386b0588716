/**
 * Training an autoencoder: frames are decoded once into a folder of pictures, then the rounds of
 * parameter averaging run on them, and the result is written as diffusers' folder.
 */
package org.latte4j.spark.autoencoder;
