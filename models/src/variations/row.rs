//! One variation on its way: word by word, what is given between what is drawn.

use super::sheet::{Asked, Sheet};
use crate::accompanist::ModelError;
use crate::net::{Mask, Sampler};
use crate::tokens::{Class, Grammar, Performer, Word, read};
use crate::transformer::pen::together;

/// The words of a melody.
const MELODY: [Class; 5] = [Class::Play, Class::Rest, Class::Lead, Class::Degree, Class::Accent];

/// The words with which a melody is over in its beat: whoever comes next.
const NEXT: [Class; 4] = [Class::Hand, Class::Position, Class::Tie, Class::Beat];

/// What was drawn.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Which variation.
    pub index: u64,
    /// The performer, beat by beat.
    pub beats: Vec<Performer>,
    /// The sum of the natural logarithms of what was drawn.
    pub log_likelihood: f64,
    /// How many words were drawn.
    pub words: u32,
}

/// A variation on its way.
#[derive(Clone, Debug)]
pub struct Row {
    /// Words that the network has not read yet.
    pub pending: Vec<u16>,
    rng: fastrand::Rng,
    grammar: Grammar,
    /// The words of the performer's beat.
    words: Vec<Word>,
    /// What was drawn so far.
    drawn: Drawn,
}

impl Row {
    /// Begins the variation number `index`. What it draws depends on the seed and this number alone.
    pub fn new(sheet: &Sheet, seed: u64, index: u64) -> Result<Row, ModelError> {
        let drawn = Drawn { index, beats: Vec::new(), log_likelihood: 0.0, words: 0 };
        let rng = fastrand::Rng::with_seed(seed ^ (index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (grammar, pending, words) = (sheet.grammar, Vec::new(), Vec::new());
        let mut row = Row { pending, rng, grammar, words, drawn };
        row.give(sheet)?;
        Ok(row)
    }

    /// Draws a word from what the network says after the pending ones, and those that follow without a choice become
    /// pending; returns what was drawn in all once the variation is whole.
    ///
    /// The logits are changed.
    pub fn go_on(
        &mut self,
        sheet: &Sheet,
        sampler: &Sampler,
        logits: &mut [f32],
    ) -> Result<Option<Drawn>, ModelError> {
        let asked = &sheet.lines[self.drawn.beats.len()];
        self.pending.clear();
        let word = self.draw(self.choices(sheet, asked), sampler, logits)?;
        if let Some(word) = word {
            self.say(word)?;
        }
        match word.map(|word| word.class) {
            None | Some(Class::Rest) => self.finish_beat(sheet, asked),
            Some(_) => Ok(None),
        }
    }

    /// Draws one of some words, or none if the beat ends.
    fn draw(
        &mut self,
        (mut own, end): (Mask, Option<u16>),
        sampler: &Sampler,
        logits: &mut [f32],
    ) -> Result<Option<Word>, ModelError> {
        if let Some(end) = end {
            // All words that end the beat count as one.
            logits[usize::from(end)] = together(logits, &self::end());
            own.set(end);
        }
        let drawn = sampler.draw(logits, &own, &mut self.rng);
        let (token, log) = drawn.ok_or_else(|| failed("it has no next word"))?;
        self.drawn.log_likelihood += f64::from(log);
        self.drawn.words += 1;
        Ok(Word::of(token).filter(|_| Some(token) != end))
    }

    /// The words that may be drawn, and the one that stands for the end of the beat, if it may end.
    fn choices(&self, sheet: &Sheet, asked: &Asked) -> (Mask, Option<u16>) {
        let mut own = MELODY.iter().fold(Mask::NONE, |mask, class| mask.union(&range(*class)));
        // Who strikes a chord does not rest.
        if !asked.hand.is_empty() {
            own = own.without(&range(Class::Rest));
        }
        match sheet.most.saturating_sub(self.words.len()) {
            0 => own = Mask::NONE,
            // An onset needs a degree too.
            1 => own = own.without(&range(Class::Lead)),
            _ => {}
        }
        let chord = self.words.iter().rev().take_while(|word| word.class != Class::Lead);
        if chord.filter(|word| word.class == Class::Degree).count() >= sheet.together {
            own = own.without(&range(Class::Degree));
        }
        let end = self.may_end(asked).then_some(Class::Beat.ids().start);
        (own.intersection(&self.grammar.allowed()), end)
    }

    /// Whether the melody may be over in this beat.
    fn may_end(&self, asked: &Asked) -> bool {
        match self.words.last().map(|word| word.class) {
            Some(Class::Degree | Class::Accent) => true,
            Some(Class::Play) => !asked.hand.is_empty(),
            _ => false,
        }
    }

    /// The chord hand's words and the frame of the next line become pending; returns what was drawn if there is none.
    fn finish_beat(&mut self, sheet: &Sheet, asked: &Asked) -> Result<Option<Drawn>, ModelError> {
        for word in &asked.hand {
            self.say(*word)?;
        }
        let line = [Word::new(Class::Beat, 0), Word::new(Class::Hold, 0)];
        let said = read(&[&line, &self.words[..]].concat()).map_err(|error| failed(&error.to_string()))?;
        self.words.clear();
        self.drawn.beats.push(said.performer);
        if self.drawn.beats.len() == sheet.lines.len() {
            return Ok(Some(self.drawn.clone()));
        }
        self.give(sheet)?;
        Ok(None)
    }

    /// The frame of the next line becomes pending.
    fn give(&mut self, sheet: &Sheet) -> Result<(), ModelError> {
        for word in &sheet.lines[self.drawn.beats.len()].given {
            self.take(*word)?;
        }
        Ok(())
    }

    /// A word of the performer becomes pending.
    fn say(&mut self, word: Word) -> Result<(), ModelError> {
        self.words.push(word);
        self.take(word)
    }

    fn take(&mut self, word: Word) -> Result<(), ModelError> {
        self.pending.push(word.id());
        if self.grammar.take(word) { Ok(()) } else { Err(failed(&format!("{word:?} cannot stand here"))) }
    }
}

fn range(class: Class) -> Mask {
    Mask::range(class.ids())
}

/// Every word with which a melody is over in its beat, whether or not somebody is there to say it: in what the network
/// has learnt, somebody nearly always is.
fn end() -> Mask {
    NEXT.iter().fold(Mask::NONE, |mask, class| mask.union(&range(*class)))
}

fn failed(what: &str) -> ModelError {
    ModelError::Inference(what.into())
}
