//! What is heard in a performance, in the order in which it sounds.

use engine::{Beat, Chord, Event, EventKind, Grid, Heard, HeardKind, LocalKey, Param, Section, Source, Tick};

use crate::corpus::parts::Played;

/// Grid positions in a beat.
const POSITIONS: Tick = engine::POSITIONS as Tick;

/// Ticks by which a key is up before its written end, so that a note that leads to the next beat is not held into it.
const LIFT: Tick = 10;

/// Things heard. They are put in order once, by [`Book::close`].
#[derive(Clone, Debug, Default)]
pub struct Book {
    events: Vec<Heard>,
    /// How much is heard until each beat has begun, with the beat itself.
    begun: Vec<usize>,
}

impl Book {
    /// A book of `beats` beats and the one after them, in which nothing else happens yet.
    pub fn new(grid: Grid, beats: usize, bpm: f32) -> Book {
        let mut book = Book::default();
        book.add(-1, HeardKind::Started);
        book.add(-1, HeardKind::Grid(grid));
        for beat in (0..=beats as i32).map(Beat) {
            book.add(grid.tick_of(beat), HeardKind::Beat { beat, bpm });
        }
        book
    }

    fn add(&mut self, at: Tick, kind: HeardKind) {
        self.events.push(Heard { at, kind });
    }

    fn event(&mut self, at: Tick, kind: EventKind) {
        self.add(at, HeardKind::Event(Event { arrival: 0, source: Source(0), kind }));
    }

    /// A knob is set when a beat has begun.
    pub fn set(&mut self, at: Tick, param: Param, value: f32) {
        self.event(at, EventKind::Set { param, value });
    }

    /// A chord plays from a tick on.
    pub fn chord(&mut self, since: Tick, chord: Option<Chord>) {
        self.add(since, HeardKind::Chord { chord, since });
    }

    /// The local key is found.
    pub fn key(&mut self, at: Tick, key: LocalKey) {
        self.add(at, HeardKind::Key(key));
    }

    /// A section is announced.
    pub fn section(&mut self, at: Tick, section: Section, from: Beat) {
        self.add(at, HeardKind::Section { section, from });
    }

    /// The performer strikes a key and lifts it.
    pub fn note(&mut self, grid: &Grid, note: &Played) {
        let step = grid.meter.ticks_per_beat() / POSITIONS;
        let at = grid.tick_of(Beat(note.beat)) + Tick::from(note.position) * step;
        let end = at + (Tick::from(note.length.max(1)) * step - LIFT).max(LIFT);
        self.event(at, EventKind::NoteOn { key: note.key, velocity: note.velocity.clamp(1, 127) });
        self.event(end, EventKind::NoteOff { key: note.key });
    }

    /// Puts everything in the order in which it sounds: at one tick keys go up, the beat begins, cues and knobs come,
    /// then chords, then keys go down.
    pub fn close(&mut self) {
        self.events.sort_by_key(|heard| (heard.at, rank(&heard.kind)));
        let begins = |heard: &Heard| matches!(heard.kind, HeardKind::Beat { .. });
        self.begun = (1..).zip(&self.events).filter(|(_, heard)| begins(heard)).map(|(n, _)| n).collect();
    }

    /// What is heard, in order.
    pub fn events(&self) -> &[Heard] {
        &self.events
    }

    /// How much is heard until a beat has begun, with the beat itself; everything if it never begins.
    pub fn until_beat(&self, beat: usize) -> usize {
        self.begun.get(beat).copied().unwrap_or(self.events.len())
    }

    /// How much is heard until and with a tick.
    pub fn until_tick(&self, tick: Tick) -> usize {
        self.events.partition_point(|heard| heard.at <= tick)
    }
}

fn rank(kind: &HeardKind) -> u8 {
    match kind {
        HeardKind::Started => 0,
        HeardKind::Event(Event { kind: EventKind::NoteOff { .. }, .. }) => 1,
        HeardKind::Beat { .. } => 2,
        HeardKind::Chord { .. } => 4,
        HeardKind::Event(Event { kind: EventKind::NoteOn { .. }, .. }) => 5,
        _ => 3,
    }
}
