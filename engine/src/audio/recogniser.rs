//! Turns the keys that are held in the chord zone into a chord. Thread: audio.
//!
//! Keys struck without a pause of 50 ms are one *gesture*. The chord is that of the gesture and of what is
//! still held from earlier ones, unless the gesture is a chord of its own that is played legato over the last.

mod forms;
mod gesture;
mod naming;
mod single;
mod table;
#[cfg(test)]
mod takes;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tie_breaks;

use crate::{Chord, Frame};
use gesture::{Age, FULL, Gesture};
use naming::{Lowest, Named, named};
use single::single;

/// How chords are fingered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fingering {
    /// One to three keys: the root, with a black or a white key to its left.
    Single,
    /// All notes of the chord below the split; its bass is its root.
    Fingered,
    /// All notes of the chord below the split; the lowest key is its bass.
    #[default]
    OnBass,
    /// The whole keyboard; the lowest key is the bass, a melody on top is left out.
    Full,
}

impl Fingering {
    /// The fingering with this number in [`crate::Knob::Fingering`].
    pub fn at(index: usize) -> Fingering {
        [Fingering::Single, Fingering::Fingered, Fingering::OnBass, Fingering::Full][index.min(3)]
    }
}

/// The chord of a set of held keys, or `None` for a shape that has no name.
///
/// `previous` decides where the shape has several names; `bass` is the pitch class of a bass that is known
/// otherwise, over which a shape may go without its root. A lone key is a chord in single-finger mode only.
///
/// Thread: any. Real-time: yes.
pub fn name_of(
    keys: &[u8],
    fingering: Fingering,
    previous: Option<Chord>,
    bass: Option<u8>,
) -> Option<Chord> {
    let keys = keys.iter().filter(|&&key| key < 128).fold(0, |held, key| held | 1u128 << key);
    name(keys, fingering, previous, bass).map(|name| name.chord)
}

fn name(keys: u128, fingering: Fingering, previous: Option<Chord>, bass: Option<u8>) -> Option<Named> {
    if fingering == Fingering::Single {
        return single(keys).map(|chord| Named { chord, rank: naming::Rank::Root });
    }
    let keys = if fingering == Fingering::Full { without_melody(keys) } else { keys };
    let set = pitch_classes(keys);
    let fewest = if fingering == Fingering::Full { 3 } else { 2 };
    if set.count_ones() < 2 || keys.count_ones() < fewest {
        return None;
    }
    let low = (keys.trailing_zeros() % 12) as u8;
    match (bass, fingering) {
        (Some(bass), _) => named(set | 1 << (bass % 12), Lowest::Bass(bass % 12), previous),
        (None, Fingering::Fingered) => named(set, Lowest::Hint(low), previous),
        (None, _) => named(set, Lowest::Bass(low), previous),
    }
}

/// The pitch classes of keys.
fn pitch_classes(keys: u128) -> u16 {
    let octaves = (0..11).fold(0, |set, octave| set | keys >> (12 * octave));
    (octaves & 0xfff) as u16
}

/// A top voice more than a fourth above three keys or more is a melody.
fn without_melody(keys: u128) -> u128 {
    let Some(top) = keys.checked_ilog2() else { return keys };
    let rest = keys & !(1 << top);
    match rest.checked_ilog2() {
        Some(next) if rest.count_ones() >= 3 && top - next > 5 => rest,
        _ => keys,
    }
}

/// What is held in the chord zone, and the chord that it makes.
#[derive(Clone, Debug)]
pub struct Recogniser {
    fingering: Fingering,
    split: u8,
    bass: Option<u8>,
    gesture: Gesture,
    chord: Option<Chord>,
    /// The chord before the gesture: it decides between names while the gesture is incomplete.
    previous: Option<Chord>,
}

impl Recogniser {
    /// A recogniser with nothing held, for a sample rate in hertz.
    pub fn new(rate: u32) -> Recogniser {
        Recogniser {
            fingering: Fingering::default(),
            split: 54,
            bass: None,
            gesture: Gesture::new(rate),
            chord: None,
            previous: None,
        }
    }

    /// Sets how chords are fingered, and the key at which the chord zone ends.
    ///
    /// Keys that are held keep the zone in which they were struck. Thread: audio. Real-time: yes.
    pub fn set(&mut self, fingering: Fingering, split: u8) {
        (self.fingering, self.split) = (fingering, split);
    }

