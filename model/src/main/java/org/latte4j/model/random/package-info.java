/**
 * Counter-based randomness: every random number of the project is a pure function of a seed, a
 * purpose and coordinates, so that no result depends on threads, machines, retries or the order of
 * work.
 */
package org.latte4j.model.random;
