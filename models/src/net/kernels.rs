//! The loops that take the time, for one core: products with tiles, softmax, and the gate.
//!
//! Each is plain Rust, compiled three times: for any processor, for AVX2 with FMA, and for AVX-512; which one runs is
//! found out at run time. Sums are taken in one order however many rows there are and however wide the registers, so
//! that the widths with FMA agree to the bit, and so do one pass and many steps.
#![allow(unsafe_code)]

use half::bf16;

/// Outputs that lie side by side: a matrix `[out, in]` is held as `[out / 64][in][64]`, one stream from front to back.
pub(super) const TILE: usize = 64;

/// Partial sums of a softmax.
const LANES: usize = 16;

/// How a weight is held.
pub(super) trait Number: Copy {
    fn widen(self) -> f32;
    fn narrow(x: f32) -> Self;
}

impl Number for f32 {
    #[inline(always)]
    fn widen(self) -> f32 {
        self
    }

    #[inline(always)]
    fn narrow(x: f32) -> f32 {
        x
    }
}

impl Number for bf16 {
    /// The upper half of an f32; without the care for signalling NaN that would keep it out of registers.
    #[inline(always)]
    fn widen(self) -> f32 {
        f32::from_bits(u32::from(self.to_bits()) << 16)
    }

    #[inline(always)]
    fn narrow(x: f32) -> bf16 {
        bf16::from_f32(x)
    }
}

impl Number for i8 {
    #[inline(always)]
    fn widen(self) -> f32 {
        f32::from(self)
    }

    /// The nearest, which saturates.
    #[inline(always)]
    fn narrow(x: f32) -> i8 {
        x.round_ties_even() as i8
    }
}

/// Rows of numbers, `stride` apart.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) numbers: &'a [f32],
    pub(super) stride: usize,
    /// Numbers of a row that count.
    pub(super) depth: usize,
    pub(super) count: usize,
}

/// Adds the product of `rows` and a packed matrix to the rows of `out`, which are `stride` apart.
///
/// `tiles` holds `[outputs / 64][depth][64]` numbers. `factors`, if there are any, are one for each output.
///
/// # Panics
/// If a slice is too short for it.
pub(super) fn multiply<T: Number>(
    tiles: &[T],
    factors: Option<&[f32]>,
    rows: Rows<'_>,
    out: &mut [f32],
    stride: usize,
) {
    run(Multiply { tiles, factors, rows, out, stride });
}

/// Turns scores into weights, the greatest becoming 1, and returns their sum. Minus infinity becomes 0.
pub(super) fn softmax(scores: &mut [f32]) -> f32 {
    let mut sum = 0.0;
    run(Softmax { scores, sum: &mut sum });
    sum
}

/// `silu(gate) * up`, of rows that hold a gate of `width` numbers and then an up of as many.
pub(super) fn gate(rows: &[f32], width: usize, out: &mut [f32]) {
    run(Gate { rows, width, out });
}

/// A loop, to be compiled for each kind of processor.
trait Loop {
    /// Must be `#[inline(always)]`, and so must be all that it calls, to be compiled for the caller's processor.
    fn run<P: Processor>(self);
}

trait Processor {
    /// Whether a product and a sum are one instruction. If not, `mul_add` is a call into the C library.
    const FUSED: bool;
    /// Numbers of a tile that are worked on at once, with 4 or more rows, with 2 or 3, and with 1.
    const WIDE: bool;

    #[inline(always)]
    fn mul_add(a: f32, b: f32, c: f32) -> f32 {
        if Self::FUSED { a.mul_add(b, c) } else { a * b + c }
    }
}

struct Plain;
#[cfg(target_arch = "x86_64")]
struct Avx2;
#[cfg(target_arch = "x86_64")]
struct Avx512;

impl Processor for Plain {
    const FUSED: bool = cfg!(target_arch = "aarch64");
    const WIDE: bool = false;
}

#[cfg(target_arch = "x86_64")]
impl Processor for Avx2 {
    const FUSED: bool = true;
    const WIDE: bool = false;
}

