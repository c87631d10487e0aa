//! The trained model in the accompanist's chair. Runs on the model thread.
//!
//! Everything that is played stands in one stream of tokens, and in the network's cache. For each beat the scribe writes
//! what is known of it, and then each part is written in turn: by the model, drawn word by word under the grammar; or by
//! the rig's patterns, where the rig says so or a rule demands it. What was written for beats that have begun is written
//! again with what was really heard; beyond, a rewind forgets. Notes become sketches like those of `Groove`, so that its
//! rules and its feel hold over both.
//!
//! | file | what |
//! |---|---|
//! | `book` | the lines, as they stand in the cache |
//! | `opening` | some bars of the rig's own groove, which the stream begins with |
//! | `seats` | who writes each part |
//! | `line` | one line, and the rules over it |
//! | `pen` | draws words |
//! | `scope` | what the rig's instruments can say |
//! | `expectation` | the chord that is expected |
//! | `sketches` | between words and sketches |

mod book;
mod expectation;
mod line;
pub(crate) mod opening;
pub(crate) mod pen;
mod scope;
mod seats;
pub(crate) mod sketches;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use engine::{Beat, Chord, Chunk, Guesses, Heard, HeardKind, Planned, Role, Section, Tick};

use crate::accompanist::{Accompanist, ModelError};
use crate::groove::draft::Draft;
use crate::groove::feel;
use crate::groove::scene::Scene;
use crate::net::{Config, Net};
use crate::rig::Rig;
use crate::scribe::Scribe;
use crate::tokens::{Line, SEATS, Seat};
use book::{Book, Entry};
use line::{Before, Written};
use pen::Pen;

pub use expectation::Expectation;

/// Beats that may be missing from the stream; beyond, it begins again.
const GAP: i32 = 16;

/// The accompanist that plays a trained network.
#[allow(missing_debug_implementations, reason = "it would be millions of numbers")]
pub struct Transformer {
    rig: Arc<Rig>,
    net: Arc<Net>,
    seed: u64,
    scribe: Scribe,
    /// None before the first beat is written.
    book: Option<Book>,
    tokens: u64,
    expectation: Option<(Beat, Expectation)>,
}

impl Transformer {
    /// Takes a rig's chair. The knobs stand as the rig sets them until something else is heard.
    pub fn new(rig: Arc<Rig>, net: Arc<Net>, seed: u64) -> Transformer {
        let scribe = Scribe::new(rig.clone());
        Transformer { rig, net, seed, scribe, book: None, tokens: 0, expectation: None }
    }

    /// Whether a network of this description can take the chair.
    ///
    /// # Errors
    /// In words that begin with the key that is wrong.
    pub fn check(config: &Config) -> Result<(), String> {
        book::check(config)
    }

    /// The chord that is expected at the first beat that has not begun, as far as it has been written.
    pub fn expectation(&self) -> Option<Expectation> {
        self.expectation.filter(|known| known.0 == self.scribe.now().plus(1)).map(|known| known.1)
    }

    /// How often the beginning of the stream was forgotten because the context was full.
    pub fn slides(&self) -> u64 {
        self.book.as_ref().map_or(0, Book::slides)
    }

    /// Writes a beat behind those before it.
    fn write(&mut self, book: &mut Book, chunk: &mut Chunk) -> Result<(), ModelError> {
        self.catch_up(book, chunk.beat)?;
        let scene = Scene::new(&self.rig, self.scribe.listener(), self.seed, chunk.beat, chunk.revision);
        let Some(mut scene) = scene else {
            chunk.section = Section::Stopped;
            return Ok(());
        };
        let (written, drawn, expected) = self.line(book, &mut scene)?;
        let next = self.next(book, chunk.beat)?;
        finish(&scene, &written, next, chunk);
        chunk.guesses = expected.map_or(Guesses::NONE, |expected| expected.guesses);
        let now = self.scribe.now();
        if now >= Beat(0) {
            chunk.heard = now;
        }
        self.expectation = expected.map(|expected| (chunk.beat, expected)).or(self.expectation);
        self.tokens += drawn;
        Ok(())
    }

    /// Writes the line of a scene; returns it with the number of tokens that were drawn, and, for the first beat that
    /// has not begun, the chord that was expected.
    fn line(
        &self,
        book: &mut Book,
        scene: &mut Scene<'_>,
    ) -> Result<(Written, u64, Option<Expectation>), ModelError> {
        let (beat, stream, mut expected) = (scene.beat, book.stream(), None);
        let seats = seats::of(scene, self.scribe.style());
        let frame = self.scribe.frame(beat, &stream, seats, must_say(book.last(), &seats));
        let (before, lately, at) = (Before::after(book.last()), lately(book, beat), book.cache.len());
        let is_next = beat == self.scribe.now().plus(1);
        let look = is_next.then_some(|logits: &[f32]| expected = Expectation::read(logits, &stream));
        let grammar = book.grammar();
        let mut pen = Pen::begin(&mut book.cache, grammar, &frame, look)?;
        let written = line::write(scene, &mut pen, frame, before, &lately)?;
        let drawn = pen.drawn();
        let heard = self.scribe.has_heard(beat);
        let Written { holds, onsets, .. } = written;
        book.finish(Entry { holds, onsets, ..Entry::new(beat, written.line.clone(), seats, heard) }, at);
        Ok((written, drawn, expected))
    }

