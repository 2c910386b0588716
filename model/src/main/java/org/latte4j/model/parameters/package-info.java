/** The trainable parameters of a network in one flat vector, and what they begin as. */
package org.latte4j.model.parameters;
