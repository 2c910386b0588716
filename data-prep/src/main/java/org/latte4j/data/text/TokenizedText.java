package org.latte4j.data.text;

/**
 * A text as its encoder takes it.
 *
 * @param ids of its tokens, then of what fills the positions behind them
 * @param tokens how many are the text's own
 * @param cut whether more were left out
 */
record TokenizedText(long[] ids, int tokens, boolean cut) {}
