//! The one reverb that all parts share. Runs on the audio thread.
//!
//! Freeverb's topology by Jezar (2000, public domain): per side eight damped combs in parallel, then four all-passes.

use crate::sound::QUANTUM;

/// Comb and all-pass lengths at 44.1 kHz, and how much longer the right side is.
const COMBS: [usize; 8] = [1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617];
const ALLPASSES: [usize; 4] = [556, 441, 341, 225];
const SPREAD: usize = 23;
const FEEDBACK: f32 = 0.82;
const DAMPING: f32 = 0.3;
const INPUT_GAIN: f32 = 0.03;

/// A delay whose output is fed back, low-passed.
#[derive(Debug)]
struct Comb {
    line: Vec<f32>,
    at: usize,
    low: f32,
}

impl Comb {
    fn step(&mut self, input: f32) -> f32 {
        let out = self.line[self.at];
        self.low = snap(out * (1.0 - DAMPING) + self.low * DAMPING);
        self.line[self.at] = input + self.low * FEEDBACK;
        self.at = if self.at + 1 == self.line.len() { 0 } else { self.at + 1 };
        out
    }
}

/// A delay that changes phases only.
#[derive(Debug)]
struct AllPass {
    line: Vec<f32>,
    at: usize,
}

impl AllPass {
    fn step(&mut self, input: f32) -> f32 {
        let held = self.line[self.at];
        self.line[self.at] = snap(input + held * 0.5);
        self.at = if self.at + 1 == self.line.len() { 0 } else { self.at + 1 };
        held - input
    }
}

/// Denormals are slow, so what is inaudible is nothing.
fn snap(value: f32) -> f32 {
    if value.abs() < 1e-15 { 0.0 } else { value }
}

#[derive(Debug)]
struct Side {
    combs: [Comb; 8],
    allpasses: [AllPass; 4],
}

impl Side {
    fn new(rate: u32, spread: usize) -> Side {
        let length = |at_44k: usize| vec![0.0; (at_44k + spread) * rate as usize / 44_100];
        Side {
            combs: COMBS.map(|n| Comb { line: length(n), at: 0, low: 0.0 }),
            allpasses: ALLPASSES.map(|n| AllPass { line: length(n), at: 0 }),
        }
    }

    fn step(&mut self, input: f32) -> f32 {
        let sum: f32 = self.combs.iter_mut().map(|comb| comb.step(input)).sum();
        self.allpasses.iter_mut().fold(sum, |x, allpass| allpass.step(x))
    }

    fn clear(&mut self) {
        let Side { combs, allpasses } = self;
        for Comb { line, low, .. } in combs {
            line.fill(0.0);
            *low = 0.0;
        }
        for AllPass { line, .. } in allpasses {
            line.fill(0.0);
        }
    }
}

/// A stereo reverb.
#[derive(Debug)]
pub struct Reverb {
    left: Side,
    right: Side,
}

impl Reverb {
    /// A silent one. Allocates, so not on the audio thread.
    pub fn new(rate: u32) -> Reverb {
        Reverb { left: Side::new(rate, 0), right: Side::new(rate, SPREAD) }
    }

    /// Adds the reverb of `send` to the two sides.
    pub fn add(&mut self, send: &[f32; QUANTUM], left: &mut [f32; QUANTUM], right: &mut [f32; QUANTUM]) {
        for i in 0..QUANTUM {
            let input = send[i] * INPUT_GAIN;
            left[i] += self.left.step(input);
            right[i] += self.right.step(input);
        }
    }

    /// Ends its tail at once.
    pub fn cut(&mut self) {
        let Reverb { left, right } = self;
        left.clear();
        right.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_rings_and_then_ends_in_exact_silence() {
        let mut reverb = Reverb::new(48_000);
        let mut send = [0.0; QUANTUM];
        send[0] = 1.0;
        let mut peak_early: f32 = 0.0;
        let mut last = [1.0; QUANTUM];
        for quantum in 0..90_000 {
            let (mut left, mut right) = ([0.0; QUANTUM], [0.0; QUANTUM]);
            reverb.add(&send, &mut left, &mut right);
            send = [0.0; QUANTUM];
            if quantum < 3000 {
                peak_early = left.iter().fold(peak_early, |p, x| p.max(x.abs()));
            }
            last = left;
        }
        assert!(peak_early > 1e-4);
        assert_eq!(last, [0.0; QUANTUM]);
    }
}
