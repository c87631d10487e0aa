//! Reads the notation of a lane.

use std::fmt;

use engine::{Meter, POSITIONS};

use super::cell::{Cell, expected, modify, read_cell};
use super::{LaneKind, Pattern, Step};

/// What is wrong in a lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// The character, from 1.
    pub column: usize,
    /// What stands there.
    pub found: String,
    /// What could stand there.
    pub expected: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: found {}, expected {}", self.column, self.found, self.expected)
    }
}

impl std::error::Error for PatternError {}

fn error(column: usize, found: impl Into<String>, expected: impl Into<String>) -> PatternError {
    PatternError { column, found: found.into(), expected: expected.into() }
}

impl Pattern {
    /// Reads a lane of whole bars in a meter.
    ///
    /// # Errors
    /// The first place that is not in the notation, or where beats or bars do not add up.
    pub fn parse(text: &str, kind: LaneKind, meter: Meter) -> Result<Pattern, PatternError> {
        let mut line = Line { pattern: Pattern::default(), kind, meter, open: None, leading: 0 };
        let mut bars: Vec<(usize, &str)> = Vec::new();
        let mut column = 1;
        for bar in text.split('|') {
            bars.push((column, bar));
            column += bar.chars().count() + 1;
        }
        // Bar lines may also stand at both ends.
        let is_blank = |bar: Option<&(usize, &str)>| bar.is_some_and(|bar| bar.1.trim().is_empty());
        if bars.len() > 1 && is_blank(bars.last()) {
            bars.pop();
        }
        if bars.len() > 1 && is_blank(bars.first()) {
            bars.remove(0);
        }
        for (column, bar) in bars {
            line.bar(column, bar)?;
        }
        line.finish(text)
    }
}

/// A lane that is being read.
struct Line {
    pattern: Pattern,
    kind: LaneKind,
    meter: Meter,
    /// The step that a `_` would lengthen.
    open: Option<usize>,
    /// Positions of `_` before anything sounds: they belong to the last step.
    leading: u16,
}

impl Line {
    fn bar(&mut self, column: usize, text: &str) -> Result<(), PatternError> {
        let per_bar = self.meter.beats_per_bar() as usize;
        let mut beats = 0;
        for (at, beat) in words(text) {
            if beats < per_bar {
                self.beat(column + at, beat, usize::from(self.pattern.bars) * per_bar + beats)?;
            }
            beats += 1;
        }
        if beats != per_bar {
            let found = format!("a bar of {beats} beats");
            return Err(error(column, found, format!("{per_bar} beats in {}", self.meter)));
        }
        self.pattern.bars += 1;
        if self.pattern.bars > 16 {
            return Err(error(column, "a seventeenth bar", "at most 16 bars"));
        }
        Ok(())
    }

    fn beat(&mut self, column: usize, text: &str, beat: usize) -> Result<(), PatternError> {
        let mut cells: Vec<Cell> = Vec::new();
        for (i, c) in text.chars().enumerate() {
            if let Some(cell) = read_cell(c, self.kind) {
                cells.push(cell);
                continue;
            }
            let modified = cells.last_mut().is_some_and(|cell| modify(cell, c, self.kind));
            if !modified {
                return Err(error(column + i, format!("`{c}`"), expected(self.kind)));
            }
        }
        if !matches!(cells.len(), 1 | 2 | 3 | 4 | 6 | 12) {
            return Err(error(
                column,
                format!("a beat of {} steps", cells.len()),
                "1, 2, 3, 4, 6 or 12 steps",
            ));
        }
        let width = u16::from(POSITIONS) / cells.len() as u16;
        for (i, cell) in cells.into_iter().enumerate() {
            self.cell(cell, beat as u16, i as u16 * width, width);
        }
        Ok(())
    }

    fn cell(&mut self, cell: Cell, beat: u16, position: u16, width: u16) {
        match cell {
            Cell::Rest => self.open = None,
            Cell::Sound(step) => {
                self.open = Some(self.pattern.steps.len());
                self.pattern.steps.push(Step { beat, position: position as u8, length: width, ..step });
            }
            Cell::Tie => self.tie(beat, position, width),
        }
    }

