package org.latte4j.model.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.properties.hadoop.fs.s3a.access.key",
        "spark.properties.hadoop.fs.s3a.secret.key",
        "spark.properties.hadoop.fs.s3a.session.token",
        "spark.properties.hadoop.fs.s3a.bucket.clips.access.key",
        "spark.properties.hadoop.fs.s3a.server-side-encryption.key",
        "spark.properties.hadoop.fs.azure.account.key.store.blob.core.windows.net",
        "spark.properties.hadoop.fs.azure.sas.container.store.blob.core.windows.net",
        "spark.properties.hadoop.fs.gs.auth.service.account.private.key",
        "spark.properties.executorEnv.AWS_ACCESS_KEY_ID",
        "spark.properties.executorEnv.AWS_SECRET_ACCESS_KEY",
        "spark.properties.executorEnv.AWS_SESSION_TOKEN",
        "spark.properties.ssl.keyPassword",
        "spark.properties.authenticate.secret",
        "spark.properties.kubernetes.authenticate.submission.oauthToken",
      })
  void keysOfStoresPasswordsAndTokensAreSecret(String key) {
    assertThat(Secrets.isSecret(key)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.hidden-size",
        "model.text-tokens",
        "train.checkpoint.every-rounds",
        "spark.properties.hadoop.fs.s3a.endpoint",
        "spark.properties.hadoop.fs.s3a.aws.credentials.provider",
        "spark.properties.executor.memory",
      })
  void otherKeysAreNot(String key) {
    assertThat(Secrets.isSecret(key)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "-Da.password=x -Db=y|-Da.password=****** -Db=y",
        "fs.s3a.secret.key = \"a b\", more|fs.s3a.secret.key = ******, more",
        "{\"token\": \"abc\", \"b\": 1}|{\"token\": ******, \"b\": 1}",
        "hdfs://name:word@host/path|hdfs://******@host/path",
        "no password: set one|no password: set one",
        "spark://host:7077 and t@x|spark://host:7077 and t@x",
      })
  void textsLoseWhatTheyAssignToSecretKeys(String text, String masked) {
    assertThat(Secrets.mask(text)).isEqualTo(masked);
  }

  @Test
  void knownValuesAreMaskedWhereverTheyStand() {
    assertThat(Secrets.mask("it was /a+b$1\\/ there", List.of("/a+b$1\\/", "it")))
        .isEqualTo("it was ****** there");
  }
}
