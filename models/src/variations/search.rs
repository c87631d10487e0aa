//! Draws until as many different melodies are found as are wanted, or until too few are new.

use std::collections::HashSet;
use std::ops::Range;

use super::desk::Pile;
use super::melody::{self, Manner};
use super::rank::{Outline, Rank, rank};
use super::row::Drawn;
use super::sheet::Sheet;
use super::{Variation, Variations};

/// Variations that are drawn for each that is wanted before the search is given up.
const TRIES: u64 = 4;

/// Variations that are drawn at least when some are missing.
const LEAST: u64 = 64;

/// What was found so far.
pub struct Search {
    roots: Vec<u8>,
    manner: Manner,
    original: Outline,
    /// The lines of those that were kept, and of the phrase.
    seen: HashSet<Vec<u8>>,
    kept: Vec<Variation>,
    outlines: Vec<Outline>,
    drawn: u64,
    tokens: u64,
}

impl Search {
    /// Nothing is found yet but the phrase itself.
    pub fn new(sheet: &Sheet, manner: Manner) -> Search {
        let (roots, original) = (sheet.roots(), sheet.original());
        let line = melody::line(&melody::notes(&original, &roots, &manner), &original, &roots);
        Search {
            roots,
            manner,
            original: Outline::new(line.clone()),
            seen: HashSet::from([line]),
            kept: Vec::new(),
            outlines: Vec::new(),
            drawn: 0,
            tokens: 0,
        }
    }

    /// The numbers of the variations to draw next; none where the search is over.
    pub fn missing(&self, count: u64) -> Option<Range<u64>> {
        let missing = count.saturating_sub(self.kept.len() as u64);
        let left = (TRIES * count + LEAST).saturating_sub(self.drawn);
        // At first just what is wanted, then some more, for many will be known.
        let some = if self.drawn == 0 { missing } else { missing.max(LEAST) };
        (missing > 0 && left > 0).then(|| self.drawn..self.drawn + some.min(left))
    }

    /// Takes in what was drawn, up to `count` melodies.
    pub fn take(&mut self, pile: Pile, count: usize) {
        self.drawn += pile.drawn.len() as u64;
        self.tokens += pile.tokens;
        for drawn in pile.drawn {
            if self.kept.len() < count {
                self.keep(&drawn);
            }
        }
    }

    /// Keeps a melody that has notes and is not known.
    fn keep(&mut self, drawn: &Drawn) {
        let notes = melody::notes(&drawn.beats, &self.roots, &self.manner);
        let line = melody::line(&notes, &drawn.beats, &self.roots);
        if notes.is_empty() || !self.seen.insert(line.clone()) {
            return;
        }
        let outline = Outline::new(line);
        self.kept.push(Variation {
            notes,
            log_likelihood: drawn.log_likelihood / f64::from(drawn.words.max(1)),
            nearest: None,
            original: outline.distance(&self.original),
        });
        self.outlines.push(outline);
    }

    /// The melodies, the best first.
    pub fn ranked(self) -> Variations {
        let likelihood: Vec<f64> = self.kept.iter().map(|kept| kept.log_likelihood).collect();
        let ranks = rank(&self.outlines, &likelihood);
        let place = |rank: &Rank| Variation { nearest: rank.nearest, ..self.kept[rank.which].clone() };
        Variations { ranked: ranks.iter().map(place).collect(), drawn: self.drawn, tokens: self.tokens }
    }
}