    /// Lengthens the open step; one that is two bars long is struck again, because no note is longer.
    fn tie(&mut self, beat: u16, position: u16, width: u16) {
        let longest = self.longest();
        let Some(step) = self.open.and_then(|i| self.pattern.steps.get_mut(i)) else {
            if self.pattern.steps.is_empty() {
                self.leading += width;
            }
            return;
        };
        if step.length + width <= longest {
            step.length += width;
            return;
        }
        let again = Step { beat, position: position as u8, length: width, ..*step };
        self.open = Some(self.pattern.steps.len());
        self.pattern.steps.push(again);
    }

    fn longest(&self) -> u16 {
        2 * u16::from(POSITIONS) * self.meter.beats_per_bar() as u16
    }

    fn finish(mut self, text: &str) -> Result<Pattern, PatternError> {
        if self.leading > 0 {
            let longest = self.longest();
            let Some(step) = self.open.and_then(|i| self.pattern.steps.get_mut(i)) else {
                let column = text.find('_').map_or(1, |byte| text[..byte].chars().count() + 1);
                return Err(error(column, "`_`", "a note that goes on over the end of the lane, or a rest"));
            };
            step.length = (step.length + self.leading).min(longest);
        }
        Ok(self.pattern)
    }
}

/// The words of a bar with the column, from 0, at which each begins.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut column = 0;
    text.split(char::is_whitespace).filter_map(move |word| {
        let at = column;
        column += word.chars().count() + 1;
        (!word.is_empty()).then_some((at, word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, kind: LaneKind) -> Result<Pattern, PatternError> {
        Pattern::parse(text, kind, Meter::COMMON)
    }

    #[test]
    fn steps_divide_the_beat_evenly_whatever_their_number() {
        let pattern = read("x xx xxx xxxx", LaneKind::Drums).unwrap();
        let places: Vec<_> = pattern.steps.iter().map(|s| (s.beat, s.position)).collect();
        assert_eq!(places, [(0, 0), (1, 0), (1, 6), (2, 0), (2, 4), (2, 8), (3, 0), (3, 3), (3, 6), (3, 9)]);
    }

    #[test]
    fn modifiers_are_no_steps() {
        let pattern = read("1^'.5,?. . . 1>!___", LaneKind::Bass).unwrap();
        assert_eq!(pattern.steps[1].position, 6);
        assert!(pattern.steps[1].optional && pattern.steps[1].octave == -1);
        assert!(pattern.steps[2].anticipates && pattern.steps[2].staccato && pattern.steps[2].length == 12);
    }

    #[test]
    fn a_tie_goes_on_over_bar_lines_and_round_the_end() {
        let pattern = read("__ C_ __ .. | .. .. .. .C", LaneKind::Chords).unwrap();
        assert_eq!(pattern.bars, 2);
        assert_eq!(pattern.steps[0].length, 24);
        assert_eq!(pattern.steps[1].length, 6 + 12);
    }

    #[test]
    fn no_note_is_longer_than_two_bars() {
        let pattern = read("C _ _ _ | _ _ _ _ | _ _ _ _", LaneKind::Chords).unwrap();
        let lengths: Vec<_> = pattern.steps.iter().map(|s| (s.beat, s.length)).collect();
        assert_eq!(lengths, [(0, 96), (8, 48)]);
    }

    #[test]
    fn an_error_names_its_column() {
        let at = |text, kind| read(text, kind).unwrap_err().column;
        assert_eq!(at("x x q x", LaneKind::Drums), 5);
        assert_eq!(at("| x x x x | x x xy x |", LaneKind::Drums), 18);
        assert_eq!(at("1 1 1 1 | 1 1 1", LaneKind::Bass), 10);
        assert_eq!(at("1 11111 1 1", LaneKind::Bass), 3);
        assert_eq!(at("_ C . .", LaneKind::Chords), 1);
        assert_eq!(at(".? x x x", LaneKind::Drums), 2);
    }

    #[test]
    fn a_compound_bar_has_as_many_beats_as_pulses() {
        let pattern = Pattern::parse("x.x x..", LaneKind::Drums, Meter::new(6, 8).unwrap()).unwrap();
        assert_eq!(pattern.steps.iter().map(|s| s.position).collect::<Vec<_>>(), [0, 8, 0]);
    }
}
