//! What was written, as a table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::copies::Copies;
use super::{Stream, name};
use crate::corpus::mix::{Material, Set};
use crate::corpus::song::Split;
use crate::tokens::{Class, Line, Word};

/// Tokens a beat that are told apart; longer beats count as this long.
const LONGEST: usize = 256;

/// Counts of everything that was written.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    sets: BTreeMap<(&'static str, Set), Counts>,
    /// How often each word was written.
    words: BTreeMap<u16, u64>,
    /// Beats of each rig.
    rigs: BTreeMap<String, u64>,
    /// Songs of each file, by split.
    songs: BTreeMap<(String, &'static str), BTreeSet<String>>,
    copies: Copies,
}

/// Counts of a set in a split.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Items.
    pub items: u64,
    /// Stretches that could not be cast.
    pub skipped: u64,
    /// Beats.
    pub beats: u64,
    /// Beats whose line is written before they begin.
    pub unheard: u64,
    /// Beats whose line does not read back.
    pub unread: u64,
    /// Tokens.
    pub tokens: u64,
    /// Tokens that count in the loss.
    pub predicted: u64,
    /// What they count.
    pub weight: f64,
    /// Notes of drums, bass, comp and pads.
    pub notes: [u64; 4],
    /// Beats by their tokens.
    lengths: BTreeMap<usize, u64>,
}

impl Counts {
    /// Tokens of all but one beat in twenty are at most this many.
    fn p95(&self) -> usize {
        let mut seen = 0;
        let reaches = |(_, beats): &(&usize, &u64)| {
            seen += **beats;
            20 * seen >= 19 * self.beats
        };
        self.lengths.iter().find(reaches).map_or(0, |row| *row.0)
    }

    fn mean(&self) -> f64 {
        self.tokens as f64 / self.beats.max(1) as f64
    }

    fn line(&mut self, line: &Line, words: usize) {
        *self.lengths.entry(words.min(LONGEST)).or_default() += 1;
        self.beats += 1;
        self.unheard += u64::from(line.performer == crate::tokens::Performer::Unheard);
        let [bass, comp, pads] = &line.tones;
        let notes = [line.drums.len(), bass.len(), comp.len(), pads.len()];
        self.notes.iter_mut().zip(notes).for_each(|(all, notes)| *all += notes as u64);
    }
}

impl Statistics {
    /// Counts an item.
    pub fn count(&mut self, split: Split, material: &Material, stream: &Stream) {
        let counts = self.sets.entry((name(split), material.set)).or_default();
        counts.items += 1;
        counts.unread += stream.unread;
        counts.tokens += stream.words.len() as u64;
        counts.predicted += stream.weights.iter().filter(|weight| **weight > 0).count() as u64;
        counts.weight += stream.weights.iter().map(|weight| f64::from(*weight) / 100.0).sum::<f64>();
        let lines = stream.words.chunk_by(|_, next| next.class != Class::Beat);
        lines.zip(&stream.lines).for_each(|(words, line)| counts.line(line, words.len()));
        for word in &stream.words {
            *self.words.entry(word.id()).or_default() += 1;
        }
        *self.rigs.entry(stream.rig.clone()).or_default() += stream.lines.len() as u64;
        let song = material.id.rsplit_once(':').map_or(material.id.as_str(), |(song, _)| song);
        self.songs.entry((material.file.clone(), name(split))).or_default().insert(song.to_string());
        if split == Split::Train {
            self.copies.count(&stream.lines);
        }
    }

    /// Counts a stretch that could not be cast.
    pub fn skip(&mut self, split: Split, material: &Material) {
        self.sets.entry((name(split), material.set)).or_default().skipped += 1;
    }

    /// The counts of a set in a split.
    pub fn of(&self, split: Split, set: Set) -> Option<&Counts> {
        self.sets.get(&(name(split), set))
    }

    fn unused(&self) -> BTreeMap<String, usize> {
        let mut unused = BTreeMap::new();
        for class in Class::all() {
            let missing = class.ids().filter(|id| !self.words.contains_key(id)).count();
            if missing > 0 {
                unused.insert(format!("{class:?}"), missing);
            }
        }
        unused
    }

    fn sets_table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| split | set | items | skipped | beats | tokens | predicted | weight | tokens a beat | p95 |"
        )?;
        writeln!(f, "|---|---|---|---|---|---|---|---|---|---|")?;
        for ((split, set), c) in &self.sets {
            let (name, mean) = (set.name(), c.mean());
            write!(f, "| {split} | {name} | {} | {} | {} | {} | ", c.items, c.skipped, c.beats, c.tokens)?;
            writeln!(f, "{} | {:.0} | {mean:.1} | {} |", c.predicted, c.weight, c.p95())?;
        }
        writeln!(
            f,
            "\n| split | set | unheard | unread | drums a beat | bass | comp | pads |\n|---|---|---|---|---|---|---|---|"
        )?;
        for ((split, set), c) in &self.sets {
            let share = |n: u64| n as f64 / c.beats.max(1) as f64;
            write!(f, "| {split} | {} | {:.2} | {:.5} |", set.name(), share(c.unheard), share(c.unread))?;
            c.notes.iter().try_for_each(|notes| write!(f, " {:.2} |", share(*notes)))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sets_table(f)?;
        writeln!(f, "\n| file | split | songs |\n|---|---|---|")?;
        for ((file, split), songs) in &self.songs {
            writeln!(f, "| {file} | {split} | {} |", songs.len())?;
        }
        writeln!(f, "\n| rig | beats |\n|---|---|")?;
        self.rigs.iter().try_for_each(|(rig, beats)| writeln!(f, "| {rig} | {beats} |"))?;
        let known = (0..crate::tokens::VOCABULARY as u16).filter_map(Word::of).count();
        writeln!(f, "\nwords used: {} of {known}; never: {:?}", self.words.len(), self.unused())?;
        let (tokens, beats) = self.sets.values().fold((0, 0), |all, c| (all.0 + c.tokens, all.1 + c.beats));
        writeln!(f, "tokens a beat, all: {:.2}", tokens as f64 / beats.max(1) as f64)?;
        for (what, (all, found)) in
            ["kick and snare", "kick, snare and bass"].into_iter().zip(self.copies.counted())
        {
            let share = 100.0 * found as f64 / all.max(1) as f64;
            writeln!(f, "bars of humans whose {what} a rig plays too: {found} of {all} ({share:.1} %)")?;
        }
        Ok(())
    }
}