    /// A key went down. Thread: audio. Real-time: yes.
    pub fn key_down(&mut self, key: u8, at: Frame) {
        if key > 127 || !self.in_zone(key) {
            return;
        }
        let apart = self.fingering == Fingering::Full;
        if self.gesture.strike(key, at, apart) {
            self.previous = self.chord;
        }
        self.bind();
    }

    /// A key went up. Thread: audio. Real-time: yes.
    pub fn key_up(&mut self, key: u8, at: Frame) {
        if self.gesture.release(key, at) {
            self.bind();
        }
    }

    /// Every key went up. Thread: audio. Real-time: yes.
    pub fn release_all(&mut self, at: Frame) {
        self.gesture.release_all(at);
    }

    /// Lets time pass: applies the rules that wait. Thread: audio. Real-time: yes.
    pub fn advance(&mut self, at: Frame) {
        let grown = self.gesture.grow(at);
        let legato = self.is_legato();
        if grown && self.gesture.age() == Age::Ripe && !legato {
            self.gesture.absorb();
        }
        let full = if self.fingering == Fingering::Single { 1 } else { FULL };
        if grown | self.gesture.settle(at, full, legato) {
            self.bind();
        }
    }

    /// Tells the pitch class of a bass that is known otherwise: from a bass player, a pedal, or a script.
    ///
    /// It also names a chord that was struck up to 120 ms ago; later it waits for the next key, or a walking
    /// bass would change the chord at every step. Thread: audio. Real-time: yes.
    pub fn known_bass(&mut self, bass: Option<u8>) {
        self.bass = bass.map(|pitch_class| pitch_class % 12);
        if self.gesture.age() != Age::Ripe {
            self.bind();
        }
    }

    /// The last chord that was recognised. An unknown shape changes nothing.
    pub fn chord(&self) -> Option<Chord> {
        self.chord
    }

    /// Forgets the chord, so that only a new one counts. What is held stays held.
    pub fn forget(&mut self) {
        self.chord = None;
    }

    /// Whether a key of the chord zone is held.
    pub fn is_held(&self) -> bool {
        self.gesture.held() != 0
    }

    /// When the last key of the chord zone was struck.
    pub fn last_key(&self) -> Frame {
        self.gesture.last_key()
    }

    fn in_zone(&self, key: u8) -> bool {
        self.fingering == Fingering::Full || key < self.split
    }

    fn bind(&mut self) {
        if let Some(name) = self.best() {
            self.chord = Some(name.chord);
        }
    }

    /// The name of the gesture with what is held beside it, or of the gesture alone, or none.
    fn best(&self) -> Option<Named> {
        let all = self.name(self.gesture.struck() | self.gesture.held());
        if self.gesture.beside() == 0 || all.is_some_and(|name| Some(name.chord) == self.chord) {
            return all;
        }
        let own = self.name(self.gesture.struck());
        match all {
            _ if self.is_legato() => own,
            Some(name) if name.rank.is_whole() || self.is_over_held_bass() => all,
            _ if self.is_chord() => own,
            // One or two keys over a whole chord may be the first of the next one.
            _ if self.may_be_more() => None,
            _ => all,
        }
    }

    /// Whether more keys of a new chord may come while the last one is still held.
    fn may_be_more(&self) -> bool {
        self.gesture.age() == Age::Fresh && self.gesture.carried() >= FULL && !self.gesture.has_let_go()
    }

    /// Whether the gesture makes a chord without what is held beside it.
    fn is_chord(&self) -> bool {
        let struck = self.gesture.struck();
        pitch_classes(struck).count_ones() >= FULL && self.name(struck).is_some()
    }

    /// Whether the gesture is a chord of its own, played before the last one was let go.
    fn is_legato(&self) -> bool {
        let leftover = self.gesture.has_let_go() && self.gesture.beside().count_ones() < FULL;
        let over = self.gesture.age() == Age::Ripe && leftover;
        self.gesture.carried() >= FULL && self.gesture.beside() != 0 && !over && self.is_chord()
    }

    /// Whether one key below the gesture is all that is held beside it.
    fn is_over_held_bass(&self) -> bool {
        let beside = self.gesture.beside();
        beside.count_ones() == 1 && beside < self.gesture.struck() & self.gesture.struck().wrapping_neg()
    }

    fn name(&self, keys: u128) -> Option<Named> {
        name(keys, self.fingering, self.previous, self.bass)
    }
}
