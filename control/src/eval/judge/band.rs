//! What sounded, as a score: the notes of band and performer, the chords, the form.

use std::collections::HashMap;

use engine::{Chord, Grid, Level, Meter, Part, Section, Sounded, SoundedKind, Tick};

/// A note from its beginning to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sounding {
    /// Who played it.
    pub part: Part,
    /// MIDI key.
    pub key: u8,
    /// 1 to 127.
    pub velocity: u8,
    /// The tick at which it began.
    pub on: Tick,
    /// The tick at which it ended.
    pub off: Tick,
    /// It did not strike: an earlier note moved here with the chord.
    pub moved: bool,
}

impl Sounding {
    /// Whether it sounds at a tick.
    pub fn sounds_at(&self, tick: Tick) -> bool {
        self.on <= tick && tick < self.off
    }

    /// How long it sounds inside a span, in ticks.
    pub fn within(&self, from: Tick, to: Tick) -> Tick {
        (self.off.min(to) - self.on.max(from)).max(0)
    }
}

/// A performance in one meter.
#[derive(Clone, Debug)]
pub struct Band {
    /// Notes of drums, bass, comp and pads, by their beginning.
    pub notes: Vec<Sounding>,
    /// Notes of the performer, by their beginning.
    pub performer: Vec<Sounding>,
    /// The chord that the band played from each tick on.
    pub chords: Vec<(Tick, Option<Chord>)>,
    /// The section from each tick on.
    pub sections: Vec<(Tick, Section)>,
    /// Bars and beats; bar 0 begins at tick 0.
    pub grid: Grid,
    /// The tick at which the last note ended.
    pub end: Tick,
}

impl Band {
    /// A performance from its notes; the performer's are those of [`Part::Lead`].
    pub fn new(
        meter: Meter,
        notes: impl IntoIterator<Item = Sounding>,
        chords: Vec<(Tick, Option<Chord>)>,
        sections: Vec<(Tick, Section)>,
    ) -> Band {
        let mut all: Vec<Sounding> = notes.into_iter().collect();
        all.sort_by_key(|note| (note.on, note.part, note.key));
        let end = all.iter().map(|note| note.off).max().unwrap_or(0);
        let (performer, notes) = all.into_iter().partition(|note| note.part == Part::Lead);
        Band { notes, performer, chords, sections, grid: Grid::new(meter), end }
    }

    /// A performance from what left the audio thread. It is judged in its first meter.
    pub fn collect(sounded: &[Sounded]) -> Band {
        let mut open: HashMap<(Part, u8), Vec<Sounding>> = HashMap::new();
        let (mut notes, mut chords, mut sections) = (Vec::new(), Vec::new(), Vec::new());
        let mut meter = None;
        for &Sounded { tick, kind, .. } in sounded {
            match kind {
                SoundedKind::On { part, key, velocity, moved } => {
                    let note = Sounding { part, key, velocity, on: tick, off: Tick::MAX, moved };
                    open.entry((part, key)).or_default().push(note);
                }
                SoundedKind::Off { part, key } => {
                    let held = open.entry((part, key)).or_default();
                    if !held.is_empty() {
                        notes.push(Sounding { off: tick, ..held.remove(0) });
                    }
                }
                SoundedKind::AllOff => notes.extend(ended(&mut open, tick)),
                SoundedKind::Chord { chord, since } => chords.push((since, chord)),
                SoundedKind::Section(section) => sections.push((tick, section)),
                SoundedKind::Meter(first) => meter = meter.or(Some(first)),
                SoundedKind::Tempo(_) | SoundedKind::Controller { .. } | SoundedKind::Program { .. } => {}
            }
        }
        let last = sounded.last().map_or(0, |last| last.tick);
        notes.extend(ended(&mut open, last));
        Band::new(meter.unwrap_or(Meter::COMMON), notes, chords, sections)
    }

    /// The notes of a part.
    pub fn part(&self, part: Part) -> impl Iterator<Item = &Sounding> + Clone {
        self.notes.iter().filter(move |note| note.part == part)
    }

    /// The notes that a part struck: those that did not only move with the chord.
    pub fn struck(&self, part: Part) -> impl Iterator<Item = &Sounding> + Clone {
        self.part(part).filter(|note| !note.moved)
    }

    /// The chord at a tick.
    pub fn chord_at(&self, tick: Tick) -> Option<Chord> {
        self.chords.iter().rev().find(|(since, _)| *since <= tick).and_then(|(_, chord)| *chord)
    }

    /// Each chord with the span in which it was played; a chord that is said again goes on.
    pub fn spans(&self) -> Vec<(Tick, Tick, Chord)> {
        let mut changes = self.chords.clone();
        changes.dedup_by_key(|(_, chord)| *chord);
        let ends = changes.iter().skip(1).map(|(tick, _)| *tick).chain([self.end]);
        let spans = changes.iter().zip(ends).filter_map(|(&(from, chord), to)| Some((from, to, chord?)));
        spans.filter(|(from, to, _)| from < to).collect()
    }

    /// The section at a tick.
    pub fn section_at(&self, tick: Tick) -> Section {
        self.sections.iter().rev().find(|(from, _)| *from <= tick).map_or(Section::Stopped, |found| found.1)
    }

    /// The spans in which a section was played, in order; the last one ends with its bar.
    pub fn stretches(&self, wanted: impl Fn(Section) -> bool) -> Vec<(Tick, Tick, Level)> {
        let ends =
            self.sections.iter().skip(1).map(|(tick, _)| *tick).chain([self.bars() as Tick * self.bar()]);
        let found = self.sections.iter().zip(ends).filter(|((_, section), _)| wanted(*section));
        found
            .map(|(&(from, section), to)| (from, to, section.level()))
            .filter(|(from, to, _)| from < to)
            .collect()
    }

    /// Ticks in a bar.
    pub fn bar(&self) -> Tick {
        self.grid.meter.ticks_per_bar()
    }

    /// Ticks in a felt pulse.
    pub fn beat(&self) -> Tick {
        self.grid.meter.ticks_per_beat()
    }

    /// How many bars there are.
    pub fn bars(&self) -> usize {
        (self.end.max(0) as u64).div_ceil(self.bar() as u64) as usize
    }
}

/// Ends every open note.
fn ended(open: &mut HashMap<(Part, u8), Vec<Sounding>>, tick: Tick) -> Vec<Sounding> {
    open.drain().flat_map(|(_, notes)| notes).map(|note| Sounding { off: tick, ..note }).collect()
}
