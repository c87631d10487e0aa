//! The lines that were written, as they stand in the network's cache.

use std::sync::Arc;

use engine::Beat;

use super::sketches::Holds;
use crate::accompanist::ModelError;
use crate::net::{Cache, Config, Mask, Net, NetError};
use crate::scribe::{Scribe, Stream};
use crate::tokens::{Class, Grammar, Length, Line, SEATS, Seat, VOCABULARY, Word, write};

/// Beats before the playhead whose chord may still turn out otherwise.
const LATE: i32 = 2;

/// The share of the context that is kept when it is full.
const KEPT: f32 = 0.45;

/// Tokens for which there is room before a line is begun: hardly any line needs more.
const LINE: usize = 192;

/// The shortest context that is of use: what is kept of it is as long as a line.
const SHORTEST: usize = 512;

/// A line with what stood before and after it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its beat.
    pub beat: Beat,
    /// What was written; nothing else is in the cache.
    pub line: Line,
    /// Who played.
    pub seats: [Seat; SEATS],
    /// Whether it was written knowing what was heard.
    pub heard: bool,
    /// What the sketches hold over its end.
    pub holds: Holds,
    /// Onsets of the comp in the bar so far.
    pub onsets: usize,
    /// The stream after it.
    pub after: Stream,
    /// Where the grammar stands after it.
    pub grammar: Grammar,
    /// Tokens in the cache before it.
    pub at: usize,
}

impl Entry {
    /// A line that is yet to be put into a book.
    pub fn new(beat: Beat, line: Line, seats: [Seat; SEATS], heard: bool) -> Entry {
        let (after, grammar) = (Stream::default(), Grammar::default());
        Entry { beat, line, seats, heard, holds: Holds::default(), onsets: 0, after, grammar, at: 0 }
    }

    /// Whether each pitched part goes on sounding over the end of the beat.
    pub fn held(&self) -> [bool; 3] {
        std::array::from_fn(|i| match self.line.tones[i].last() {
            Some(last) => last.touch.length == Length::Tied,
            None => self.line.ties[i],
        })
    }
}

/// The stream: its lines one beat after the other, and the network's memory of just these.
pub struct Book {
    pub(super) cache: Cache,
    entries: Vec<Entry>,
    /// The first beat that is not the opening.
    first: Beat,
    /// How often the beginning was forgotten because the context was full.
    slides: u64,
}

/// Whether a network of this description can write: it must know the words, and have room for some bars of them.
///
/// # Errors
/// In words that begin with the key that is wrong.
pub fn check(config: &Config) -> Result<(), String> {
    let Config { tokens, vocabulary, context, .. } = config;
    if *tokens != Word::fingerprint() {
        return Err(format!(
            "tokens is {tokens}: it was trained with another vocabulary than {}",
            Word::fingerprint()
        ));
    }
    if *vocabulary < VOCABULARY {
        return Err(format!("vocabulary is {vocabulary}, below {VOCABULARY}"));
    }
    if *context < SHORTEST {
        return Err(format!("context is {context}, below {SHORTEST}"));
    }
    Ok(())
}

impl Book {
    /// An empty stream.
    ///
    /// # Errors
    /// If it is not one that can write here.
    pub fn new(net: &Arc<Net>) -> Result<Book, ModelError> {
        check(net.config()).map_err(ModelError::Inference)?;
        Ok(Book { cache: Cache::new(net)?, entries: Vec::new(), first: Beat(0), slides: 0 })
    }

    /// The last line.
    pub fn last(&self) -> Option<&Entry> {
        self.entries.last()
    }

    /// The line of a beat.
    pub fn line(&self, beat: Beat) -> Option<&Entry> {
        let first = self.entries.first()?.beat;
        usize::try_from(beat.0 - first.0).ok().and_then(|i| self.entries.get(i))
    }

