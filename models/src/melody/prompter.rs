//! Who tells melody mode which chords may come: nobody, somebody who has seen the song, or the model.

use engine::{
    Beat, Chord, Chunk, Event, EventKind, Grid, Guesses, Heard, HeardKind, Level, Meter, Section, Source,
    Tick,
};

use super::sheet::{BEAT, Sheet};
use crate::{Accompanist, Transformer};

/// Expects chords. It is told each beat in two steps, as the accompanist is on stage.
pub trait Prompter {
    /// A beat begins: which chords may come with it, by what is known of those before.
    fn expect(&mut self, sheet: &Sheet, beat: usize) -> Guesses;

    /// The chord of the beat is out, and its melody is heard.
    fn hear(&mut self, _sheet: &Sheet, _beat: usize, _chord: Option<Chord>) {}
}

/// Nobody: nothing is expected.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Prompter for Nobody {
    fn expect(&mut self, _sheet: &Sheet, _beat: usize) -> Guesses {
        Guesses::NONE
    }
}

/// Somebody who knows the song's own chord at some beats, and else expects nothing.
#[derive(Clone, Debug)]
pub struct Insider {
    share: f32,
    dice: fastrand::Rng,
}

impl Insider {
    /// Knows this share of the beats, 0 to 1.
    pub fn new(share: f32) -> Insider {
        Insider { share, dice: fastrand::Rng::with_seed(1) }
    }
}

impl Prompter for Insider {
    fn expect(&mut self, sheet: &Sheet, beat: usize) -> Guesses {
        let chord = sheet.twelfths[beat * BEAT].chord.filter(|_| self.dice.f32() < self.share);
        chord.map_or(Guesses::NONE, |chord| Guesses::one(chord, 1.0))
    }
}

/// The model, which writes the band and hears what it would hear on stage, at the times at which it would.
///
/// As there, it writes a beat while the one before sounds, before it knows that one's chord; what it expects counts only
/// if the chord has not changed since.
#[allow(missing_debug_implementations, reason = "it would be millions of numbers")]
pub struct Band {
    model: Transformer,
    /// What it wrote for the next beat.
    next: Option<Chunk>,
    chord: Option<Chord>,
    /// Since which beat the chord holds.
    since: i32,
    meter: Meter,
    key: Option<u8>,
}

impl Band {
    /// A band that has not begun, in a meter.
    pub fn new(model: Transformer, meter: Meter) -> Band {
        let mut band = Band { model, next: None, chord: None, since: i32::MIN, meter, key: None };
        band.tell(0, HeardKind::Grid(Grid::new(meter)));
        band.tell(0, HeardKind::Section { section: Section::Main(Level::B), from: Beat(0) });
        band.tell(0, HeardKind::Started);
        band.write(-1);
        band
    }

    fn tell(&mut self, at: Tick, kind: HeardKind) {
        self.model.hear(Heard { at, kind });
    }

    fn play(&mut self, at: Tick, kind: EventKind) {
        self.tell(at, HeardKind::Event(Event { arrival: 0, source: Source(0), kind }));
    }

    /// Writes the beat after one that begins; what cannot be written expects nothing.
    fn write(&mut self, beat: i32) {
        self.model.rewind(Beat(beat + 1));
        let mut chunk = Chunk::new(Beat(beat + 1), 0, Section::Stopped);
        self.next = self.model.continue_into(&mut chunk).is_ok().then_some(chunk);
    }

    /// What the worker says of a chunk that it writes while a beat sounds.
    fn is_fresh(&self, beat: i32) -> bool {
        beat - 2 >= self.since
    }
}

impl Prompter for Band {
    fn expect(&mut self, _sheet: &Sheet, beat: usize) -> Guesses {
        let beat = beat as i32;
        let guesses = self.next.filter(|_| self.is_fresh(beat)).map_or(Guesses::NONE, |chunk| chunk.guesses);
        let at = Tick::from(beat) * self.meter.ticks_per_beat();
        self.tell(at, HeardKind::Beat { beat: Beat(beat), bpm: 120.0 });
        self.write(beat);
        guesses
    }

    fn hear(&mut self, sheet: &Sheet, beat: usize, chord: Option<Chord>) {
        let ticks = self.meter.ticks_per_beat();
        let since = beat as Tick * ticks;
        if chord != self.chord {
            (self.chord, self.since) = (chord, beat as i32);
            self.tell(since, HeardKind::Chord { chord, since });
        }
        for (i, at) in sheet.twelfths[beat * BEAT..][..BEAT].iter().enumerate() {
            let tick = since + i as Tick * ticks / BEAT as Tick;
            let ends = self.key.filter(|_| at.is_struck || at.key.is_none());
            if let Some(key) = ends {
                self.play(tick, EventKind::NoteOff { key });
                self.key = None;
            }
            if let Some(key) = at.key.filter(|_| at.is_struck) {
                self.play(tick, EventKind::NoteOn { key: above_split(key), velocity: 80 });
                self.key = Some(above_split(key));
            }
        }
    }
}

/// A melody is played above the split.
fn above_split(key: u8) -> u8 {
    const SPLIT: u8 = 54;
    if key < SPLIT { key + (SPLIT - key).div_ceil(12) * 12 } else { key }
}
