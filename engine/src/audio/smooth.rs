//! A value that glides to where a knob was turned. Runs on the audio thread.

use crate::sound::QUANTUM;

/// A gain that follows its goal within about 10 ms.
#[derive(Clone, Copy, Debug)]
pub struct Smooth {
    now: f32,
    goal: f32,
    keep: f32,
}

impl Smooth {
    /// A value at rest.
    pub fn new(value: f32, rate: u32) -> Smooth {
        // One pole with a time constant of 4 ms, stepped once a quantum.
        let keep = (-(QUANTUM as f32) / (0.004 * rate as f32)).exp();
        Smooth { now: value, goal: value, keep }
    }

    /// Where it shall go.
    pub fn set(&mut self, goal: f32) {
        self.goal = goal;
    }

    /// The value at the start and at the end of the next quantum.
    pub fn step(&mut self) -> (f32, f32) {
        let from = self.now;
        self.now = self.goal + (self.now - self.goal) * self.keep;
        if (self.now - self.goal).abs() < 1e-5 {
            self.now = self.goal;
        }
        (from, self.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_arrives_and_never_overshoots() {
        let mut gain = Smooth::new(0.0, 48_000);
        gain.set(1.0);
        let mut last = 0.0;
        for _ in 0..300 {
            let (from, to) = gain.step();
            assert!(from == last && to >= from && to <= 1.0);
            last = to;
        }
        assert_eq!(last, 1.0);
    }
}