#[cfg(target_arch = "x86_64")]
impl Processor for Avx512 {
    const FUSED: bool = true;
    const WIDE: bool = true;
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2(work: impl Loop) {
    work.run::<Avx2>();
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx2,fma")]
fn avx512(work: impl Loop) {
    work.run::<Avx512>();
}

fn run(work: impl Loop) {
    #[cfg(target_arch = "x86_64")]
    {
        let narrow = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        if narrow && is_x86_feature_detected!("avx512f") {
            // SAFETY: the processor has all three features.
            return unsafe { avx512(work) };
        }
        if narrow {
            // SAFETY: the processor has both features.
            return unsafe { avx2(work) };
        }
    }
    work.run::<Plain>();
}

struct Multiply<'a, T> {
    tiles: &'a [T],
    factors: Option<&'a [f32]>,
    rows: Rows<'a>,
    out: &'a mut [f32],
    stride: usize,
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
    fn block<P: Processor, const R: usize, const W: usize>(&mut self, tile: &[T], place: usize, first: usize) -> usize {
        let Rows { numbers, stride, depth, .. } = self.rows;
        let rows: [&[f32]; R] = std::array::from_fn(|r| &numbers[(first + r) * stride..][..depth]);
        for from in (0..TILE).step_by(W) {
            let sums = sums::<T, P, R, W>(tile, from, &rows);
            let output = place * TILE + from;
            for (r, sums) in sums.iter().enumerate() {
                let out = &mut self.out[(first + r) * self.stride + output..][..W];
                match self.factors {
                    Some(factors) => add_scaled::<P>(sums, &factors[output..][..W], out),
                    None => out.iter_mut().zip(sums).for_each(|(out, sum)| *out += sum),
                }
            }
        }
        R
    }
}

#[inline(always)]
fn sums<T: Number, P: Processor, const R: usize, const W: usize>(
    tile: &[T],
    from: usize,
    rows: &[&[f32]; R],
) -> [[f32; W]; R] {
    let mut sums = [[0.0; W]; R];
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
fn add_scaled<P: Processor>(sums: &[f32], factors: &[f32], out: &mut [f32]) {
    for ((out, sum), factor) in out.iter_mut().zip(sums).zip(factors) {
        *out = P::mul_add(*sum, *factor, *out);
    }
}

struct Softmax<'a> {
    scores: &'a mut [f32],
    sum: &'a mut f32,
}

impl Loop for Softmax<'_> {
    #[inline(always)]
    fn run<P: Processor>(self) {
        let mut tops = [f32::NEG_INFINITY; LANES];
        let (chunks, rest) = self.scores.as_chunks_mut::<LANES>();
        for chunk in chunks.iter() {
            tops.iter_mut().zip(chunk).for_each(|(top, score)| *top = if *score > *top { *score } else { *top });
        }
        let top = tops.iter().chain(rest.iter()).copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sums = [0.0; LANES];
        for chunk in chunks {
            for (sum, score) in sums.iter_mut().zip(chunk) {
                *score = exp::<P>(*score - top);
                *sum += *score;
            }
        }
        for (sum, score) in sums.iter_mut().zip(rest) {
            *score = exp::<P>(*score - top);
            *sum += *score;
        }
        *self.sum = sums.iter().sum();
    }
}

struct Gate<'a> {
    rows: &'a [f32],
    width: usize,
    out: &'a mut [f32],
}

impl Loop for Gate<'_> {
    #[inline(always)]
    fn run<P: Processor>(self) {
        let rows = self.rows.chunks_exact(2 * self.width);
        for (row, out) in rows.zip(self.out.chunks_exact_mut(self.width)) {
            let (gate, up) = row.split_at(self.width);
            for ((out, gate), up) in out.iter_mut().zip(gate).zip(up) {
                *out = gate / (1.0 + exp::<P>(-gate)) * up;
            }
        }
    }
}

/// e to the power of `x`, to 2 units in the last place; 0 below -87, and no more than e^88 above.
#[inline(always)]
fn exp<P: Processor>(x: f32) -> f32 {
    /// Added to a number, it leaves the nearest whole one in the lowest bits.
    const WHOLE: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    const TERMS: [f32; 6] = [1.987_569_2e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_66, 0.5];
    let bounded = if x < -87.0 { -87.0 } else { x };
    let bounded = if bounded > 88.0 { 88.0 } else { bounded };
    let shifted = P::mul_add(bounded, std::f32::consts::LOG2_E, WHOLE);
    let power = shifted - WHOLE;
    let rest = P::mul_add(power, -LN_2_LOW, P::mul_add(power, -LN_2_HIGH, bounded));
    let mut series = TERMS[0];
    for term in &TERMS[1..] {
        series = P::mul_add(series, rest, *term);
    }
    let fraction = P::mul_add(series, rest * rest, rest + 1.0);
    let scale = f32::from_bits(shifted.to_bits().wrapping_add(127) << 23);
    if x < -87.0 { 0.0 } else { fraction * scale }
}

#[cfg(test)]
mod tests;
