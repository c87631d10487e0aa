//! What is about to sound, in order: the notes of the decided beats at their ticks. Runs on the audio thread.

use crate::{Chunk, Grid, Note, Part, Role, Tick};

use super::feel::swung;

/// Two full beats, which overlap where a note comes early.
const CAPACITY: usize = 2 * Chunk::MAX_NOTES + 2;

/// Something to do at a tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Due {
    /// Ends what these parts play.
    Cut(u8),
    /// Strikes a note.
    Strike(Note),
}

/// What to do, the latest first.
#[derive(Debug)]
pub struct Agenda {
    items: [(Tick, Due); CAPACITY],
    len: usize,
}

impl Default for Agenda {
    fn default() -> Self {
        Agenda { items: [(0, Due::Cut(0)); CAPACITY], len: 0 }
    }
}

impl Agenda {
    /// Forgets everything.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Takes in the notes of a beat, with its swing.
    pub fn add(&mut self, chunk: &Chunk, grid: &Grid, swing: f32, sixteenths: bool) {
        let start = grid.tick_of(chunk.beat);
        if chunk.cut != 0 {
            self.insert(start - Note::MAX_EARLY, Due::Cut(chunk.cut));
        }
        for note in chunk.notes() {
            let place = swung(note.position, grid.meter.ticks_per_beat(), swing, sixteenths);
            self.insert(start + place + Tick::from(note.micro), Due::Strike(*note));
        }
    }

    fn insert(&mut self, at: Tick, due: Due) {
        if self.len == CAPACITY {
            return;
        }
        // What was written first sounds first among equals: the list runs backwards, so it goes behind them.
        let place = self.items[..self.len].iter().position(|(tick, _)| *tick <= at).unwrap_or(self.len);
        self.items.copy_within(place..self.len, place + 1);
        self.items[place] = (at, due);
        self.len += 1;
    }

    /// The next thing to do before `end`.
    pub fn pop_before(&mut self, end: Tick) -> Option<(Tick, Due)> {
        let next = *self.items[..self.len].last().filter(|(tick, _)| *tick < end)?;
        self.len -= 1;
        Some(next)
    }

    /// Whether the part of a note strikes before `end`; of the drums only the same piece counts.
    pub fn strikes_before(&self, note: &Note, end: Tick) -> bool {
        let same =
            |other: &Note| other.part == note.part && (note.part != Part::Drums || other.role == note.role);
        self.items[..self.len]
            .iter()
            .any(|(tick, due)| *tick < end && matches!(due, Due::Strike(other) if same(other)))
    }

    /// Drops the notes of a part that would lead to what it strikes already.
    pub fn drop_approaches(&mut self, part: Part) {
        let leads = |due: &Due| matches!(due, Due::Strike(n) if n.part == part && matches!(n.role, Role::Approach(_)));
        let mut kept = 0;
        for i in 0..self.len {
            if !leads(&self.items[i].1) {
                self.items[kept] = self.items[i];
                kept += 1;
            }
        }
        self.len = kept;
    }

    /// The next note of a part that does not itself lead to another.
    pub fn target(&self, part: Part) -> Option<(Tick, Note)> {
        self.items[..self.len].iter().rev().find_map(|(tick, due)| match due {
            Due::Strike(note) if note.part == part && !matches!(note.role, Role::Approach(_)) => {
                Some((*tick, *note))
            }
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Anchor, Beat, Meter, Section};

    fn note(position: u8, micro: i8, key: u8) -> Note {
        Note {
            role: Role::Drum(key),
            anchor: Anchor::Now,
            part: Part::Drums,
            position,
            micro,
            velocity: 90,
            length: 10,
        }
    }

    #[test]
    fn notes_come_in_the_order_of_their_ticks_over_the_border_of_beats() {
        let grid = Grid::new(Meter::COMMON);
        let mut agenda = Agenda::default();
        let mut first = Chunk::new(Beat(0), 0, Section::default());
        first.push(note(11, 0, 3));
        first.push(note(0, 5, 2));
        let mut second = Chunk::new(Beat(1), 0, Section::default());
        second.push(note(0, -100, 4));
        agenda.add(&first, &grid, 0.5, false);
        agenda.add(&second, &grid, 0.5, false);
        let ticks: Vec<Tick> =
            std::iter::from_fn(|| agenda.pop_before(10_000)).map(|(tick, _)| tick).collect();
        assert_eq!(ticks, [5, 860, 880]);
    }

    #[test]
    fn of_notes_at_one_tick_the_first_written_sounds_first() {
        let grid = Grid::new(Meter::COMMON);
        let mut agenda = Agenda::default();
        let mut chunk = Chunk::new(Beat(0), 0, Section::default());
        (1..5).for_each(|key| chunk.push(note(0, 0, key)));
        agenda.add(&chunk, &grid, 0.5, false);
        let keys = std::iter::from_fn(|| agenda.pop_before(1)).map(|(_, due)| match due {
            Due::Strike(Note { role: Role::Drum(key), .. }) => key,
            _ => 0,
        });
        assert!(keys.eq(1..5));
    }

    #[test]
    fn who_strikes_already_needs_no_approach() {
        let grid = Grid::new(Meter::COMMON);
        let mut agenda = Agenda::default();
        let mut chunk = Chunk::new(Beat(0), 0, Section::default());
        let bass = Note { part: Part::Bass, role: Role::Root { octave: 0 }, ..note(3, 0, 0) };
        chunk.push(Note { role: Role::Approach(crate::Approach::HalfBelow), ..bass });
        chunk.push(Note { position: 6, ..bass });
        agenda.add(&chunk, &grid, 0.5, false);
        agenda.drop_approaches(Part::Bass);
        assert_eq!(agenda.pop_before(960), Some((480, Due::Strike(Note { position: 6, ..bass }))));
        assert_eq!(agenda.pop_before(960), None);
    }

    #[test]
    fn a_full_agenda_takes_no_more() {
        let grid = Grid::new(Meter::COMMON);
        let mut agenda = Agenda::default();
        let mut chunk = Chunk::new(Beat(0), 0, Section::default());
        (0..Chunk::MAX_NOTES).for_each(|_| chunk.push(note(0, 0, 36)));
        (0..4).for_each(|_| agenda.add(&chunk, &grid, 0.5, false));
        assert_eq!(agenda.len, CAPACITY);
    }
}
