//! The sections as they were announced: which one plays at a beat, and how it lies in the bars.

use engine::{Beat, Grid, Section};

use crate::rig::{Piece, Rig};

/// Announced sections that are remembered.
const KEPT: usize = 24;

/// The sections in the order of their first beats.
#[derive(Clone, Debug, Default)]
pub struct Form {
    entries: Vec<(Beat, Section)>,
}

/// A section as it lies at a beat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// What plays.
    pub section: Section,
    /// Its first beat.
    pub from: Beat,
}

impl Form {
    /// Takes in that `section` plays from `from` on; what was announced for later no longer holds.
    pub fn announce(&mut self, section: Section, from: Beat) {
        self.entries.retain(|entry| entry.0 < from);
        // A cue announces again what goes on: that is no new beginning.
        if self.entries.last().is_none_or(|entry| entry.1 != section) {
            self.entries.push((from, section));
        }
        let surplus = self.entries.len().saturating_sub(KEPT);
        self.entries.drain(..surplus);
    }

    /// What plays at a beat. A section whose bars are over has led on by itself.
    pub fn at(&self, beat: Beat, grid: &Grid, rig: &Rig) -> Span {
        let last = self.entries.iter().rev().find(|entry| entry.0 <= beat);
        let Some(&(from, section)) = last else { return Span { section: Section::Stopped, from: beat } };
        let span = Span { section, from };
        match follower(span, grid, rig) {
            Some(next) if next.from <= beat => next,
            _ => span,
        }
    }

    /// The next section that is announced after a beat, or that the present one leads to by itself.
    pub fn next(&self, beat: Beat, grid: &Grid, rig: &Rig) -> Option<Span> {
        let announced = self.entries.iter().find(|entry| entry.0 > beat);
        match announced {
            Some(&(from, section)) => Some(Span { section, from }),
            None => follower(self.at(beat, grid, rig), grid, rig).filter(|span| span.from > beat),
        }
    }

    /// The first beat of the phrases: where this main began, whatever fills and breaks came between.
    pub fn origin(&self, beat: Beat, grid: &Grid, rig: &Rig) -> Beat {
        let span = self.at(beat, grid, rig);
        let level = span.section.level();
        let mut origin = span.from;
        // A fill leads to its level and breaks return to it, so only another main, an intro or a stop begins anew.
        for (from, section) in self.entries.iter().rev().skip_while(|entry| entry.0 > beat) {
            match section {
                Section::Main(l) if *l == level => origin = *from,
                Section::Fill(l) | Section::Break(l) if *l == level => {}
                _ => break,
            }
        }
        grid.next_bar(origin)
    }
}

/// What a section leads to by itself: the same lengths as in `engine/src/audio/form.rs`.
fn follower(span: Span, grid: &Grid, rig: &Rig) -> Option<Span> {
    let after = |bars: u8| grid.bar_start(grid.place(span.from).0 + i32::from(bars.max(1)));
    let line = grid.next_bar(span.from.plus(1));
    let (section, from) = match span.section {
        Section::Intro(level) => (Section::Main(level), after(rig.intro.bars)),
        Section::Fill(level) => (Section::Main(level), line),
        Section::Break(level) => {
            let bars = i32::from(rig.break_.bars.max(1)) - 1;
            (Section::Main(level), grid.bar_start(grid.place(line).0 + bars))
        }
        Section::Ending(_) => (Section::Stopped, after(rig.ending.bars)),
        Section::Main(_) | Section::Stopped => return None,
    };
    Some(Span { section, from })
}

/// A place in a piece of the rig.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// What is played.
    pub piece: &'a Piece,
    /// The bar whose patterns are played: of the grid for what repeats, of the piece for what is played once.
    pub bar: i32,
    /// The beat in the bar, from 0.
    pub beat: i32,
}

/// Where a beat of a section lies in its piece; none while the band rests.
///
/// Mains count their bars from bar 0 of the grid, so that no section turns the clave round.
pub fn place<'a>(span: Span, beat: Beat, grid: &Grid, rig: &'a Rig, choice: usize) -> Option<Place<'a>> {
    let (bar, place) = grid.place(beat);
    let since = bar - grid.place(span.from).0;
    let level = span.section.level().index();
    let (piece, bar) = match span.section {
        Section::Stopped => return None,
        Section::Main(_) => (&rig.mains[level], bar),
        Section::Intro(_) => (&rig.intro, since),
        Section::Ending(_) => (&rig.ending, since),
        Section::Break(_) => (&rig.break_, since),
        Section::Fill(_) => match fill(rig, level, bar, choice) {
            Some((piece, bar)) => (piece, bar),
            None => (&rig.mains[level], bar),
        },
    };
    Some(Place { piece, bar, beat: place })
}

/// One of the fills of a level, and its bar that ends at the end of this bar.
pub fn fill(rig: &Rig, level: usize, bar: i32, choice: usize) -> Option<(&Piece, i32)> {
    let fills = &rig.fills[level];
    let piece = fills.get(choice % fills.len().max(1))?;
    let in_phase = rig.unit_bars > 1 && piece.bars == rig.unit_bars;
    Some((piece, if in_phase { bar } else { i32::from(piece.bars.max(1)) - 1 }))
}
