//! Which keys the performer holds, through which inputs, and what was struck of late. Thread: audio.

use crate::{Frame, Source};

/// The held keys of all inputs together.
#[derive(Clone, Debug)]
pub(super) struct Keys {
    /// For each key the inputs that hold it, a bit each.
    holders: [u16; 128],
    held: u128,
    /// When each pitch class was last struck.
    struck: [Option<Frame>; 12],
}

impl Default for Keys {
    fn default() -> Keys {
        Keys { holders: [0; 128], held: 0, struck: [None; 12] }
    }
}

impl Keys {
    /// A key went down.
    pub fn down(&mut self, source: Source, key: u8, at: Frame) {
        if let Some(holders) = self.holders.get_mut(usize::from(key)) {
            *holders |= bit(source);
            self.held |= 1 << key;
            self.struck[usize::from(key % 12)] = Some(at);
        }
    }

    /// A key went up; returns whether nobody holds it any more.
    pub fn up(&mut self, source: Source, key: u8) -> bool {
        let Some(holders) = self.holders.get_mut(usize::from(key)) else { return false };
        let was_held = *holders != 0;
        *holders &= !bit(source);
        let free = was_held && *holders == 0;
        if free {
            self.held &= !(1 << key);
        }
        free
    }

    /// The keys that an input holds, as bits.
    pub fn of(&self, source: Source) -> u128 {
        let held = |key: &usize| self.holders[*key] & bit(source) != 0;
        (0..128).filter(held).fold(0, |keys, key| keys | 1 << key)
    }

    /// The lowest held key from `split` on.
    pub fn lowest_from(&self, split: u8) -> Option<u8> {
        let above = self.held.checked_shr(u32::from(split)).unwrap_or(0);
        (above != 0).then(|| split + above.trailing_zeros() as u8)
    }

    /// The key that is the melody: the highest one from `split` on, else the highest of all.
    pub fn melody(&self, split: u8) -> Option<u8> {
        let above = self.held.checked_shr(u32::from(split)).unwrap_or(0);
        let heard = if above == 0 { self.held } else { above << split };
        heard.checked_ilog2().map(|key| key as u8)
    }

    /// Pitch classes (bit 0 = C) that are held, or were struck at or after `since`.
    pub fn pitch_classes(&self, since: Frame) -> u16 {
        let held = (0..11).fold(0, |set, octave| set | self.held >> (12 * octave)) as u16 & 0xfff;
        let late = |(_, at): &(usize, &Option<Frame>)| at.is_some_and(|at| at >= since);
        self.struck.iter().enumerate().filter(late).fold(held, |set, (pitch_class, _)| set | 1 << pitch_class)
    }
}

/// Inputs are fewer than 16.
fn bit(source: Source) -> u16 {
    1 << (source.0 % 16)
}
