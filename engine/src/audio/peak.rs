//! The highest level of a signal. Runs on the audio thread.

use crate::sound::QUANTUM;

/// Collects a peak. Each place of the quantum has one of its own, so that all are compared at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Peak([f32; QUANTUM]);

impl Peak {
    /// Takes in a quantum of one side.
    pub fn add(&mut self, samples: &[f32; QUANTUM]) {
        for (peak, sample) in self.0.iter_mut().zip(samples) {
            // Unlike `f32::max`, this is one instruction for several places.
            *peak = if sample.abs() > *peak { sample.abs() } else { *peak };
        }
    }

    /// The peak, as an amplitude.
    pub fn level(&self) -> f32 {
        self.0.iter().fold(0.0, |peak, x| peak.max(*x))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_of_all_samples_counts_whatever_its_sign_and_place() {
        let mut rng = fastrand::Rng::with_seed(3);
        let quanta: Vec<[f32; QUANTUM]> =
            (0..50).map(|_| std::array::from_fn(|_| rng.f32() * 2.0 - 1.0)).collect();
        let mut peak = Peak::default();
        quanta.iter().for_each(|quantum| peak.add(quantum));
        let expected = quanta.iter().flatten().fold(0.0_f32, |peak, x| peak.max(x.abs()));
        assert_eq!(peak.level(), expected);
        peak.add(&[f32::NAN; QUANTUM]);
        assert_eq!(peak.level(), expected, "what is no number is no peak");
    }
}
