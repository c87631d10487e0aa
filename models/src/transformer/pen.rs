//! Writes a line into the cache, part by part: what is given as it is, what is drawn word by word under the grammar.

use engine::{Part, Role};

use super::scope;
use super::sketches::PITCHED;
use crate::accompanist::ModelError;
use crate::net::{Cache, Mask, NetError, Sampler};
use crate::tokens::{Class, Grammar, Line, VOCABULARY, Word, Writer, read, role};

/// Words that a part may take of a beat, in the order of the band.
const MOST: [usize; 4] = [56, 24, 40, 24];

/// Alike notes in a row from which on another one costs nothing less.
const PATIENCE: usize = 3;

/// A line that is being written.
pub struct Pen<'a> {
    cache: &'a mut Cache,
    grammar: Grammar,
    logits: Vec<f32>,
    /// What stood when the part began.
    before: Mark,
    /// The words of the part.
    words: Vec<Word>,
    /// Words that were drawn.
    drawn: u64,
}

/// A place to come back to.
#[derive(Clone, Debug)]
struct Mark {
    len: usize,
    grammar: Grammar,
    logits: Vec<f32>,
}

impl From<NetError> for ModelError {
    fn from(error: NetError) -> ModelError {
        ModelError::Inference(error.to_string())
    }
}

/// What a part is drawn from.
pub struct Task<'a> {
    /// The part.
    pub part: Part,
    /// Its notes, as far as the rig has them.
    pub notes: Mask,
    /// Whether something of it sounds on from the line before.
    pub held: bool,
    /// How boldly.
    pub sampler: Sampler,
    /// The roles that it played last, the latest last.
    pub lately: &'a [Role],
}

impl<'a> Pen<'a> {
    /// Begins a line with its frame; `look`, if there is one, is shown the logits of the chord.
    pub fn begin(
        cache: &'a mut Cache,
        mut grammar: Grammar,
        frame: &Line,
        look: Option<impl FnOnce(&[f32])>,
    ) -> Result<Pen<'a>, ModelError> {
        let (mut words, rest) = self::frame(frame);
        let mut read = 0;
        if let Some(look) = look {
            look(cache.append(&ids(&words))?);
            read = words.len();
        }
        words.extend(rest);
        let logits = cache.append(&ids(&words[read..]))?.to_vec();
        for word in words {
            take(&mut grammar, word)?;
        }
        let before = Mark { len: cache.len(), grammar, logits: logits.clone() };
        Ok(Pen { cache, grammar, logits, before, words: Vec::new(), drawn: 0 })
    }

    /// Draws a part, and returns what it says.
    pub fn draw(&mut self, task: &Task<'_>, rng: &mut fastrand::Rng) -> Result<Line, ModelError> {
        self.mark();
        let penalties = penalties(task);
        while let Some(word) = self.next(task, &penalties, rng)? {
            take(&mut self.grammar, word)?;
            self.words.push(word);
            self.drawn += 1;
            self.logits.clear();
            self.logits.extend_from_slice(self.cache.step(word.id())?);
        }
        said(&self.words)
    }

    /// Draws the next word; none where the part is over.
    fn next(
        &self,
        task: &Task<'_>,
        penalties: &[f32],
        rng: &mut fastrand::Rng,
    ) -> Result<Option<Word>, ModelError> {
        let allowed = self.grammar.allowed();
        let ends = allowed.intersection(&scope::ends(task.part));
        let is_over = self.words.len() >= MOST[task.part.index()];
        let mut own = self.own(&allowed, task);
        if is_over && !ends.is_empty() || own.is_empty() && !ends.is_empty() {
            return Ok(None);
        }
        let mut logits = self.logits.clone();
        task.sampler.penalise(&mut logits, penalties);
        // All words that end the part count as one.
        let end = ends.iter().next();
        if let Some(end) = end {
            logits[usize::from(end)] = together(&self.logits, &ends);
            own.set(end);
        }
        let (token, _) =
            task.sampler.draw(&logits, &own, rng).ok_or_else(|| failed("it has no next word"))?;
        Ok(Word::of(token).filter(|_| Some(token) != end))
    }

    /// The words with which the part may go on.
    fn own(&self, allowed: &Mask, task: &Task<'_>) -> Mask {
        let mut frame = scope::frame(task.part).intersection(allowed);
        let ties = Mask::range(Class::Tie.ids());
        if !task.held {
            frame = frame.without(&ties);
        }
        // Before the first onset the grammar still allows what belongs to the part before.
        if !self.words.iter().any(|word| word.class == Class::Position) {
            return frame.intersection(&Mask::range(Class::Position.ids()).union(&ties));
        }
        let notes = task.notes.intersection(allowed);
        let touches = Mask::range(Class::Touch.ids());
        if notes.is_empty() {
            frame = frame.without(&touches);
        } else if let Some(touch) = self.touch(task.part) {
            frame.clear(touch);
        }
        frame.union(&notes)
    }

    /// How the part plays, as a word that need not be said again.
    fn touch(&self, part: Part) -> Option<u16> {
        /// Normal and full, which is how every line begins.
        const USUAL: u16 = 13;
        let pitched = PITCHED.iter().position(|known| *known == part)? as u16;
        let last = self.words.iter().rev().find(|word| word.class == Class::Touch);
        Some(last.map_or(Class::Touch.ids().start + pitched * 20 + USUAL, |word| word.id()))
    }

    /// Sees to it that the cache has of a part just what the line says.
    pub fn settle(&mut self, line: &Line, part: Part) -> Result<(), ModelError> {
        let mut writer = Writer::default();
        writer.part(line, part);
        if writer.words != self.words {
            let Mark { len, grammar, logits } = self.before.clone();
            self.cache.truncate(len);
            (self.grammar, self.logits) = (grammar, logits);
            if !writer.words.is_empty() {
                self.logits = self.cache.append(&ids(&writer.words))?.to_vec();
            }
            for word in &writer.words {
                take(&mut self.grammar, *word)?;
            }
        }
        self.mark();
        Ok(())
    }

    fn mark(&mut self) {
        self.words.clear();
        self.before = Mark { len: self.cache.len(), grammar: self.grammar, logits: self.logits.clone() };
    }

    /// How many words were drawn.
    pub fn drawn(&self) -> u64 {
        self.drawn
    }
}

