//! The master limiter: nothing leaves above -0.3 dBFS. Runs on the audio thread.

use crate::sound::QUANTUM;

use super::peak::Peak;

/// -0.3 dBFS.
pub const CEILING: f32 = 0.966_05;

/// Turns down ahead of a peak: it looks one quantum ahead, and so delays the sound by one.
///
/// The gain at the start of a quantum is never above what that quantum bears, because it was aimed there one
/// quantum before; so no sample exceeds the ceiling.
#[derive(Debug)]
pub struct Limiter {
    held: [[f32; QUANTUM]; 2],
    gain: f32,
    /// The gain that the held quantum bears.
    bears: f32,
    recover: f32,
}

impl Limiter {
    /// A limiter at rest, which recovers from a peak in about 150 ms.
    pub fn new(rate: u32) -> Limiter {
        let recover = 1.0 - (-(QUANTUM as f32) / (0.05 * rate as f32)).exp();
        Limiter { held: [[0.0; QUANTUM]; 2], gain: 1.0, bears: 1.0, recover }
    }

    /// Takes a quantum in and gives the one before it out, limited.
    pub fn step(&mut self, left: &mut [f32; QUANTUM], right: &mut [f32; QUANTUM]) {
        let mut peak = Peak::default();
        peak.add(left);
        peak.add(right);
        let bears = if peak.level() > CEILING { CEILING / peak.level() } else { 1.0 };
        let risen = self.gain + (1.0 - self.gain) * self.recover;
        let goal = risen.min(bears).min(self.bears);
        let [held_left, held_right] = &mut self.held;
        for i in 0..QUANTUM {
            let gain = self.gain + (goal - self.gain) * (i + 1) as f32 / QUANTUM as f32;
            let out = [held_left[i], held_right[i]].map(|x| (x * gain).clamp(-CEILING, CEILING));
            (held_left[i], held_right[i]) = (left[i], right[i]);
            (left[i], right[i]) = (out[0], out[1]);
        }
        self.gain = goal;
        self.bears = bears;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(signal: impl Fn(usize) -> f32, quanta: usize) -> Vec<f32> {
        let mut limiter = Limiter::new(48_000);
        let mut out = Vec::new();
        for quantum in 0..quanta {
            let mut left = std::array::from_fn(|i| signal(quantum * QUANTUM + i));
            let mut right = left;
            limiter.step(&mut left, &mut right);
            out.extend(left);
        }
        out
    }

    #[test]
    fn nothing_exceeds_the_ceiling_whatever_comes() {
        let mut rng = fastrand::Rng::with_seed(7);
        let noise: Vec<f32> = (0..160_000).map(|_| (rng.f32() - 0.5) * 20.0 * rng.f32().powi(8)).collect();
        assert!(run(|i| noise[i], 10_000).iter().all(|x| x.abs() <= CEILING));
    }

    #[test]
    fn what_is_below_the_ceiling_passes_untouched_one_quantum_late() {
        let signal = |i: usize| (i as f32 * 0.1).sin() * 0.9;
        let out = run(signal, 100);
        assert!((QUANTUM..out.len()).all(|i| out[i] == signal(i - QUANTUM)));
    }
}
