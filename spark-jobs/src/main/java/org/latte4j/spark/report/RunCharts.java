package org.latte4j.spark.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.latte4j.spark.averaging.Phase;
import org.latte4j.spark.history.HistoryEntry.Round;
import org.latte4j.spark.history.HistoryEntry.Validation;
import org.latte4j.spark.history.RunHistory;
import org.latte4j.spark.report.Series.Point;
import org.latte4j.spark.report.Series.Scale;

/** The curves of a run's report. */
final class RunCharts {
  private static final int COLOURS = 6;

  private final List<Round> rounds;
  private final List<Validation> validations;

  RunCharts(RunHistory history) {
    this.rounds = history.all(Round.class);
    this.validations = history.all(Validation.class);
  }

  /** All charts that there are numbers for. */
  String html() {
    if (rounds.isEmpty()) {
      return "<p>No round was finished.</p>\n";
    }
    StringBuilder html = new StringBuilder("<h2>Training</h2>\n<div class=\"charts\">\n");
    html.append(withMean("Training loss", "loss", Round::loss));
    for (String term : rounds.get(rounds.size() - 1).terms().keySet()) {
      html.append(withMean("Loss: " + term, term, round -> round.terms().getOrDefault(term, 0.0)));
    }
    html.append(withMean("Gradient norm before clipping", "L2 norm", Round::gradientNorm));
    html.append(
        SvgChart.lines(
            "Learning rate",
            "learning rate",
            Scale.LINEAR,
            List.of(series("learning rate", "s1", Round::learningRate))));
    html.append("</div>\n");
    if (!validations.isEmpty()) {
      html.append("<h2>Validation on held-out videos</h2>\n<div class=\"charts\">\n");
      validations.stream()
          .collect(Collectors.groupingBy(Validation::weights))
          .forEach((weights, entries) -> html.append(validation(weights, entries)));
      html.append("</div>\n");
    }
    html.append("<h2>Time</h2>\n<div class=\"charts\">\n");
    html.append(SvgChart.stacked("Where a round's time goes", "seconds a round", phases()));
    html.append(
        SvgChart.lines(
            "Samples a second, all workers",
            "samples/s",
            Scale.LINEAR,
            List.of(series("samples/s", "s1", Round::samplesPerSecond))));
    html.append(
        SvgChart.lines(
            "Model averaged",
            "MB/s",
            Scale.LINEAR,
            List.of(series("MB/s", "s1", Round::averagedMegabytesPerSecond))));
    return html.append("</div>\n").toString();
  }

  private String withMean(String title, String unit, ToDoubleFunction<Round> value) {
    Series raw = series("each round", "raw", value).shown(Scale.LOGARITHMIC);
    List<Double> means = RunningMean.of(raw.points().stream().map(Point::y).toList());
    List<Point> mean =
        IntStream.range(0, means.size())
            .mapToObj(i -> new Point(raw.points().get(i).x(), means.get(i)))
            .toList();
    String name =
        means.isEmpty()
            ? "running mean"
            : String.format(
                Locale.ROOT, "running mean, at the end %.4g", means.get(means.size() - 1));
    return SvgChart.lines(
        title, unit, Scale.LOGARITHMIC, List.of(raw, new Series(name, "s1", mean)));
  }

  private Series series(String name, String style, ToDoubleFunction<Round> value) {
    return new Series(
        name,
        style,
        rounds.stream().map(round -> new Point(round.step(), value.applyAsDouble(round))).toList());
  }

  private static String validation(String weights, List<Validation> entries) {
    List<Series> series = new ArrayList<>();
    Validation last = entries.get(entries.size() - 1);
    // A run that went on with other bands: only those of the end can be compared.
    List<Validation> alike =
        entries.stream().filter(entry -> entry.bands().size() == last.bands().size()).toList();
    for (int band = 0; band < last.bands().size(); band++) {
      int index = band;
      series.add(
          new Series(
              String.format(
                  Locale.ROOT,
                  "%s, at the end %.4g",
                  last.bands().get(band).name(),
                  last.bands().get(band).loss()),
              "s" + (1 + band % COLOURS),
              alike.stream()
                  .map(entry -> new Point(entry.step(), entry.bands().get(index).loss()))
                  .toList()));
    }
    series.add(
        new Series(
            String.format(Locale.ROOT, "mean, at the end %.4g", last.loss()),
            "mean",
            alike.stream().map(entry -> new Point(entry.step(), entry.loss())).toList()));
    String what = weights.equals("ema") ? "moving average of the weights" : "weights themselves";
    return SvgChart.lines("Loss of the " + what, "loss", Scale.LOGARITHMIC, series);
  }

  private List<Series> phases() {
    List<Series> layers = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      Map<String, Double> last = rounds.get(rounds.size() - 1).phases();
      layers.add(
          series(
              String.format(
                  Locale.ROOT,
                  "%s, at the end %.3g s",
                  phase.key(),
                  last.getOrDefault(phase.key(), 0.0)),
              "s" + (1 + phase.ordinal() % COLOURS),
              round -> round.phases().getOrDefault(phase.key(), 0.0)));
    }
    return layers;
  }
}
