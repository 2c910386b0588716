/**
 * Frames of videos as pictures on disk: decoded and transformed once, read in any order. What
 * autoencoders are trained on.
 */
package org.latte4j.data.frames;
