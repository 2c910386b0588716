/** Pictures for people to look at: contact sheets and what plots are drawn with. */
package org.latte4j.data.media;
