//! The drums as they play. Runs on the audio thread.

use crate::sound::Instrument;
use crate::{Frame, Part, Tick};

use super::witness::Witness;

/// Pieces that may be held at once; a kit's notes ring by themselves, so this only serves the note-offs.
const PIECES: usize = 32;

/// Strokes of one piece within so many milliseconds are one: a late one and an early one met. A flam is wider.
const ONE_MS: Frame = 12;

/// A piece that is down.
#[derive(Clone, Copy, Debug)]
struct Piece {
    key: u8,
    until: Tick,
    struck: Frame,
}

/// A kit: the keys that are down, each with the tick at which it goes up.
#[derive(Debug)]
pub struct Kit {
    part: Part,
    down: [Option<Piece>; PIECES],
    /// Frames within which strokes of one piece are one.
    one: Frame,
}

impl Kit {
    /// A kit at rest.
    pub fn new(part: Part, rate: u32) -> Kit {
        Kit { part, down: [None; PIECES], one: Frame::from(rate) * ONE_MS / 1000 }
    }

    /// Strikes a piece.
    pub fn strike(&mut self, synth: &mut Instrument, out: &mut Witness, key: u8, velocity: u8, until: Tick) {
        let struck = out.frame;
        if self.down.iter().flatten().any(|held| held.key == key && struck < held.struck + self.one) {
            return;
        }
        let same = self.down.iter().position(|held| held.is_some_and(|held| held.key == key));
        let place = same.or_else(|| self.down.iter().position(Option::is_none)).unwrap_or(0);
        self.lift(synth, out, place);
        self.down[place] = Some(Piece { key, until, struck });
        synth.note_on(Instrument::KIT, key, velocity);
        out.on(self.part, key, velocity, false);
    }

    fn lift(&mut self, synth: &mut Instrument, out: &mut Witness, place: usize) {
        if let Some(Piece { key, .. }) = self.down[place].take() {
            synth.note_off(Instrument::KIT, key);
            out.off(self.part, key);
        }
    }

    /// Lifts the keys whose time is over.
    pub fn advance(&mut self, synth: &mut Instrument, out: &mut Witness, running: bool) {
        for place in 0..PIECES {
            if running && self.down[place].is_some_and(|held| held.until <= out.tick) {
                self.lift(synth, out, place);
            }
        }
    }

    /// Lifts every key; cymbals ring on.
    pub fn release_all(&mut self, synth: &mut Instrument, out: &mut Witness) {
        (0..PIECES).for_each(|place| self.lift(synth, out, place));
    }
}