    /// Brings the stream up to the beat before `beat`, as things are known now.
    fn catch_up(&self, book: &mut Book, beat: Beat) -> Result<(), ModelError> {
        book.truncate(beat);
        let end = book.last().map(|entry| entry.beat.plus(1));
        if beat < book.first() || end.is_none_or(|end| beat.0 - end.0 > GAP) {
            self.open(book, beat)?;
        }
        book.revise(&self.scribe)?;
        while let Some(missing) = self.missing(book, beat) {
            book.force(vec![missing])?;
        }
        Ok(book.make_room()?)
    }

    fn open(&self, book: &mut Book, first: Beat) -> Result<(), ModelError> {
        let listener = self.scribe.listener();
        let grid = listener.grid_at(first);
        let level = listener.form.at(first, &grid, &self.rig).section.level();
        let chord = listener.harmony.at(Tick::MAX);
        Ok(book.open(opening::lines(&self.rig, self.seed, level, chord, first), first)?)
    }

    /// A beat that nobody wrote in time: the band vamped, so it is taken to have played what it did a bar before.
    fn missing(&self, book: &Book, until: Beat) -> Option<Entry> {
        let last = book.last()?;
        let beat = last.beat.plus(1);
        let per_bar = self.scribe.listener().grid_at(beat).meter.beats_per_bar();
        let frame = self.scribe.frame(beat, &last.after, last.seats, false);
        let again = book.line(beat.plus(-per_bar)).map_or(Line::empty(0), |entry| entry.line.clone());
        let line = Line { drums: again.drums, tones: again.tones, ..frame };
        let entry = Entry::new(beat, line, last.seats, self.scribe.has_heard(beat));
        (beat < until).then_some(Entry { holds: last.holds, ..entry })
    }

    /// The chord that is expected after a beat that has just been written, where the model is sure of it.
    fn next(&self, book: &mut Book, beat: Beat) -> Result<Option<Chord>, ModelError> {
        let seats = book.last().map_or([Seat::Tacet; SEATS], |last| last.seats);
        let (stream, len) = (book.stream(), book.cache.len());
        let frame = self.scribe.frame(beat.plus(1), &stream, seats, false);
        let logits = book.cache.append(&pen::ids(&pen::frame(&frame).0))?;
        let expected = Expectation::read(logits, &stream);
        book.cache.truncate(len);
        Ok(expected.and_then(|expected| expected.sure()))
    }
}

/// Fills a chunk with what was written, and with what was planned for.
fn finish(scene: &Scene<'_>, written: &Written, next: Option<Chord>, chunk: &mut Chunk) {
    feel::finish(scene, &written.draft, chunk);
    chunk.cut |= written.cut;
    chunk.section = scene.span.section;
    chunk.chords[0] = Planned { position: 0, chord: scene.chord() };
    chunk.next = scene.next_chord().or(next);
    chunk.ornate =
        scene.is_ornate() || scene.span.section.is_main() && has_foreign_drums(scene, &written.draft);
}

/// Whether a drum is struck that the main does not use: that is a fill or a crash, and no groove to be repeated.
fn has_foreign_drums(scene: &Scene<'_>, draft: &Draft) -> bool {
    let known = |key: u8| scene.place.piece.drums.iter().any(|lane| lane.key == key);
    draft.notes.iter().any(|note| matches!(note.role, Role::Drum(key) if !known(key)))
}

/// Whether a line has to say who plays, because a part begins or ends.
fn must_say(last: Option<&Entry>, seats: &[Seat; SEATS]) -> bool {
    let rests = |seats: &[Seat; SEATS]| seats.map(|seat| seat == Seat::Tacet);
    last.is_none_or(|last| rests(&last.seats) != rests(seats))
}

/// The roles that each pitched part played in the bar before a beat, the latest last.
fn lately(book: &Book, beat: Beat) -> [Vec<Role>; 3] {
    std::array::from_fn(|i| {
        let lines = (-4..0).filter_map(|n| book.line(beat.plus(n)));
        lines.flat_map(|entry| entry.line.tones[i].iter().map(|tone| tone.role)).collect()
    })
}

impl Accompanist for Transformer {
    fn hear(&mut self, heard: Heard) {
        if heard.kind == HeardKind::Stopped {
            self.rewind(Beat(i32::MIN));
        }
        self.scribe.hear(heard);
    }

    fn rewind(&mut self, from: Beat) {
        if let Some(book) = &mut self.book {
            book.truncate(from);
        }
    }

    fn continue_into(&mut self, chunk: &mut Chunk) -> Result<(), ModelError> {
        let mut book = match self.book.take() {
            Some(book) => book,
            None => Book::new(&self.net)?,
        };
        if let Err(error) = self.write(&mut book, chunk) {
            if !book.is_tight() {
                return Err(error);
            }
            // A line that was longer than any should be: it is begun again with all the room there is.
            book.slide()?;
            self.write(&mut book, chunk)?;
        }
        self.book = Some(book);
        Ok(())
    }

    fn name(&self) -> &str {
        &self.net.config().name
    }

    fn tokens(&self) -> u64 {
        self.tokens
    }
}
