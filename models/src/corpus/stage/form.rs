//! The form of a performance: its sections, when they are announced, and how full the band is asked to play.

use engine::{Grid, Knob, Level, Param, Section};
use fastrand::Rng;

use super::Book;
use crate::rig::Rig;

/// Bars over which the energy of humans is measured, and after which it may be said to have changed.
const PHRASE: usize = 4;

/// Bars by which a cue may be announced ahead.
const NOTICE: [i32; 7] = [0, 1, 1, 2, 4, 4, 8];

/// A section: its first bar, the beat of that bar, and the bar in which it is announced.
type Entry = (i32, i32, Section, i32);

/// The sections and the intensity of a performance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    entries: Vec<Entry>,
    /// From a bar on, the intensity.
    intensity: Vec<(i32, f32)>,
}

impl Form {
    /// As full as humans played: `level` is 0 to 4 for each bar.
    pub fn measured(level: &[u8], rng: &mut Rng) -> Form {
        let mut form = Form::default();
        let mut main = Level::A;
        for (phrase, bars) in level.chunks(PHRASE).enumerate() {
            let bar = (phrase * PHRASE) as i32;
            let mean = bars.iter().map(|level| f32::from(*level)).sum::<f32>() / bars.len() as f32;
            if phrase % 2 == 0 {
                let eight = &level[phrase * PHRASE..level.len().min((phrase + 2) * PHRASE)];
                main = main_of(eight);
                form.announce(bar, 0, Section::Main(main), rng);
            }
            // What section and knob say together is the measured level; see `scribe/head.rs`.
            let intensity = 0.5 + 0.25 * (mean - main.index() as f32);
            form.intensity.push((bar, (4.0 * intensity).round() / 4.0));
        }
        form
    }

    /// A drummer's fill, as full as they played.
    pub fn fill(level: &[u8]) -> Form {
        Form { entries: vec![(0, 0, Section::Fill(main_of(level)), 0)], intensity: vec![(0, 0.5)] }
    }

    /// Drawn: an intro, mains of eight bars and their like, with fills between them, breaks, an ending.
    pub fn drawn(bars: i32, rig: &Rig, rng: &mut Rng) -> Form {
        let mut form = Form::default();
        let mut level = Level::at(rng.usize(0..4));
        let mut bar = 0;
        if rng.f32() < 0.35 && bars > 2 * i32::from(rig.intro.bars) {
            form.entries.push((0, 0, Section::Intro(level), 0));
            bar = i32::from(rig.intro.bars.max(1));
        } else {
            form.entries.push((0, 0, Section::Main(level), 0));
        }
        let end = if rng.f32() < 0.4 { bars - i32::from(rig.ending.bars.max(1)) } else { i32::MAX };
        while bar < bars.min(end) {
            let length = *rng.choice(&[8, 8, 8, 16, 4, 12]).unwrap_or(&8);
            form.interrupt(bar, length.min(end - bar), level, rng);
            bar += length;
            if bar < bars.min(end) - 1 {
                level = neighbour(level, rng);
                form.turn(bar, level, rng);
            }
        }
        if end < i32::MAX {
            form.announce(end, 0, Section::Ending(level), rng);
        }
        form.intensity.push((0, *rng.choice(&[0.5, 0.5, 0.5, 0.3, 0.7]).unwrap_or(&0.5)));
        form
    }

    /// Another main from a bar on, mostly after a fill.
    fn turn(&mut self, bar: i32, level: Level, rng: &mut Rng) {
        self.announce(bar, 0, Section::Main(level), rng);
        if rng.f32() < 0.6 {
            let from = if rng.bool() { 0 } else { 2 };
            self.entries.push((bar - 1, from, Section::Fill(level), bar - 1));
        }
    }

    /// A fill or a break inside a main, now and then.
    fn interrupt(&mut self, bar: i32, length: i32, level: Level, rng: &mut Rng) {
        if length < 4 || rng.f32() > 0.25 {
            return;
        }
        let at = bar + rng.i32(1..length - 1);
        let section = if rng.f32() < 0.4 { Section::Break(level) } else { Section::Fill(level) };
        self.entries.push((at, if rng.bool() { 0 } else { 2 }, section, at));
    }

    fn announce(&mut self, bar: i32, beat: i32, section: Section, rng: &mut Rng) {
        let notice = *rng.choice(&NOTICE).unwrap_or(&0);
        let last = self.entries.last().map_or(0, |entry| entry.0 + 1);
        self.entries.push((bar, beat, section, (bar - notice).max(last.min(bar)).max(0)));
    }

    /// Writes it down.
    pub fn write(&self, grid: &Grid, book: &mut Book) {
        for (bar, beat, section, announced) in &self.entries {
            let within = (*beat).min(grid.meter.beats_per_bar() - 1);
            let from = grid.bar_start(*bar).plus(within);
            let notice = if announced == bar { from } else { grid.bar_start(*announced) };
            book.section(grid.tick_of(notice), *section, from);
        }
        for (bar, intensity) in &self.intensity {
            let at = grid.tick_of(grid.bar_start(*bar));
            book.set(at, Param::of(Knob::Intensity), *intensity);
        }
    }
}

/// The main of bars with these levels.
fn main_of(level: &[u8]) -> Level {
    let sum: usize = level.iter().map(|level| usize::from(*level)).sum();
    Level::at(sum / level.len().max(1))
}

/// Mostly the next level up or down.
fn neighbour(level: Level, rng: &mut Rng) -> Level {
    match rng.u8(0..10) {
        0..5 => Level::at(level.index() + 1),
        5..9 => Level::at(level.index().saturating_sub(1)),
        _ => Level::at(rng.usize(0..4)),
    }
}
