//! Follows tonic and mode through about the last eight bars of chords and lead. Thread: audio.

use crate::{Chord, LocalKey, Mode, Quality};

/// The modes that are weighed, and where they stand in the tables below. Of equal ones the first wins.
const MODES: [Mode; 5] = [Mode::Major, Mode::Minor, Mode::Dorian, Mode::Mixolydian, Mode::Blues];

/// The notes of each mode over C. Minor has its leading note, and the blues its blue notes.
const SCALES: [u16; 5] =
    [0b1010_1011_0101, 0b1101_1010_1101, 0b0110_1010_1101, 0b0110_1011_0101, 0b0110_1111_1101];

/// Time constant in bars: what lies eight bars back counts for a seventh.
const MEMORY_BARS: f32 = 4.0;
/// How much a note of the chord counts that the mode has, and one that it has not.
const INSIDE: f32 = 0.25;
const OUTSIDE: f32 = -0.75;
/// How much the tonic chord counts, the dominant, the subdominant, and a cadence into the tonic.
const TONIC: f32 = 0.6;
const DOMINANT: f32 = 0.3;
const SUBDOMINANT: f32 = 0.1;
const CADENCE: f32 = 1.0;
/// How much a note of the lead counts against one of the chord.
const LEAD: f32 = 0.4;
/// How far ahead, as a share of the weight heard so far, a key must lie to be believed.
const MARGIN: f32 = 0.08;

/// The local key: scores of all keys, and the one that is believed.
#[derive(Clone, Debug, Default)]
pub struct KeyFinder {
    scores: [[f32; 12]; MODES.len()],
    /// How much was heard, with the same decay as the scores.
    weight: f32,
    key: LocalKey,
    /// A better key, for how many beats it has been better, and whether it had a cadence.
    rival: LocalKey,
    beats: i32,
    cadence: bool,
    last: Option<Chord>,
    /// Pitch classes of the lead in this beat.
    lead: u16,
    lock: Option<u8>,
}

impl KeyFinder {
    /// Locks the tonic to a pitch class, or lets it go. The mode is still followed.
    pub fn lock(&mut self, tonic: Option<u8>) {
        self.lock = tonic.map(|tonic| tonic % 12);
    }

    /// A note of the lead was struck.
    pub fn lead(&mut self, key: u8) {
        self.lead |= 1 << (key % 12);
    }

    /// A beat of this chord is over. Returns the local key if it changed.
    ///
    /// Another centre must stay ahead for two bars, or for one after a cadence into it. Thread: audio.
    /// Real-time: yes.
    pub fn beat(&mut self, chord: Option<Chord>, beats_per_bar: i32) -> Option<LocalKey> {
        let decay = (-1.0 / (MEMORY_BARS * beats_per_bar as f32)).exp();
        self.scores.iter_mut().flatten().for_each(|score| *score *= decay);
        self.weight *= decay;
        if let Some(chord) = chord {
            self.hear(chord);
        }
        self.lead = 0;
        let best = self.best(chord.is_some());
        self.rise(best, chord, beats_per_bar);
        if chord.is_some() {
            self.last = chord;
        }
        let due = if self.cadence { beats_per_bar } else { 2 * beats_per_bar };
        let believed = self.rival != self.key && self.beats >= due;
        believed.then(|| self.key = self.rival).map(|()| self.key)
    }

    /// The local key that is believed.
    pub fn key(&self) -> LocalKey {
        self.key
    }

    fn hear(&mut self, chord: Chord) {
        let notes = chord.pcs();
        let cadence = self.last.is_some_and(|last| is_cadence(last, chord));
        for (mode, scores) in self.scores.iter_mut().enumerate() {
            for (tonic, score) in scores.iter_mut().enumerate() {
                let degree = (usize::from(chord.root) + 12 - tonic) % 12;
                let arrives = if cadence && degree == 0 { CADENCE } else { 0.0 };
                *score += inside(notes, mode, tonic)
                    + LEAD * inside(self.lead, mode, tonic)
                    + function(MODES[mode], degree, chord.quality) * (1.0 + arrives);
            }
        }
        self.weight += 1.0;
    }

