/** Files on any Hadoop file system, object stores included. */
package org.latte4j.data.storage;
