//! Keys that belong together because they were struck together. Thread: audio.

use crate::Frame;

/// A pause that ends a gesture. Keys of one chord lie up to 40 ms apart.
const PAUSE_MS: u64 = 50;
/// Until then another key of the same chord may come.
const SPREAD_MS: u64 = 40;
/// After this long what is held beside a gesture belongs to it, and what stands after a release counts.
const STANDS_MS: u64 = 120;
/// A whole chord that is still held under a new one counts again after this long.
const OVERLAP_MS: u64 = 250;
/// So many keys are a chord.
pub(super) const FULL: u32 = 3;

/// How long ago the last key of a gesture was struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Age {
    /// Up to 40 ms ago: more keys may come.
    Fresh,
    /// Up to 120 ms ago: keys of the last chord may still be held by a legato.
    Young,
    /// Longer ago.
    Ripe,
}

/// The keys that are held, and which of them were struck since the last pause.
#[derive(Clone, Debug)]
pub(super) struct Gesture {
    held: u128,
    /// Struck since the last pause; a key stays in it when it is released.
    struck: u128,
    /// Keys of a melody over a held chord; they are no part of it.
    melody: u128,
    /// How many keys were held when the gesture began.
    carried: u32,
    /// A key was released since the gesture began, or just before.
    let_go: bool,
    /// The last change was a release.
    released: bool,
    age: Age,
    last_key: Frame,
    last_change: Frame,
    per_ms: u64,
}

impl Gesture {
    /// Nothing held, at a sample rate in hertz.
    pub fn new(rate: u32) -> Gesture {
        Gesture {
            held: 0,
            struck: 0,
            melody: 0,
            carried: 0,
            let_go: false,
            released: false,
            age: Age::Ripe,
            last_key: 0,
            last_change: 0,
            per_ms: u64::from(rate) / 1000,
        }
    }

    /// Takes in a key; returns whether it began a gesture. With `apart`, one or two keys struck above a held
    /// chord are a melody.
    pub fn strike(&mut self, key: u8, at: Frame, apart: bool) -> bool {
        let bit = 1u128 << key;
        let begins = self.struck == 0 || self.since(self.last_key, at) > PAUSE_MS;
        if begins {
            if apart && self.held.count_ones() >= FULL && bit > self.held {
                self.melody |= bit;
                return false;
            }
            self.carried = self.held.count_ones();
            self.struck = 0;
            self.let_go = self.released && self.since(self.last_change, at) < STANDS_MS;
        }
        self.held |= bit;
        self.released = false;
        self.struck |= bit;
        self.age = Age::Fresh;
        (self.last_key, self.last_change) = (at, at);
        begins
    }

    /// Lets a key go; returns whether the chord must be looked at again at once: an earlier gesture gives way.
    pub fn release(&mut self, key: u8, at: Frame) -> bool {
        let bit = if key < 128 { 1u128 << key } else { 0 };
        self.melody &= !bit;
        if self.held & bit == 0 {
            return false;
        }
        self.held &= !bit;
        self.last_change = at;
        self.released = true;
        let earlier = self.struck & bit == 0;
        self.let_go |= earlier;
        earlier
    }

    /// Lets all keys go.
    pub fn release_all(&mut self, at: Frame) {
        (self.held, self.melody, self.last_change) = (0, 0, at);
        self.struck = 0;
        self.age = Age::Ripe;
    }

    /// Grows older; returns whether the chord must be looked at again.
    pub fn grow(&mut self, at: Frame) -> bool {
        let quiet = self.since(self.last_key, at);
        let age = match self.age {
            Age::Fresh if quiet >= SPREAD_MS => Age::Young,
            Age::Young if quiet >= STANDS_MS => Age::Ripe,
            age => age,
        };
        std::mem::replace(&mut self.age, age) != age
    }

    /// Makes what is held the gesture, where at least `full` keys have stood long enough since one was released
    /// or, with `legato`, under another chord. Returns whether that changed anything.
    pub fn settle(&mut self, at: Frame, full: u32, legato: bool) -> bool {
        let wait = if legato { OVERLAP_MS } else { STANDS_MS };
        let stands = self.age == Age::Ripe
            && self.held != self.struck
            && self.held.count_ones() >= full
            && self.since(self.last_change, at) >= wait;
        if stands {
            (self.struck, self.carried) = (self.held, 0);
        }
        stands
    }

    /// Makes what is held beside the gesture a part of it.
    pub fn absorb(&mut self) {
        self.struck |= self.held;
    }

    /// The keys of the gesture, released or not.
    pub fn struck(&self) -> u128 {
        self.struck
    }

    /// The keys that are held and are no melody.
    pub fn held(&self) -> u128 {
        self.held
    }

    /// Keys of earlier gestures that are still held.
    pub fn beside(&self) -> u128 {
        self.held & !self.struck
    }

    /// How many keys were held when the gesture began.
    pub fn carried(&self) -> u32 {
        self.carried
    }

    /// Whether a key of an earlier gesture was released since this one began, or just before.
    pub fn has_let_go(&self) -> bool {
        self.let_go
    }

    /// How long ago its last key was struck.
    pub fn age(&self) -> Age {
        self.age
    }

    /// When the last key was struck.
    pub fn last_key(&self) -> Frame {
        self.last_key
    }

    /// Whole milliseconds between two frames.
    fn since(&self, from: Frame, to: Frame) -> u64 {
        to.saturating_sub(from) / self.per_ms.max(1)
    }
}
