/** Typed, checked configuration: defaults, files and single overrides. */
package org.latte4j.model.settings;