/// The words of a frame: up to the chord, and from there on.
pub fn frame(line: &Line) -> (Vec<Word>, Vec<Word>) {
    let chord = [Class::Expected, Class::Hold, Class::NoChord, Class::Change];
    let mut writer = Writer::default();
    writer.frame(line);
    let place = writer.words.iter().position(|word| chord.contains(&word.class));
    let rest = writer.words.split_off(place.unwrap_or(0));
    (writer.words, rest)
}

/// The numbers of words.
pub fn ids(words: &[Word]) -> Vec<u16> {
    words.iter().map(|word| word.id()).collect()
}

/// The logarithm of the sum of what some tokens weigh.
pub fn together(logits: &[f32], tokens: &Mask) -> f32 {
    let all = || tokens.iter().filter_map(|token| logits.get(usize::from(token)).copied());
    let top = all().fold(f32::NEG_INFINITY, f32::max);
    top + all().map(|logit| (logit - top).exp()).sum::<f32>().ln()
}

fn take(grammar: &mut Grammar, word: Word) -> Result<(), ModelError> {
    if grammar.take(word) { Ok(()) } else { Err(failed(&format!("{word:?} cannot stand here"))) }
}

fn failed(what: &str) -> ModelError {
    ModelError::Inference(what.into())
}

/// The line that the words of one part make.
fn said(words: &[Word]) -> Result<Line, ModelError> {
    let frame =
        [(Class::Beat, 0), (Class::Hold, 0), (Class::Unheard, 0)].map(|(class, n)| Word::new(class, n));
    read(&[&frame, words].concat()).map_err(|error| failed(&error.to_string()))
}

/// What saying the same note yet again costs.
fn penalties(task: &Task<'_>) -> Vec<f32> {
    let mut penalties = vec![0.0; VOCABULARY];
    let Some(last) = task.lately.last() else { return penalties };
    let run = task.lately.iter().rev().take_while(|role| *role == last).count();
    for token in task.notes.iter() {
        let says = Word::of(token).and_then(|word| role(word.n));
        if says == Some(*last) {
            penalties[usize::from(token)] = run.saturating_sub(PATIENCE) as f32;
        }
    }
    penalties
}
