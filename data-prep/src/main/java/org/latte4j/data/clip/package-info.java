/**
 * Training clips: which video a worker sees at which step, and the clip that is drawn from it. Both
 * are pure functions of the seed and the data set, never of machines, threads or time.
 */
package org.latte4j.data.clip;
