//! What the performer played: the phrase that is varied, cut out of what was heard of a take.

use engine::{Beat, Chord, EventKind, Grid, Heard, HeardKind, POSITIONS, Tick};

use super::Note;
use crate::groove::listener::Listener;
use crate::rig::Rig;

/// Whole bars of a performance, from the one in which its melody begins.
#[derive(Clone, Debug)]
pub struct Phrase {
    /// Everything that was heard until it ended.
    pub(super) heard: Vec<Heard>,
    /// The bars that it lies in.
    pub(super) grid: Grid,
    /// Its first beat; a bar line.
    pub(super) first: Beat,
    /// How many beats it has.
    pub(super) beats: i32,
    /// The chords of all beats from the first of the performance to the last of the phrase.
    pub(super) chords: Vec<Option<Chord>>,
    /// The lowest key of the melody.
    pub(super) split: u8,
    /// The place of the off-beat in what it divides.
    pub(super) swing: f32,
    bpm: f32,
}

impl Phrase {
    /// Looks for the phrase in what was heard of a whole take: at most `bars` bars of one meter.
    ///
    /// `None` if there is no melody: no key at or above the split was struck.
    pub fn find(rig: &Rig, heard: Vec<Heard>, bars: u32) -> Option<Phrase> {
        let mut listener = Listener::new(rig);
        let mut last = Beat(-1);
        let mut melody = None;
        for one in &heard {
            if let HeardKind::Beat { beat, .. } = one.kind {
                melody = melody.or(Some(last).filter(|last| strikes(&listener, *last)));
                last = beat;
            }
            listener.hear(*one);
        }
        let melody = melody.or(Some(last).filter(|last| strikes(&listener, *last)))?;
        let grid = listener.grid_at(melody);
        let first = grid.bar_start(grid.place(melody).0);
        let wanted = (bars.max(1) as i32).saturating_mul(grid.meter.beats_per_bar());
        let end = end(&heard, first, &grid).min(first.0.saturating_add(wanted));
        Some(Phrase::cut(rig, heard, grid, first, end - first.0))
    }

    /// Listens again, up to the end of the phrase and no further.
    fn cut(rig: &Rig, mut heard: Vec<Heard>, grid: Grid, first: Beat, beats: i32) -> Phrase {
        let end = first.plus(beats);
        let enters = |one: &Heard| matches!(one.kind, HeardKind::Beat { beat, .. } if beat >= end);
        heard.truncate(heard.iter().position(enters).unwrap_or(heard.len()));
        // An early finger means what follows the phrase.
        let early = grid.tick_of(end) - grid.meter.ticks_per_beat() / (2 * Tick::from(POSITIONS));
        heard.retain(|one| !matches!(one.kind, HeardKind::Stopped) && (one.at < early || !is_struck(one)));
        let mut listener = Listener::new(rig);
        heard.iter().for_each(|one| listener.hear(*one));
        let chord = |beat| listener.harmony.of_beat(beat, &listener.grid_at(Beat(beat)));
        Phrase {
            grid,
            first,
            beats,
            chords: (0..end.0).map(chord).collect(),
            split: listener.settings.get(engine::Knob::Split) as u8,
            swing: listener.settings.get(engine::Knob::Swing),
            bpm: bpm(&heard, first).unwrap_or(rig.bpm),
            heard,
        }
    }

    /// Its meter.
    pub fn meter(&self) -> engine::Meter {
        self.grid.meter
    }

    /// Felt pulses a minute where it begins.
    pub fn bpm(&self) -> f32 {
        self.bpm
    }

    /// How many bars it has.
    pub fn bars(&self) -> u32 {
        (self.beats / self.grid.meter.beats_per_bar()) as u32
    }

    /// The beat of the phrase whose chord stands under the `n`th beat of a variation.
    pub(super) fn under(&self, n: i32) -> Beat {
        self.first.plus(n.rem_euclid(self.beats))
    }

