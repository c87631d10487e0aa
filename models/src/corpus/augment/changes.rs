//! The chords as the band hears them: mostly those of the song, sometimes early, wrong, or not played at all.

use engine::{Chord, Grid, Quality, Tick};
use fastrand::Rng;

use crate::corpus::stage::Book;

/// The share of the changes of a careless performer that go wrong in each way.
const SLIP: f32 = 0.12;

/// Grid positions by which a chord may be early: up to an eighth.
const EARLY: i64 = 6;

/// A chord from a beat on, so many grid positions early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Change {
    beat: i32,
    early: i64,
    chord: Option<Chord>,
}

/// The changes of a performance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes(Vec<Change>);

impl Changes {
    /// Those of a song, given its chord in each beat.
    pub fn of(chords: &[Option<Chord>]) -> Changes {
        let mut changes: Vec<Change> = Vec::new();
        for (beat, chord) in (0..).zip(chords) {
            if changes.last().is_none_or(|last| last.chord != *chord) {
                changes.push(Change { beat, early: 0, chord: *chord });
            }
        }
        Changes(changes)
    }

    /// As a careless performer plays them: some early, some left out, some wrong and put right a beat later.
    pub fn slip(&mut self, rng: &mut Rng) {
        let mut slipped: Vec<Change> = Vec::new();
        for (i, change) in self.0.iter().enumerate() {
            match rng.f32() / SLIP {
                roll if roll < 1.0 && i > 0 => {
                    slipped.push(Change { early: rng.i64(1..=EARLY), ..*change });
                }
                roll if roll < 2.0 && i > 0 => {}
                roll if roll < 3.0 && change.chord.is_some() => {
                    let lasts = self.0.get(i + 1).map_or(i32::MAX, |next| next.beat - change.beat);
                    slipped.push(Change { chord: change.chord.map(|chord| wrong(chord, rng)), ..*change });
                    if lasts > 1 {
                        slipped.push(Change { beat: change.beat + 1, ..*change });
                    }
                }
                _ => slipped.push(*change),
            }
        }
        self.0 = slipped;
    }

    /// All changes early: a performer who pushes.
    pub fn push(&mut self, rng: &mut Rng) {
        for change in self.0.iter_mut().skip(1).filter(|_| rng.f32() < 0.5) {
            change.early = EARLY;
        }
    }

    /// Each change: its beat, and its chord.
    pub fn iter(&self) -> impl Iterator<Item = (i32, Option<Chord>)> {
        self.0.iter().map(|change| (change.beat, change.chord))
    }

    /// Writes them down.
    pub fn write(&self, grid: &Grid, book: &mut Book) {
        let step = grid.meter.ticks_per_beat() / Tick::from(engine::POSITIONS);
        for change in &self.0 {
            book.chord(grid.tick_of(engine::Beat(change.beat)) - change.early * step, change.chord);
        }
    }
}

/// A chord that a hand may strike by mistake.
fn wrong(chord: Chord, rng: &mut Rng) -> Chord {
    let root = (chord.root + [1, 11, 2, 10, 5, 7][rng.usize(0..6)]) % 12;
    let quality = if rng.bool() { chord.quality } else { [Quality::Maj, Quality::Min][rng.usize(0..2)] };
    Chord::new(root, quality)
}
