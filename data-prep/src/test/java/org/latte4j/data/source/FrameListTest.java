package org.latte4j.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameListTest {
  @TempDir Path folder;

  @Test
  void framesAreFoundByTheVideoWithOrWithoutClassAndEnding() throws IOException {
    FrameList list =
        read("v_Archery_g01_c01/10.jpg\nv_Archery_g01_c01/9.jpg\n\nsky/a_1/a_1_3.jpg\n");

    assertThat(list.videos()).containsExactlyInAnyOrder("v_Archery_g01_c01", "sky/a_1");
    assertThat(list.frames("Archery/v_Archery_g01_c01.avi")).containsExactly(9, 10);
    assertThat(list.frames("sky/a_1")).containsExactly(3);
    assertThat(list.frames("Archery/v_Archery_g02_c01.avi")).isEmpty();
  }

  @Test
  void lineWithoutAFrameNumberIsNamed() {
    assertThatThrownBy(() -> read("v_Archery_g01_c01/1.jpg\nv_Archery_g01_c01/cover.jpg\n"))
        .isInstanceOf(InvalidSourceException.class)
        .hasMessageContainingAll("list.txt:2", "video/frame.jpg");
  }

  private FrameList read(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("list.txt"), text);
    return FrameList.read(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration());
  }
}
