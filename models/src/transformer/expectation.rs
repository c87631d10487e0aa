//! Which chord the model expects.

use engine::Chord;

use super::pen::together;
use crate::net::Mask;
use crate::scribe::Stream;
use crate::tokens::{Class, Word, read};

/// From which probability on it counts.
const SURE: f32 = 0.6;

/// The chord that the model thinks likeliest for a beat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expectation {
    /// The chord, or none: the plainest of its family.
    pub chord: Option<Chord>,
    /// Its probability, 0 to 1.
    pub probability: f32,
}

impl Expectation {
    /// Reads it from the logits of the place where a line says its chord. `stream` is what stands before.
    pub fn read(logits: &[f32], stream: &Stream) -> Option<Expectation> {
        let chords = [Class::Hold, Class::NoChord, Class::Change];
        let words = chords.iter().fold(Mask::NONE, |mask, class| mask.union(&Mask::range(class.ids())));
        let logit = |token: &u16| logits.get(usize::from(*token)).copied().unwrap_or(f32::NEG_INFINITY);
        let best = words.iter().max_by(|a, b| logit(a).total_cmp(&logit(b)))?;
        let probability = (logit(&best) - together(logits, &words)).exp();
        let line = read(&[Word::new(Class::Beat, 0), Word::of(best)?, Word::new(Class::Unheard, 0)]).ok()?;
        let chord = stream.spelt(line.chord);
        probability.is_finite().then_some(Expectation { chord, probability })
    }

    /// The chord, if it is likely enough to go by.
    pub fn sure(&self) -> Option<Chord> {
        self.chord.filter(|_| self.probability >= SURE)
    }
}
