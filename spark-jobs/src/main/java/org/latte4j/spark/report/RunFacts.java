package org.latte4j.spark.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.latte4j.spark.history.HistoryEntry;
import org.latte4j.spark.history.HistoryEntry.CheckpointWritten;
import org.latte4j.spark.history.HistoryEntry.Concluded;
import org.latte4j.spark.history.HistoryEntry.Round;
import org.latte4j.spark.history.HistoryEntry.SessionBegan;
import org.latte4j.spark.history.HistoryEntry.SessionEnded;
import org.latte4j.spark.history.HistoryEntry.Warning;
import org.latte4j.spark.history.RunHistory;

/** The numbers of a run's report, and where they come from. */
final class RunFacts {
  private static final int MOST_LISTED = 20;

  private final RunHistory history;
  private final List<Round> rounds;
  private final List<SessionBegan> sessions;

  RunFacts(RunHistory history) {
    this.history = history;
    this.rounds = history.all(Round.class);
    this.sessions = history.all(SessionBegan.class);
  }

  /** How the run stands. */
  String summary(Path run) {
    StringBuilder html = new StringBuilder();
    html.append("<h1>Training run %s</h1>\n".formatted(Html.escape(run.getName())));
    html.append(
        "<p class=\"outcome\">%s<br>%s</p>\n"
            .formatted(Html.escape(outcome()), Html.escape(run.toString())));
    html.append("<div class=\"numbers\">\n");
    numbers()
        .forEach(
            (name, value) ->
                html.append(
                    "<div><b>%s</b><span>%s</span></div>\n"
                        .formatted(Html.escape(value), Html.escape(name))));
    html.append("</div>\n");
    history
        .last(Concluded.class)
        .filter(last -> rounds.isEmpty() || last.finishedRounds() == last(rounds).finishedRounds())
        .ifPresent(last -> html.append(Html.list(last.lines())));
    return html.toString();
  }

  private String outcome() {
    List<SessionEnded> ends = history.all(SessionEnded.class);
    int lastBegin = sessions.isEmpty() ? -1 : history.entries().lastIndexOf(last(sessions));
    if (ends.isEmpty() || history.entries().lastIndexOf(last(ends)) < lastBegin) {
      return "going on, or killed: the last session has noted no end";
    }
    return last(ends).outcome() + ", " + time(last(ends).atMillis());
  }

  private static <E> E last(List<E> list) {
    return list.get(list.size() - 1);
  }

  private Map<String, String> numbers() {
    Map<String, String> numbers = new LinkedHashMap<>();
    if (!sessions.isEmpty()) {
      SessionBegan session = last(sessions);
      long done = rounds.isEmpty() ? 0 : last(rounds).finishedRounds();
      numbers.put("rounds", "%,d of %,d".formatted(done, session.rounds()));
      numbers.put("parameters", String.format(Locale.ROOT, "%,d", session.parameters()));
      numbers.put("videos trained on", Integer.toString(session.videos()));
      if (session.heldOutVideos() > 0) {
        numbers.put("videos held out", Integer.toString(session.heldOutVideos()));
      }
      numbers.put("samples a round", Long.toString(session.samplesPerRound()));
    }
    if (!rounds.isEmpty()) {
      Round last = last(rounds);
      double seconds = rounds.stream().mapToDouble(Round::seconds).sum();
      long samples = rounds.stream().mapToLong(Round::samples).sum();
      numbers.put("optimiser steps", Long.toString(last.step()));
      numbers.put("epochs", String.format(Locale.ROOT, "%.2f", last.epoch()));
      numbers.put("loss of the last round", String.format(Locale.ROOT, "%.4g", last.loss()));
      numbers.put("time in rounds", readable(seconds));
      numbers.put("samples/s", String.format(Locale.ROOT, "%.3g", samples / seconds));
    }
    return numbers;
  }

