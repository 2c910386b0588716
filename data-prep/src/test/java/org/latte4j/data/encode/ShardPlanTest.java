package org.latte4j.data.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.latte4j.data.source.SourceVideo;

class ShardPlanTest {
  private static final List<PlannedVideo> VIDEOS =
      IntStream.of(5, 5, 30, 1, 1, 1, 1)
          .mapToObj(
              bytes ->
                  SourceVideo.unlabelled("v" + bytes, "file:/v", SourceVideo.Form.FILE, bytes, ""))
          .map(PlannedVideo::whole)
          .toList();

  @Test
  void aFileIsFullWithItsBytesOrItsVideos() {
    ShardPlan plan = ShardPlan.of(VIDEOS, 0, 20, 3);
    assertThat(plan.shards()).extracting(shard -> shard.videos().size()).containsExactly(3, 3, 1);
    assertThat(ShardPlan.of(VIDEOS, 0, 10, 3).shards())
        .extracting(shard -> shard.videos().size())
        .containsExactly(2, 1, 3, 1);
  }

  @Test
  void filesAreNamedByTheirPlaceAndNumber() {
    assertThat(ShardPlan.of(VIDEOS, 0, 20, 3).shards())
        .extracting(ShardPlan.PlannedShard::name)
        .startsWith("part-00000-of-00003.parquet")
        .endsWith("part-00002-of-00003.parquet");
  }

  @Test
  void everyVideoIsInOneFileInItsOrder() {
    assertThat(ShardPlan.of(VIDEOS, 0, 10, 3).shards())
        .flatExtracting(ShardPlan.PlannedShard::videos)
        .containsExactlyElementsOf(VIDEOS);
  }

  @Test
  void theLargestFileIsMadeFirst() {
    assertThat(
            ShardPlan.of(VIDEOS, 0, 10, 3).mostWorkFirst().get(0).videos().get(0).video().bytes())
        .isEqualTo(30);
  }

  @Test
  void plansSurviveJson() {
    ShardPlan.PlannedShard shard = ShardPlan.of(VIDEOS, 0, 20, 3).shards().get(1);
    assertThat(EncodeJson.read(EncodeJson.write(shard), ShardPlan.PlannedShard.class))
        .isEqualTo(shard);
  }
}
