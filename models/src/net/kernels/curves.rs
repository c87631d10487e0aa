//! Softmax and the gate: what takes an exponential.

use super::{Loop, Processor, run};

/// Partial sums of a softmax.
const LANES: usize = 16;

/// Turns scores into weights, the greatest becoming 1, and returns their sum. Minus infinity becomes 0.
pub(in crate::net) fn softmax(scores: &mut [f32]) -> f32 {
    let mut sum = 0.0;
    run(Softmax { scores, sum: &mut sum });
    sum
}

pub(super) struct Softmax<'a> {
    pub(super) scores: &'a mut [f32],
    pub(super) sum: &'a mut f32,
}

impl Loop for Softmax<'_> {
    #[inline(always)]
    fn run<P: Processor>(self) {
        let mut tops = [f32::NEG_INFINITY; LANES];
        let (chunks, rest) = self.scores.as_chunks_mut::<LANES>();
        for chunk in chunks.iter() {
            tops.iter_mut()
                .zip(chunk)
                .for_each(|(top, score)| *top = if *score > *top { *score } else { *top });
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

/// `silu(gate) * up`, of rows that hold a gate of `width` numbers and then an up of as many.
pub(in crate::net) fn gate(rows: &[f32], width: usize, out: &mut [f32]) {
    run(Gate { rows, width, out });
}

pub(super) struct Gate<'a> {
    pub(super) rows: &'a [f32],
    pub(super) width: usize,
    pub(super) out: &'a mut [f32],
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
