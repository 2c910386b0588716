package org.latte4j.model.latte;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.latte4j.model.Golden.CFG2;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.latte4j.model.Golden;

class PositionTablesTest {
  @Test
  void tablesOverTheOwnGridAreTheReferences() throws IOException {
    PositionTables tables = PositionTables.of(CFG2);
    Golden.assertClose(
        "pos_embed", tables.spatial(), Golden.floats("cfg2.model", "pos_embed"), 1e-6);
    Golden.assertClose(
        "temp_embed", tables.temporal(), Golden.floats("cfg2.model", "temp_embed"), 1e-6);
  }

  @Test
  void tokensOfAStretchedGridLieAtTheCentresOfItsShares() {
    assertThat(PositionGrid.position(0, 8, 4)).isEqualTo(-0.25);
    assertThat(PositionGrid.position(1, 8, 4)).isEqualTo(0.25);
    assertThat(PositionGrid.position(7, 8, 4)).isEqualTo(3.25);
    assertThat(PositionGrid.position(1, 2, 6)).isEqualTo(4);
    assertThat(PositionGrid.position(3, 4, 4)).isEqualTo(3);
  }

  @Test
  void stretchedTablesAreTheSinesAndCosinesBetween() {
    int d = CFG2.hiddenSize();
    PositionTables tables = PositionTables.of(CFG2.with(new PositionGrid(2, 4, 8)));
    // Frame 1 of 4 over 2 positions is at 0.25; column 2 of 4 over 8 is at 4.5, row 3 at 3.
    assertThat((double) tables.temporal()[d]).isCloseTo(Math.sin(0.25), within(1e-6));
    assertThat((double) tables.temporal()[d + d / 2]).isCloseTo(Math.cos(0.25), within(1e-6));
    int token = (3 * 4 + 2) * d;
    assertThat((double) tables.spatial()[token]).isCloseTo(Math.sin(4.5), within(1e-6));
    assertThat((double) tables.spatial()[token + d / 2]).isCloseTo(Math.sin(3), within(1e-6));
  }
}
