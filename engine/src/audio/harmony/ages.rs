//! The ages of a chord: bound to new onsets, settled for sounding notes, told to the record. Thread: audio.

use crate::{Chord, Frame, Tick};

/// The chord of each age.
#[derive(Clone, Debug, Default)]
pub(super) struct Ages {
    bound: Option<Chord>,
    settled: Option<Chord>,
    told: Option<Chord>,
    /// When the bound chord was bound.
    since: (Frame, Tick),
}

impl Ages {
    /// Binds new onsets to a chord; returns whether it is another one.
    pub fn bind(&mut self, chord: Option<Chord>, at: Frame, tick: Tick) -> bool {
        let is_new = chord != self.bound;
        if is_new {
            (self.bound, self.since) = (chord, (at, tick));
        }
        is_new
    }

    /// Moves sounding notes once `wait` frames have passed since the chord was bound and the last key was
    /// struck; returns whether they move.
    pub fn settle(&mut self, at: Frame, last_key: Frame, wait: Frame) -> bool {
        let due = self.settled != self.bound && at >= self.since.0.max(last_key) + wait;
        if due {
            self.settled = self.bound;
        }
        due
    }

    /// The bound chord and its first tick, once it has lived for so many frames.
    pub fn tell(&mut self, at: Frame, life: Frame) -> Option<(Option<Chord>, Tick)> {
        let due = self.told != self.bound && at.saturating_sub(self.since.0) >= life;
        due.then(|| self.told = self.bound).map(|()| (self.bound, self.since.1))
    }

    /// The chord for new onsets.
    pub fn bound(&self) -> Option<Chord> {
        self.bound
    }

    /// The chord that sounding notes follow.
    pub fn settled(&self) -> Option<Chord> {
        self.settled
    }
}
