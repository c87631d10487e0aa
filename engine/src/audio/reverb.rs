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

/// A delay of at least a quantum, so that whole quanta go through it: what comes out depends on none that goes in.
#[derive(Debug)]
struct Line {
    samples: Vec<f32>,
    at: usize,
}

impl Line {
    fn new(at_44k: usize, rate: u32) -> Line {
        Line { samples: vec![0.0; (at_44k * rate as usize / 44_100).max(QUANTUM)], at: 0 }
    }

    /// The oldest quantum.
    fn read(&self) -> [f32; QUANTUM] {
        let len = self.samples.len();
        match self.samples[self.at..].first_chunk() {
            Some(oldest) => *oldest,
            None => std::array::from_fn(|i| self.samples[(self.at + i) % len]),
        }
    }

    /// Replaces the oldest quantum by the newest. Denormals are slow, so what is inaudible is nothing.
    fn write(&mut self, quantum: &[f32; QUANTUM]) {
        let len = self.samples.len();
        let newest = quantum.map(snap);
        match self.samples[self.at..].first_chunk_mut() {
            Some(oldest) => *oldest = newest,
            None => (0..QUANTUM).for_each(|i| self.samples[(self.at + i) % len] = newest[i]),
        }
        let next = self.at + QUANTUM;
        self.at = if next < len { next } else { next - len };
    }

    fn clear(&mut self) {
        self.samples.fill(0.0);
    }
}

fn snap(value: f32) -> f32 {
    if value.abs() < 1e-15 { 0.0 } else { value }
}

#[derive(Debug)]
struct Side {
    combs: [Line; 8],
    /// The low-passed feedback of each comb.
    low: [f32; 8],
    allpasses: [Line; 4],
}

impl Side {
    fn new(rate: u32, spread: usize) -> Side {
        let line = |at_44k| Line::new(at_44k + spread, rate);
        Side { combs: COMBS.map(line), low: [0.0; 8], allpasses: ALLPASSES.map(line) }
    }

    /// The reverb of a quantum.
    fn step(&mut self, input: &[f32; QUANTUM]) -> [f32; QUANTUM] {
        let mut wet = self.comb(input);
        for line in &mut self.allpasses {
            let held = line.read();
            let mut fed = wet;
            for i in 0..QUANTUM {
                fed[i] += held[i] * 0.5;
                wet[i] = held[i] - wet[i];
            }
            line.write(&fed);
        }
        wet
    }

    /// The sum of the combs. In a comb each sample waits for the one before it, so all combs go side by side.
    fn comb(&mut self, input: &[f32; QUANTUM]) -> [f32; QUANTUM] {
        let mut wet = [0.0; QUANTUM];
        let mut taps = [[0.0; QUANTUM]; 8];
        for (tap, line) in taps.iter_mut().zip(&self.combs) {
            let out = line.read();
            wet.iter_mut().zip(&out).for_each(|(wet, out)| *wet += *out);
            *tap = out.map(|out| out * (1.0 - DAMPING));
        }
        let mut low = self.low;
        for i in 0..QUANTUM {
            for (tap, low) in taps.iter_mut().zip(&mut low) {
                *low = tap[i] + *low * DAMPING;
                tap[i] = *low;
            }
        }
        self.low = low.map(snap);
        for (tap, line) in taps.iter_mut().zip(&mut self.combs) {
            tap.iter_mut().zip(input).for_each(|(low, input)| *low = input + *low * FEEDBACK);
            line.write(tap);
        }
        wet
    }

    fn clear(&mut self) {
        self.combs.iter_mut().chain(&mut self.allpasses).for_each(Line::clear);
        self.low = [0.0; 8];
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
        let input = send.map(|x| x * INPUT_GAIN);
        for (side, out) in [(&mut self.left, left), (&mut self.right, right)] {
            for (out, wet) in out.iter_mut().zip(side.step(&input)) {
                *out += wet;
            }
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

    /// One sample after the other, as the topology is usually written down.
    fn sample_by_sample(rate: u32, spread: usize, input: &[f32]) -> Vec<f32> {
        let line = |at_44k: usize| vec![0.0_f32; (at_44k + spread) * rate as usize / 44_100];
        let (mut combs, mut allpasses) = (COMBS.map(line), ALLPASSES.map(line));
        let mut low = [0.0; COMBS.len()];
        let step = |(n, input): (usize, &f32)| {
            let mut wet = 0.0;
            for (line, low) in combs.iter_mut().zip(&mut low) {
                let place = n % line.len();
                wet += line[place];
                *low = line[place] * (1.0 - DAMPING) + *low * DAMPING;
                line[place] = input * INPUT_GAIN + *low * FEEDBACK;
            }
            for line in &mut allpasses {
                let place = n % line.len();
                let held = line[place];
                line[place] = wet + held * 0.5;
                wet = held - wet;
            }
            wet
        };
        input.iter().enumerate().map(step).collect()
    }

    #[test]
    fn whole_quanta_sound_as_single_samples_do() {
        let mut rng = fastrand::Rng::with_seed(5);
        let input: Vec<f32> = (0..1000 * QUANTUM).map(|_| rng.f32() - 0.5).collect();
        for rate in [44_100, 48_000, 96_000] {
            let mut reverb = Reverb::new(rate);
            let expected = [0, SPREAD].map(|spread| sample_by_sample(rate, spread, &input));
            for (n, send) in input.as_chunks().0.iter().enumerate() {
                let (mut left, mut right) = ([0.0; QUANTUM], [0.0; QUANTUM]);
                reverb.add(send, &mut left, &mut right);
                let here = n * QUANTUM..(n + 1) * QUANTUM;
                assert_eq!(
                    [&left[..], &right[..]],
                    [&expected[0][here.clone()], &expected[1][here]],
                    "{rate} {n}"
                );
            }
        }
    }
}
