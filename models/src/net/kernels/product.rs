//! Rows times a matrix in tiles.

use super::{Loop, Number, Processor, TILE, run};

/// Rows of numbers, `stride` apart.
#[derive(Clone, Copy)]
pub(in crate::net) struct Rows<'a> {
    pub(in crate::net) numbers: &'a [f32],
    pub(in crate::net) stride: usize,
    /// Numbers of a row that count.
    pub(in crate::net) depth: usize,
    pub(in crate::net) count: usize,
}

/// Adds the product of `rows` and a packed matrix to the rows of `out`, which are `stride` apart.
///
/// `tiles` holds `[outputs / 64][depth][64]` numbers. `factors`, if there are any, are one for each output.
///
/// # Panics
/// If a slice is too short for it.
pub(in crate::net) fn multiply<T: Number>(
    tiles: &[T],
    factors: Option<&[f32]>,
    rows: Rows<'_>,
    out: &mut [f32],
    stride: usize,
) {
    run(Multiply { tiles, factors, rows, out, stride });
}

pub(super) struct Multiply<'a, T> {
    pub(super) tiles: &'a [T],
    pub(super) factors: Option<&'a [f32]>,
    pub(super) rows: Rows<'a>,
    pub(super) out: &'a mut [f32],
    pub(super) stride: usize,
}

impl<T: Number> Loop for Multiply<'_, T> {
    #[inline(always)]
    fn run<P: Processor>(mut self) {
        let tiles = self.tiles;
        for (place, tile) in tiles.chunks_exact(TILE * self.rows.depth).enumerate() {
            let mut row = 0;
            while row < self.rows.count {
                row += match self.rows.count - row {
                    1 => self.block::<P, 1, TILE>(tile, place, row),
                    2 | 3 if P::WIDE => self.block::<P, 2, TILE>(tile, place, row),
                    4 | 5 if P::WIDE => self.block::<P, 4, TILE>(tile, place, row),
                    _ if P::WIDE => self.block::<P, 6, TILE>(tile, place, row),
                    2 | 3 => self.block::<P, 2, 32>(tile, place, row),
                    4 | 5 => self.block::<P, 4, 16>(tile, place, row),
                    _ => self.block::<P, 6, 16>(tile, place, row),
                }
            }
        }
    }
}

impl<T: Number> Multiply<'_, T> {
    /// `R` rows from `first` with one tile, `W` of its outputs at a time, as many as fit into registers. Returns `R`.
    #[inline(always)]
    fn block<P: Processor, const R: usize, const W: usize>(
        &mut self,
        tile: &[T],
        place: usize,
        first: usize,
    ) -> usize {
        let Rows { numbers, stride, depth, .. } = self.rows;
        let rows: [&[f32]; R] = std::array::from_fn(|r| &numbers[(first + r) * stride..][..depth]);
        for from in (0..TILE).step_by(W) {
            let output = place * TILE + from;
            let mut before = [[0.0; W]; R];
            for (r, before) in before.iter_mut().enumerate() {
                before.copy_from_slice(&self.out[(first + r) * self.stride + output..][..W]);
            }
            let sums = match self.factors {
                None => sums::<T, P, R, W>(before, tile, from, &rows),
                Some(factors) => {
                    let sums = sums::<T, P, R, W>([[0.0; W]; R], tile, from, &rows);
                    add_scaled::<P, R, W>(before, &sums, &factors[output..][..W])
                }
            };
            for (r, sums) in sums.iter().enumerate() {
                self.out[(first + r) * self.stride + output..][..W].copy_from_slice(sums);
            }
        }
        R
    }
}

/// The sums with a part of a tile's outputs added to them, one input after the other.
#[inline(always)]
fn sums<T: Number, P: Processor, const R: usize, const W: usize>(
    mut sums: [[f32; W]; R],
    tile: &[T],
    from: usize,
    rows: &[&[f32]; R],
) -> [[f32; W]; R] {
    for (k, column) in tile.chunks_exact(TILE).enumerate() {
        let mut weights = [0.0; W];
        weights.iter_mut().zip(&column[from..from + W]).for_each(|(wide, weight)| *wide = weight.widen());
        for (sums, row) in sums.iter_mut().zip(rows) {
            let x = row[k];
            sums.iter_mut().zip(&weights).for_each(|(sum, weight)| *sum = P::mul_add(*weight, x, *sum));
        }
    }
    sums
}

#[inline(always)]
fn add_scaled<P: Processor, const R: usize, const W: usize>(
    mut before: [[f32; W]; R],
    sums: &[[f32; W]; R],
    factors: &[f32],
) -> [[f32; W]; R] {
    for (before, sums) in before.iter_mut().zip(sums) {
        for ((before, sum), factor) in before.iter_mut().zip(sums).zip(factors) {
            *before = P::mul_add(*sum, *factor, *before);
        }
    }
    before
}
