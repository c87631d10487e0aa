//! A beat as it is being written, before feel makes it human.

use engine::{Anchor, Part, Role, Tick};

/// A note with its velocity as written and its place on the grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sketch {
    /// What it is to the chord.
    pub role: Role,
    /// Over which chord it is bound.
    pub anchor: Anchor,
    /// Who plays it.
    pub part: Part,
    /// Grid position.
    pub position: u8,
    /// Milliseconds off the grid by itself: grace notes and buzzes.
    pub offset_ms: f32,
    /// Velocity before dynamics and feel.
    pub velocity: f32,
    /// Felt more than heard: stays well below the others.
    pub ghost: bool,
    /// Ticks.
    pub length: Tick,
}

/// The notes of one beat.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// In the order in which they were written.
    pub notes: Vec<Sketch>,
}

impl Draft {
    /// Adds a note.
    pub fn push(&mut self, sketch: Sketch) {
        self.notes.push(sketch);
    }

    /// Adds a stroke of a drum.
    pub fn drum(&mut self, key: u8, position: u8, velocity: f32) {
        self.push(Sketch { velocity, position, ..Draft::stroke(key) });
    }

    /// A drum stroke to be filled in.
    pub fn stroke(key: u8) -> Sketch {
        Sketch {
            role: Role::Drum(key),
            anchor: Anchor::Now,
            part: Part::Drums,
            position: 0,
            offset_ms: 0.0,
            velocity: 84.0,
            ghost: false,
            length: 120,
        }
    }

    /// A note of the bass over the chord of the moment, to be filled in.
    pub fn bass(role: Role, position: u8) -> Sketch {
        Sketch {
            role,
            anchor: Anchor::Now,
            part: Part::Bass,
            position,
            offset_ms: 0.0,
            velocity: 84.0,
            ghost: false,
            length: 120,
        }
    }

    /// Whether a drum is struck at a position.
    pub fn has_drum(&self, key: u8, position: u8) -> bool {
        self.notes.iter().any(|n| n.role == Role::Drum(key) && n.position == position)
    }

    /// Whether a part strikes at a position.
    pub fn has(&self, part: Part, position: u8) -> bool {
        self.notes.iter().any(|note| note.part == part && note.position == position)
    }

    /// The notes of a part.
    pub fn of(&self, part: Part) -> impl Iterator<Item = &Sketch> {
        self.notes.iter().filter(move |note| note.part == part)
    }

    /// Shortens what a part plays before a position, so that something new has room there.
    pub fn make_room(&mut self, part: Part, position: u8, ticks_per_position: Tick) {
        for note in self.notes.iter_mut().filter(|n| n.part == part && n.position < position) {
            note.length = note.length.min(Tick::from(position - note.position) * ticks_per_position);
        }
    }
}