    /// Every line that the network remembers.
    #[cfg(test)]
    pub fn lines(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// What the lines so far have said.
    pub fn stream(&self) -> Stream {
        self.last().map_or(Stream::default(), |entry| entry.after)
    }

    /// Where the grammar stands.
    pub fn grammar(&self) -> Grammar {
        self.last().map_or(Grammar::default(), |entry| entry.grammar)
    }

    /// The first beat that is not the opening.
    pub fn first(&self) -> Beat {
        self.first
    }

    /// How often the beginning was forgotten.
    pub fn slides(&self) -> u64 {
        self.slides
    }

    /// Begins again with the lines of an opening.
    pub fn open(&mut self, opening: Vec<Entry>, first: Beat) -> Result<(), NetError> {
        self.cache.truncate(0);
        self.entries.clear();
        self.first = first;
        self.force(opening)
    }

    /// Forgets the lines of a beat and later.
    pub fn truncate(&mut self, from: Beat) {
        let kept = self.entries.partition_point(|entry| entry.beat < from);
        if let Some(entry) = self.entries.get(kept) {
            self.cache.truncate(entry.at);
            self.entries.truncate(kept);
        }
    }

    /// Adds lines that are known.
    pub fn force(&mut self, entries: Vec<Entry>) -> Result<(), NetError> {
        let mut tokens = Vec::new();
        for entry in entries {
            let words = self.take(entry, self.cache.len() + tokens.len());
            tokens.extend(words);
        }
        if tokens.len() + LINE > self.cache.room() {
            return self.slide();
        }
        self.cache.append(&tokens).map(|_| ())
    }

    /// Adds a line whose words are in the cache already, from `at` on.
    pub fn finish(&mut self, entry: Entry, at: usize) {
        self.take(entry, at);
    }

    /// Adds a line, and returns its words.
    fn take(&mut self, mut entry: Entry, at: usize) -> Vec<u16> {
        let words = write(&entry.line);
        entry.at = at;
        entry.after = self.stream().after(&entry.line);
        entry.grammar = self.grammar();
        words.iter().for_each(|word| {
            entry.grammar.take(*word);
        });
        let next = entry.grammar.allowed().intersection(&Mask::range(Class::Beat.ids()));
        debug_assert!(!next.is_empty(), "no line can follow {words:?}");
        self.entries.push(entry);
        words.into_iter().map(Word::id).collect()
    }

    /// Makes room for a line.
    pub fn make_room(&mut self) -> Result<(), NetError> {
        if self.is_tight() { self.slide() } else { Ok(()) }
    }

    /// Whether a line may find no room.
    pub fn is_tight(&self) -> bool {
        self.cache.room() < LINE
    }

    /// Forgets the beginning: what is left begins at a bar line, as a stream does.
    pub fn slide(&mut self) -> Result<(), NetError> {
        let most = (self.cache.net().config().context as f32 * KEPT) as usize;
        let end = self.entries.last().map_or(0, |entry| entry.at + write(&entry.line).len());
        let fits = |entry: &Entry| entry.line.head.is_some() && end - entry.at <= most;
        let from = self.entries.iter().position(fits).unwrap_or(self.entries.len().saturating_sub(1));
        let before = from.checked_sub(1).map_or(Stream::default(), |i| self.entries[i].after);
        let mut kept = self.entries.split_off(from);
        if let Some(first) = kept.first_mut() {
            first.line.chord = before.anew().word(first.after.chord());
        }
        self.slides += 1;
        self.cache.truncate(0);
        self.entries.clear();
        let mut tokens = Vec::new();
        for entry in kept {
            let (past, at) = (self.entries.is_empty().then_some(before), tokens.len());
            tokens.extend(self.take(entry, at));
            if let (Some(before), Some(first)) = (past, self.entries.last_mut()) {
                first.after = before.anew().after(&first.line);
            }
        }
        self.cache.append(&tokens).map(|_| ())
    }

    /// Writes again what turned out otherwise than it was known: from the first such line on.
    pub fn revise(&mut self, scribe: &Scribe) -> Result<(), NetError> {
        let from = self.first.0.max(scribe.now().0 - LATE);
        let stale = |entry: &Entry| {
            let told = !entry.heard && scribe.has_heard(entry.beat);
            entry.beat.0 >= from && (told || scribe.chord(entry.beat) != entry.after.chord())
        };
        let Some(first) = self.entries.iter().position(stale) else { return Ok(()) };
        let tail = self.entries.split_off(first);
        self.cache.truncate(tail[0].at);
        let mut stream = self.stream();
        let mut again = |entry: Entry| {
            let frame = scribe.frame(entry.beat, &stream, entry.seats, entry.line.head.is_some());
            let Line { drums, ties, tones, .. } = entry.line;
            let line = Line { drums, ties, tones, ..frame };
            stream = stream.after(&line);
            Entry { line, heard: scribe.has_heard(entry.beat), ..entry }
        };
        let lines = tail.into_iter().map(&mut again).collect();
        self.force(lines)
    }
}
