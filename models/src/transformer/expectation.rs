//! Which chord the model expects.

use engine::{Chord, Guesses};

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
    /// The likeliest chords, this one among them, likeliest first.
    pub guesses: Guesses,
}

impl Expectation {
    /// Reads it from the logits of the place where a line says its chord. `stream` is what stands before.
    pub fn read(logits: &[f32], stream: &Stream) -> Option<Expectation> {
        let chords = [Class::Hold, Class::NoChord, Class::Change];
        let words = chords.iter().fold(Mask::NONE, |mask, class| mask.union(&Mask::range(class.ids())));
        let logit = |token: u16| logits.get(usize::from(token)).copied().unwrap_or(f32::NEG_INFINITY);
        let mut ranked: Vec<u16> = words.iter().collect();
        ranked.sort_by(|a, b| logit(*b).total_cmp(&logit(*a)));
        let all = together(logits, &words);
        let likely = |token: u16| (logit(token) - all).exp();
        let (best, mut guesses) = (*ranked.first()?, Guesses::NONE);
        for token in ranked.into_iter().take(Guesses::MOST) {
            if let Some(chord) = spelt(token, stream)? {
                guesses.push(chord, likely(token));
            }
        }
        let (chord, probability) = (spelt(best, stream)?, likely(best));
        probability.is_finite().then_some(Expectation { chord, probability, guesses })
    }

    /// The chord, if it is likely enough to go by.
    pub fn sure(&self) -> Option<Chord> {
        self.chord.filter(|_| self.probability >= SURE)
    }
}

/// The chord that a token stands for, or no chord; the outer `None` is nonsense.
fn spelt(token: u16, stream: &Stream) -> Option<Option<Chord>> {
    let line = read(&[Word::new(Class::Beat, 0), Word::of(token)?, Word::new(Class::Unheard, 0)]).ok()?;
    Some(stream.spelt(line.chord))
}
