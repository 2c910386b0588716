package org.latte4j.model.training;

import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.latte4j.model.diffusion.LatentShape;
import org.latte4j.model.latte.Architecture;
import org.latte4j.model.latte.Conditioning;
import org.latte4j.model.latte.LatteConfiguration;
import org.latte4j.model.latte.PositionGrid;
import org.latte4j.model.latte.TemporalPosition;
import org.latte4j.model.latte.TextConditioning;
import org.latte4j.model.latte.Variant;

/**
 * The part of {@link LatteLayerConfiguration} that says how large the network is and what it is
 * made of: a {@link LatteConfiguration} as plain fields with getters and setters, so that
 * Deeplearning4j's JSON carries it.
 */
abstract class LatteSizes extends BaseLayer {
  private static final long serialVersionUID = 1L;

  private int depth;
  private int hiddenSize;
  private int heads;
  private int patchSize;
  private int frames;
  private int channels;
  private int height;
  private int width;
  private int classes;
  private Variant variant = Architecture.REFERENCE.variant();
  private int temporalStride = Architecture.REFERENCE.temporalStride();
  private Conditioning conditioning = Architecture.REFERENCE.conditioning();
  private TemporalPosition temporalPosition = Architecture.REFERENCE.temporalPosition();
  private TextConditioning text = Architecture.REFERENCE.text();
  private int positionFrames;
  private int positionRows;
  private int positionColumns;

  /** For Deeplearning4j's JSON. */
  LatteSizes() {}

  /** Of a network. */
  LatteSizes(LatteConfiguration sizes) {
    this.depth = sizes.depth();
    this.hiddenSize = sizes.hiddenSize();
    this.heads = sizes.heads();
    this.patchSize = sizes.patchSize();
    this.frames = sizes.latent().frames();
    this.channels = sizes.latent().channels();
    this.height = sizes.latent().height();
    this.width = sizes.latent().width();
    this.classes = sizes.classes();
    this.variant = sizes.architecture().variant();
    this.temporalStride = sizes.architecture().temporalStride();
    this.conditioning = sizes.architecture().conditioning();
    this.temporalPosition = sizes.architecture().temporalPosition();
    this.text = sizes.architecture().text();
    this.positionFrames = sizes.positions().frames();
    this.positionRows = sizes.positions().rows();
    this.positionColumns = sizes.positions().columns();
  }

  /** The network's sizes. */
  public LatteConfiguration sizes() {
    LatteConfiguration sizes =
        new LatteConfiguration(
            depth,
            hiddenSize,
            heads,
            patchSize,
            new LatentShape(frames, channels, height, width),
            classes,
            new Architecture(variant, temporalStride, conditioning, temporalPosition, text));
    // Zero in JSON from before there was the entry: the network's own grid.
    return positionFrames == 0
        ? sizes
        : sizes.with(new PositionGrid(positionFrames, positionRows, positionColumns));
  }

  /** Number of blocks. */
  public int getDepth() {
    return depth;
  }

  /** Sets the number of blocks. */
  public void setDepth(int depth) {
    this.depth = depth;
  }

  /** D. */
  public int getHiddenSize() {
    return hiddenSize;
  }

  /** Sets D. */
  public void setHiddenSize(int hiddenSize) {
    this.hiddenSize = hiddenSize;
  }

  /** Attention heads. */
  public int getHeads() {
    return heads;
  }

  /** Sets the attention heads. */
  public void setHeads(int heads) {
    this.heads = heads;
  }

  /** p. */
  public int getPatchSize() {
    return patchSize;
  }

  /** Sets p. */
  public void setPatchSize(int patchSize) {
    this.patchSize = patchSize;
  }

  /** F. */
  public int getFrames() {
    return frames;
  }

  /** Sets F. */
  public void setFrames(int frames) {
    this.frames = frames;
  }

  /** C. */
  public int getChannels() {
    return channels;
  }

  /** Sets C. */
  public void setChannels(int channels) {
    this.channels = channels;
  }

  /** H. */
  public int getHeight() {
    return height;
  }

  /** Sets H. */
  public void setHeight(int height) {
    this.height = height;
  }

  /** W. */
  public int getWidth() {
    return width;
  }

  /** Sets W. */
  public void setWidth(int width) {
    this.width = width;
  }

  /** K. */
  public int getClasses() {
    return classes;
  }

  /** Sets K. */
  public void setClasses(int classes) {
    this.classes = classes;
  }

  /** How blocks look at space and time. */
  public Variant getVariant() {
    return variant;
  }

  /** Sets the variant. */
  public void setVariant(Variant variant) {
    this.variant = variant;
  }

  /** s: frames of a token. */
  public int getTemporalStride() {
    return temporalStride;
  }

  /** Sets s. */
  public void setTemporalStride(int temporalStride) {
    this.temporalStride = temporalStride;
  }

  /** How timestep and class reach the blocks. */
  public Conditioning getConditioning() {
    return conditioning;
  }

  /** Sets the conditioning. */
  public void setConditioning(Conditioning conditioning) {
    this.conditioning = conditioning;
  }

  /** How tokens know their place in time. */
  public TemporalPosition getTemporalPosition() {
    return temporalPosition;
  }

  /** Sets the temporal positions. */
  public void setTemporalPosition(TemporalPosition temporalPosition) {
    this.temporalPosition = temporalPosition;
  }

  /** Whether a text tells what to draw. */
  public TextConditioning getText() {
    return text;
  }

  /** Sets whether a text tells what to draw. */
  public void setText(TextConditioning text) {
    this.text = text;
  }

  /** Frames of the grid that position embeddings are laid over. */
  public int getPositionFrames() {
    return positionFrames;
  }

  /** Sets the frames of the positions' grid. */
  public void setPositionFrames(int positionFrames) {
    this.positionFrames = positionFrames;
  }

  /** Rows of the grid that position embeddings are laid over. */
  public int getPositionRows() {
    return positionRows;
  }

  /** Sets the rows of the positions' grid. */
  public void setPositionRows(int positionRows) {
    this.positionRows = positionRows;
  }

  /** Columns of the grid that position embeddings are laid over. */
  public int getPositionColumns() {
    return positionColumns;
  }

  /** Sets the columns of the positions' grid. */
  public void setPositionColumns(int positionColumns) {
    this.positionColumns = positionColumns;
  }
}
