package org.latte4j.spark.report;

import java.util.List;
import java.util.Map;

/** Pieces of a page; every text that goes in is escaped. */
final class Html {
  private Html() {}

  /** A text as it may stand in content and in quoted attributes. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /** Two columns. */
  static String pairs(Map<String, String> rows) {
    StringBuilder table = new StringBuilder("<table class=\"pairs\">\n");
    rows.forEach(
        (name, value) ->
            table
                .append("<tr><th>")
                .append(escape(name))
                .append("</th><td>")
                .append(escape(value))
                .append("</td></tr>\n"));
    return table.append("</table>\n").toString();
  }

  /** A table with a head. */
  static String table(List<String> head, List<List<String>> rows) {
    StringBuilder table = new StringBuilder("<div class=\"wide\"><table>\n<tr>");
    head.forEach(cell -> table.append("<th>").append(escape(cell)).append("</th>"));
    table.append("</tr>\n");
    for (List<String> row : rows) {
      table.append("<tr>");
      row.forEach(cell -> table.append("<td>").append(escape(cell)).append("</td>"));
      table.append("</tr>\n");
    }
    return table.append("</table></div>\n").toString();
  }

  /** A list. */
  static String list(List<String> items) {
    StringBuilder list = new StringBuilder("<ul>\n");
    items.forEach(item -> list.append("<li>").append(escape(item)).append("</li>\n"));
    return list.append("</ul>\n").toString();
  }
}