    /// The chord of a beat of the phrase.
    pub(super) fn chord(&self, beat: Beat) -> Option<Chord> {
        self.chords.get(beat.0.max(0) as usize).copied().flatten()
    }

    /// The chord under each of `bars` bars of a variation, beat by beat.
    pub fn changes(&self, bars: u32) -> Vec<Option<Chord>> {
        let beats = bars as i32 * self.grid.meter.beats_per_bar();
        (0..beats).map(|n| self.chord(self.under(n))).collect()
    }

    /// What the chord hand plays under `bars` bars of a variation: what it played in the phrase, again and again.
    pub fn chord_hand(&self, bars: u32) -> Vec<Note> {
        let end = Tick::from(bars) * self.grid.meter.ticks_per_bar();
        let length = Tick::from(self.beats) * self.grid.meter.ticks_per_beat();
        let once = self.hand(length);
        let passes = (0..end).step_by(length.max(1) as usize);
        let notes = passes.flat_map(|by| once.iter().map(move |note| note.moved(by)));
        notes.filter(|note| note.on < end).map(|note| Note { off: note.off.min(end), ..note }).collect()
    }

    /// The keys below the split, from the first bar line of the phrase on.
    fn hand(&self, length: Tick) -> Vec<Note> {
        let start = self.grid.tick_of(self.first);
        let (mut notes, mut down) = (Vec::new(), Vec::new());
        for one in &self.heard {
            let (HeardKind::Event(event), at) = (one.kind, one.at - start) else { continue };
            match event.kind {
                EventKind::NoteOn { key, velocity } if key < self.split => {
                    release(&mut down, &mut notes, at, |held| held == key);
                    down.push(Note { on: at, off: length, key, velocity });
                }
                EventKind::NoteOff { key } => release(&mut down, &mut notes, at, |held| held == key),
                EventKind::AllNotesOff | EventKind::Panic => release(&mut down, &mut notes, at, |_| true),
                _ => {}
            }
        }
        notes.extend(down);
        notes.retain(|note| note.off > 0 && note.on < length);
        notes.iter_mut().for_each(|note| (note.on, note.off) = (note.on.max(0), note.off.min(length)));
        notes.sort_by_key(|note| (note.on, note.key));
        notes
    }
}

/// Ends the notes that are down and whose keys are let go.
fn release(down: &mut Vec<Note>, notes: &mut Vec<Note>, at: Tick, lets_go: impl Fn(u8) -> bool) {
    notes.extend(down.extract_if(.., |note| lets_go(note.key)).map(|note| Note { off: at, ..note }));
}

/// Whether the melody has an onset in a beat.
fn strikes(listener: &Listener, beat: Beat) -> bool {
    listener.player.tally(beat.0).is_some_and(|tally| tally.lead > 0)
}

fn is_struck(heard: &Heard) -> bool {
    matches!(heard.kind, HeardKind::Event(event) if matches!(event.kind, EventKind::NoteOn { .. }))
}

/// The last bar line before the performance stops or its meter changes; at least a bar after `first`.
fn end(heard: &[Heard], first: Beat, grid: &Grid) -> i32 {
    let changes = heard.iter().filter_map(|one| match one.kind {
        HeardKind::Grid(other) if other.beat > first && other.meter != grid.meter => Some(other.beat.0),
        _ => None,
    });
    let beats = heard.iter().filter_map(|one| match one.kind {
        HeardKind::Beat { beat, .. } => Some(beat.0 + 1),
        _ => None,
    });
    let last = beats.max().unwrap_or(first.0).min(changes.min().unwrap_or(i32::MAX));
    let per_bar = grid.meter.beats_per_bar();
    first.0 + ((last - first.0) / per_bar).max(1) * per_bar
}

fn bpm(heard: &[Heard], first: Beat) -> Option<f32> {
    heard.iter().find_map(|one| match one.kind {
        HeardKind::Beat { beat, bpm } if beat >= first => Some(bpm),
        _ => None,
    })
}
