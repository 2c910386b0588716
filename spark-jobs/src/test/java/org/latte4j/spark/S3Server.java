package org.latte4j.spark;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;

/**
 * A server of the S3 protocol in the test's process, which checks signatures. One bucket, empty.
 */
public final class S3Server implements AutoCloseable {
  public static final String ACCESS_KEY = "AKIAUNMISTAKABLE4711";
  public static final String SECRET_KEY = "unmistakable/Secret+0815/unmistakable";

  private final BlobStoreContext store;
  private final S3Proxy server;
  private final String bucket;

  private S3Server(BlobStoreContext store, S3Proxy server, String bucket) {
    this.store = store;
    this.server = server;
    this.bucket = bucket;
  }

  public static S3Server start(String bucket) throws Exception {
    BlobStoreContext store =
        ContextBuilder.newBuilder("transient")
            .credentials("unused", "unused")
            .build(BlobStoreContext.class);
    store.getBlobStore().createContainerInLocation(null, bucket);
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(store.getBlobStore())
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
            .build();
    server.start();
    while (!server.getState().equals("STARTED")) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return new S3Server(store, server, bucket);
  }

  /** A path in the bucket. */
  public String path(String key) {
    return "s3a://" + bucket + "/" + key;
  }

  /** What Hadoop has to know, but for the credentials, without {@code fs.s3a.} in front. */
  public Map<String, String> connection() {
    return Map.of(
        "endpoint", "http://127.0.0.1:" + server.getPort(),
        "path.style.access", "true",
        "connection.ssl.enabled", "false",
        "attempts.maximum", "2",
        "threads.keepalivetime", "1");
  }

  /** A client's configuration, with credentials. */
  public Configuration hadoop() {
    Configuration hadoop = new Configuration();
    connection().forEach((key, value) -> hadoop.set("fs.s3a." + key, value));
    hadoop.set("fs.s3a.access.key", ACCESS_KEY);
    hadoop.set("fs.s3a.secret.key", SECRET_KEY);
    return hadoop;
  }

  @Override
  public void close() throws Exception {
    server.stop();
    store.close();
  }
}