    /// The key with the best score, if it is far enough ahead of the one that is believed.
    fn best(&self, heard: bool) -> LocalKey {
        let mut best = (self.key, if heard { self.score(self.key) + MARGIN * self.weight } else { f32::MAX });
        for (mode, scores) in self.scores.iter().enumerate() {
            for (tonic, &score) in scores.iter().enumerate() {
                let free = self.lock.is_none_or(|lock| usize::from(lock) == tonic);
                if free && score > best.1 {
                    best = (LocalKey { tonic: tonic as u8, mode: MODES[mode] }, score);
                }
            }
        }
        best.0
    }

    fn score(&self, key: LocalKey) -> f32 {
        let locked_out = self.lock.is_some_and(|lock| lock != key.tonic);
        match MODES.iter().position(|&mode| mode == key.mode) {
            Some(mode) if !locked_out => self.scores[mode][usize::from(key.tonic % 12)],
            _ => 0.0,
        }
    }

    /// Counts the beats for which a rival leads.
    fn rise(&mut self, best: LocalKey, chord: Option<Chord>, beats_per_bar: i32) {
        if best != self.rival {
            (self.rival, self.beats, self.cadence) = (best, 0, false);
        }
        // A lock, or another mode of the same tonic, is no new centre and need not wait.
        let same = self.lock.is_some() || (best.tonic == self.key.tonic && self.key.mode != Mode::Unknown);
        self.beats = if same { 2 * beats_per_bar } else { self.beats + 1 };
        let arrival = chord.filter(|chord| chord.root == best.tonic);
        self.cadence |= self.last.zip(arrival).is_some_and(|(last, chord)| is_cadence(last, chord));
    }
}

/// The share of notes that a key has, and the blame for those that it has not.
fn inside(notes: u16, mode: usize, tonic: usize) -> f32 {
    let scale = (u32::from(SCALES[mode]) << tonic | u32::from(SCALES[mode]) << tonic >> 12) as u16 & 0xfff;
    let within = (notes & scale).count_ones() as f32;
    let without = (notes & !scale).count_ones() as f32;
    (INSIDE * within + OUTSIDE * without) / notes.count_ones().max(1) as f32 * 2.0
}

/// From a dominant, down a fifth.
fn is_cadence(from: Chord, to: Chord) -> bool {
    let intervals = from.quality.intervals();
    (from.root + 5) % 12 == to.root
        && (intervals.contains(&4) || intervals.contains(&5))
        && !intervals.contains(&11)
}

/// What a chord on a degree (in semitones) says for a mode.
fn function(mode: Mode, degree: usize, quality: Quality) -> f32 {
    let has = |interval: u8| quality.intervals().contains(&interval);
    let (major, minor) = (has(4), has(3) && !has(4));
    let (seventh, flat_fifth) = (has(10), has(6) && !has(7));
    match (mode, degree) {
        (Mode::Major, 0) if major && !seventh => TONIC,
        (Mode::Minor | Mode::Dorian, 0) if minor && !flat_fifth => TONIC,
        (Mode::Mixolydian, 0) if major && !has(11) => TONIC,
        (Mode::Blues, 0) if major && seventh => TONIC,
        (Mode::Blues, 5) if major && seventh => TONIC,
        (Mode::Major | Mode::Minor | Mode::Blues, 7) if major && !has(11) => DOMINANT,
        (Mode::Mixolydian, 10) if major => DOMINANT,
        (Mode::Dorian, 5) if major => DOMINANT,
        (Mode::Major, 2) | (Mode::Minor, 5) if minor => SUBDOMINANT,
        (Mode::Minor, 2) if flat_fifth => SUBDOMINANT,
        (Mode::Major, 5) if major && !seventh => SUBDOMINANT,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests;
