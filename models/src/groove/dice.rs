//! Chance that can be repeated: a hash of what is decided, where, and for whom.

/// A place in the tree of decisions. The same seed and the same path give the same outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dice(u64);

impl Dice {
    /// The root of the tree.
    pub fn new(seed: u64) -> Dice {
        Dice(mix(seed))
    }

    /// The branch for what is decided: a short name.
    pub fn of(self, what: &str) -> Dice {
        what.bytes().fold(self, |dice, byte| dice.at(i64::from(byte)))
    }

    /// The branch with a number: a beat, a bar, a key.
    pub fn at(self, n: impl Into<i64>) -> Dice {
        Dice(mix(self.0 ^ mix(n.into() as u64)))
    }

    /// Chance for many draws.
    pub fn rng(self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.0)
    }

    /// A number from 0 up to but without 1.
    pub fn unit(self) -> f32 {
        self.rng().f32()
    }

    /// True in a share `p` of all cases.
    pub fn chance(self, p: f32) -> bool {
        self.unit() < p
    }

    /// About a normal distribution of deviation 1, never beyond 3.
    pub fn gauss(self) -> f32 {
        // The sum of twelve uniform numbers has variance 1 (Irwin and Hall).
        let mut rng = self.rng();
        ((0..12).map(|_| rng.f32()).sum::<f32>() - 6.0).clamp(-3.0, 3.0)
    }

    /// One of `n` things; 0 where there are none.
    pub fn pick(self, n: usize) -> usize {
        ((self.unit() * n as f32) as usize).min(n.saturating_sub(1))
    }

    /// One of `n` alternatives, the first in a share `first` of all cases.
    pub fn alternative(self, n: usize, first: f32) -> usize {
        if n < 2 || self.chance(first) { 0 } else { 1 + self.of("other").pick(n - 1) }
    }
}

/// The finaliser of SplitMix64.
fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_repeatable_and_its_neighbours_differ() {
        let dice = Dice::new(7).of("kick");
        assert_eq!(dice.at(3).unit(), Dice::new(7).of("kick").at(3).unit());
        assert!(dice.at(3).unit() != dice.at(4).unit());
    }

    #[test]
    fn chances_come_out_as_asked() {
        let dice = Dice::new(1).of("chance");
        let hits = (0..10_000).filter(|n| dice.at(*n).chance(0.3)).count();
        assert!((2800..3200).contains(&hits), "{hits}");
        let firsts = (0..10_000).filter(|n| dice.at(*n).alternative(3, 0.6) == 0).count();
        assert!((5800..6200).contains(&firsts), "{firsts}");
    }
}
