//! A set of tokens: what may follow.

use std::ops::Range;

const BITS: usize = u64::BITS as usize;

/// A set of tokens below [`Mask::SIZE`], one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Mask([u64; Mask::SIZE / BITS]);

impl Mask {
    /// How many tokens there may be.
    pub const SIZE: usize = 1024;
    /// No token.
    pub const NONE: Mask = Mask([0; Mask::SIZE / BITS]);
    /// Every token.
    pub const ALL: Mask = Mask([u64::MAX; Mask::SIZE / BITS]);

    /// One token alone.
    ///
    /// # Panics
    /// If `token` is not below [`Mask::SIZE`], as all functions here that take one do.
    pub const fn one(token: u16) -> Mask {
        let mut mask = Mask::NONE;
        mask.set(token);
        mask
    }

    /// The tokens of a range.
    pub const fn range(tokens: Range<u16>) -> Mask {
        let mut mask = Mask::NONE;
        mask.set_range(tokens);
        mask
    }

    /// Takes a token in.
    pub const fn set(&mut self, token: u16) {
        self.0[token as usize / BITS] |= 1 << (token as usize % BITS);
    }

    /// Takes the tokens of a range in.
    pub const fn set_range(&mut self, tokens: Range<u16>) {
        let mut token = tokens.start;
        while token < tokens.end {
            self.set(token);
            token += 1;
        }
    }

    /// Takes a token out.
    pub const fn clear(&mut self, token: u16) {
        self.0[token as usize / BITS] &= !(1 << (token as usize % BITS));
    }

    /// Whether a token is in.
    pub const fn contains(&self, token: u16) -> bool {
        self.0[token as usize / BITS] >> (token as usize % BITS) & 1 == 1
    }

    /// What is in either.
    pub const fn union(mut self, other: &Mask) -> Mask {
        let mut i = 0;
        while i < self.0.len() {
            self.0[i] |= other.0[i];
            i += 1;
        }
        self
    }

    /// What is in both.
    pub const fn intersection(mut self, other: &Mask) -> Mask {
        let mut i = 0;
        while i < self.0.len() {
            self.0[i] &= other.0[i];
            i += 1;
        }
        self
    }

    /// What is in this one and not in `other`.
    pub const fn without(mut self, other: &Mask) -> Mask {
        let mut i = 0;
        while i < self.0.len() {
            self.0[i] &= !other.0[i];
            i += 1;
        }
        self
    }

    /// How many tokens are in.
    pub const fn count(&self) -> usize {
        let mut sum = 0;
        let mut i = 0;
        while i < self.0.len() {
            sum += self.0[i].count_ones() as usize;
            i += 1;
        }
        sum
    }

    /// Whether no token is in.
    pub const fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// The tokens that are in, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.iter().zip((0..).step_by(BITS)).flat_map(|(word, base)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as u16;
                (rest != 0).then(|| {
                    rest &= rest - 1;
                    base + bit
                })
            })
        })
    }
}

impl FromIterator<u16> for Mask {
    fn from_iter<I: IntoIterator<Item = u16>>(tokens: I) -> Mask {
        let mut mask = Mask::NONE;
        tokens.into_iter().for_each(|token| mask.set(token));
        mask
    }
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn any(rng: &mut fastrand::Rng) -> BTreeSet<u16> {
        let share = rng.f32();
        (0..Mask::SIZE as u16).filter(|_| rng.f32() < share).collect()
    }

    #[test]
    fn it_is_a_set() {
        let rng = &mut fastrand::Rng::with_seed(1);
        for _ in 0..50 {
            let (a, b) = (any(rng), any(rng));
            let [ma, mb]: [Mask; 2] = [&a, &b].map(|set| set.iter().copied().collect());
            assert!(ma.iter().eq(a.iter().copied()));
            assert!(ma.union(&mb).iter().eq(a.union(&b).copied()));
            assert!(ma.intersection(&mb).iter().eq(a.intersection(&b).copied()));
            assert!(ma.without(&mb).iter().eq(a.difference(&b).copied()));
            assert_eq!(ma.count(), a.len());
            assert_eq!(ma.is_empty(), a.is_empty());
        }
    }

    #[test]
    fn what_is_set_is_in_until_it_is_cleared() {
        for token in 0..Mask::SIZE as u16 {
            let mut mask = Mask::NONE;
            mask.set(token);
            assert_eq!(mask, Mask::one(token));
            assert!(mask.contains(token) && mask.count() == 1);
            mask.clear(token);
            assert!(mask.is_empty());
        }
    }

    #[test]
    fn a_range_holds_its_tokens_and_no_others() {
        assert!(Mask::range(60..70).iter().eq(60..70));
        assert_eq!(Mask::range(0..Mask::SIZE as u16), Mask::ALL);
        assert_eq!(Mask::range(7..7), Mask::NONE);
    }
}