  /** Warnings, sessions, checkpoints, settings and command. */
  String provenance() {
    StringBuilder html = new StringBuilder();
    List<Warning> warnings = history.all(Warning.class);
    if (!warnings.isEmpty()) {
      html.append("<h2>Warnings</h2>\n<div class=\"warnings\">");
      html.append(
          Html.list(
              newest(warnings).stream()
                  .map(
                      warning ->
                          "round %d: %s".formatted(warning.finishedRounds(), warning.message()))
                  .toList()));
      html.append("</div>\n");
    }
    if (!sessions.isEmpty() && !last(sessions).origin().isEmpty()) {
      String lines = String.join("\n", last(sessions).origin());
      html.append("<h2>What it began with</h2>\n<pre>%s</pre>\n".formatted(Html.escape(lines)));
    }
    html.append("<h2>Sessions</h2>\n").append(sessionTable());
    List<String> changes = changes();
    if (!changes.isEmpty()) {
      html.append("<h2>Settings that changed on the way</h2>\n").append(Html.list(changes));
    }
    List<CheckpointWritten> checkpoints = history.all(CheckpointWritten.class);
    if (!checkpoints.isEmpty()) {
      html.append(
          "<h2>Checkpoints</h2>\n<p>%d written; the newest first.</p>\n"
              .formatted(checkpoints.size()));
      html.append(
          Html.list(
              newest(checkpoints).stream()
                  .map(c -> "after round %d: %s".formatted(c.finishedRounds(), c.path()))
                  .toList()));
    }
    if (!sessions.isEmpty()) {
      SessionBegan session = last(sessions);
      html.append("<h2>Provenance</h2>\n<pre>%s</pre>\n".formatted(Html.escape(session.command())));
      Map<String, String> facts = new LinkedHashMap<>();
      facts.put("fingerprint of the data", session.manifestFingerprint());
      session.versions().forEach((name, version) -> facts.put("version of " + name, version));
      session.cluster().forEach((name, value) -> facts.put("cluster: " + name, value));
      html.append(Html.pairs(facts));
      html.append(
          "<h2>Configuration</h2>\n<details><summary>%d settings</summary>\n"
              .formatted(session.settings().size()));
      html.append(Html.pairs(session.settings())).append("</details>\n");
    }
    return html.toString();
  }

  private String sessionTable() {
    List<List<String>> rows = new ArrayList<>();
    SessionBegan open = null;
    for (HistoryEntry entry : history.entries()) {
      if (entry instanceof SessionBegan began) {
        if (open != null) {
          rows.add(row(open, "noted no end: killed"));
        }
        open = began;
      } else if (entry instanceof SessionEnded ended && open != null) {
        rows.add(
            row(
                open,
                "%s, after round %d, %s"
                    .formatted(ended.outcome(), ended.finishedRounds(), time(ended.atMillis()))));
        open = null;
      }
    }
    if (open != null) {
      rows.add(row(open, "has noted no end"));
    }
    return Html.table(List.of("began", "after round", "master", "executors", "ended"), rows);
  }

  private static List<String> row(SessionBegan began, String end) {
    return List.of(
        time(began.atMillis()),
        Long.toString(began.finishedRounds()),
        began.cluster().getOrDefault("master", ""),
        began.cluster().getOrDefault("executors", ""),
        end);
  }

  private List<String> changes() {
    List<String> changes = new ArrayList<>();
    for (int i = 1; i < sessions.size(); i++) {
      Map<String, String> before = new TreeMap<>(sessions.get(i - 1).settings());
      Map<String, String> after = sessions.get(i).settings();
      TreeSet<String> keys = new TreeSet<>(before.keySet());
      keys.addAll(after.keySet());
      for (String key : keys) {
        String was = before.getOrDefault(key, "not set");
        String is = after.getOrDefault(key, "not set");
        if (!was.equals(is)) {
          changes.add(
              "since round %d: %s = %s, before %s"
                  .formatted(sessions.get(i).finishedRounds(), key, is, was));
        }
      }
    }
    return changes;
  }

  private static <E> List<E> newest(List<E> all) {
    List<E> newest =
        new ArrayList<>(all.subList(Math.max(0, all.size() - MOST_LISTED), all.size()));
    java.util.Collections.reverse(newest);
    return newest;
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis)
        .truncatedTo(ChronoUnit.SECONDS)
        .toString()
        .replace('T', ' ')
        .replace("Z", " UTC");
  }

  private static String readable(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60
        ? String.format(Locale.ROOT, "%.1f s", seconds)
        : whole < 3600
            ? "%d min %d s".formatted(whole / 60, whole % 60)
            : "%d h %d min".formatted(whole / 3600, whole % 3600 / 60);
  }
}
