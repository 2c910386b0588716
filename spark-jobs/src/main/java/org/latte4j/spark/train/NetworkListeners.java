package org.latte4j.spark.train;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.latte4j.model.settings.Settings;

/** The Deeplearning4j listeners that a user names in {@code train.listeners}. */
final class NetworkListeners {
  private NetworkListeners() {}

  /**
   * The names, each that of a class that can be made here; executors have the same class path.
   *
   * @throws org.latte4j.model.settings.SettingsException naming the class that cannot
   */
  static List<String> checked(Settings settings) {
    List<String> names = settings.list("train.listeners");
    for (String name : names) {
      try {
        listener(name);
      } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
        throw settings.invalid(
            "train.listeners",
            "names of classes on the class path that implement %s and have a public constructor without parameters; %s: %s"
                .formatted(TrainingListener.class.getName(), name, e));
      }
    }
    return names;
  }

  /** One new listener of each class. */
  static List<TrainingListener> of(List<String> names) {
    List<TrainingListener> listeners = new ArrayList<>();
    for (String name : names) {
      try {
        listeners.add(listener(name));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "the listener %s of train.listeners cannot be made on this executor; is it on the class path here as well?"
                .formatted(name),
            e);
      }
    }
    return listeners;
  }

  private static TrainingListener listener(String name) throws ReflectiveOperationException {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return Class.forName(name, true, loader)
        .asSubclass(TrainingListener.class)
        .getConstructor()
        .newInstance();
  }
}
