//! The scores of some queries, and the means that they weigh.

use std::ops::Range;

use crate::net::kernels::{self, Number, Rows, TILE};

/// Tokens that lie together in memory, and the queries that ask them.
pub(super) struct Piece<'a, T> {
    /// Whole tiles.
    pub(super) keys: &'a [T],
    /// As many as there are tokens, [`TILE`] numbers each.
    pub(super) values: &'a [T],
    pub(super) queries: Range<usize>,
    /// Tokens that these queries ask before those of this piece.
    pub(super) before: usize,
}

/// For each query, `[count][64]`, the mean of the values of the tokens that it may hear: the first `heard` of all its
/// pieces, which are given in the order of their tokens.
pub(super) fn means<T: Number>(queries: &[f32], heard: &[usize], pieces: &[Piece<'_, T>]) -> Vec<f32> {
    let width = pieces.iter().map(|piece| piece.before + piece.keys.len() / TILE).max().unwrap_or(0);
    let mut scores = vec![0.0; heard.len() * width];
    pieces.iter().for_each(|piece| piece.score(queries, &mut scores, width));
    let totals: Vec<f32> =
        scores.chunks_exact_mut(width).zip(heard).map(|(row, heard)| weigh(row, *heard)).collect();
    let mut means = vec![0.0; queries.len()];
    pieces.iter().for_each(|piece| piece.mix(&scores, width, &mut means));
    for (mean, total) in means.chunks_exact_mut(TILE).zip(totals) {
        mean.iter_mut().for_each(|number| *number /= total);
    }
    means
}

/// Turns the first scores of a row into weights and the others into none, and returns the sum.
fn weigh(scores: &mut [f32], heard: usize) -> f32 {
    scores[heard..].fill(f32::NEG_INFINITY);
    kernels::softmax(scores)
}

impl<T: Number> Piece<'_, T> {
    /// Writes how each query likes each key, to rows of `width` scores.
    fn score(&self, queries: &[f32], scores: &mut [f32], width: usize) {
        let Piece { keys, queries: Range { start, end }, before, .. } = *self;
        let rows = Rows { numbers: &queries[start * TILE..], stride: TILE, depth: TILE, count: end - start };
        let scores = &mut scores[start * width..end * width];
        // The last tile of the piece before may have reached into this one.
        scores.chunks_exact_mut(width).for_each(|row| row[before..].fill(0.0));
        kernels::multiply(keys, None, rows, &mut scores[before..], width);
    }

    /// Adds the values, weighed.
    fn mix(&self, weights: &[f32], width: usize, means: &mut [f32]) {
        let Piece { values, queries: Range { start, end }, before, .. } = *self;
        let numbers = &weights[start * width + before..];
        let rows = Rows { numbers, stride: width, depth: values.len() / TILE, count: end - start };
        kernels::multiply(values, None, rows, &mut means[start * TILE..], TILE);
    }
}
