//! The performer's own hands: what is played above the split sounds at once. Runs on the audio thread.

use crate::sound::Instrument;
use crate::wires::INPUTS;
use crate::{EventKind, Part, Source};

use super::witness::Witness;

/// Keys that each source holds, so that a vanished one can be released.
#[derive(Debug)]
pub struct Lead {
    held: [u128; INPUTS],
}

/// The channel of the performer's sound.
const CHANNEL: u8 = 0;

impl Lead {
    /// Hands off the keys.
    pub fn new() -> Lead {
        Lead { held: [0; INPUTS] }
    }

    /// Plays what the performer did.
    pub fn play(&mut self, synth: &mut Instrument, out: &mut Witness, source: Source, kind: EventKind) {
        let held = &mut self.held[usize::from(source.0) % INPUTS];
        match kind {
            EventKind::NoteOn { key, velocity } => {
                if *held & (1 << (key & 127)) != 0 {
                    synth.note_off(CHANNEL, key);
                    out.off(Part::Lead, key);
                }
                *held |= 1 << (key & 127);
                synth.note_on(CHANNEL, key, velocity);
                out.on(Part::Lead, key, velocity, false);
            }
            EventKind::NoteOff { key } if *held & (1 << (key & 127)) != 0 => {
                *held &= !(1 << (key & 127));
                synth.note_off(CHANNEL, key);
                out.off(Part::Lead, key);
            }
            EventKind::Controller { number: number @ (1 | 11 | 64), value } => {
                synth.controller(CHANNEL, number, value);
            }
            EventKind::PitchBend(value) => synth.bend(CHANNEL, f32::from(value) / 8192.0 * 2.0),
            EventKind::AllNotesOff => self.release(synth, out, source),
            _ => {}
        }
    }

    /// Whether a source holds a key that sounds.
    pub fn holds(&self, source: Source, key: u8) -> bool {
        self.held[usize::from(source.0) % INPUTS] & (1 << (key & 127)) != 0
    }

    /// Releases what a source holds, and the pedal.
    pub fn release(&mut self, synth: &mut Instrument, out: &mut Witness, source: Source) {
        let held = std::mem::take(&mut self.held[usize::from(source.0) % INPUTS]);
        synth.controller(CHANNEL, 64, 0);
        for key in (0..128).filter(|key| held & (1 << key) != 0) {
            synth.note_off(CHANNEL, key);
            out.off(Part::Lead, key);
        }
    }

    /// Releases what every source holds.
    pub fn release_all(&mut self, synth: &mut Instrument, out: &mut Witness) {
        (0..INPUTS as u8).for_each(|source| self.release(synth, out, Source(source)));
    }
}
