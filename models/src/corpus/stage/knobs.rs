//! The knobs of a performance, and its key: how they stand, and how they are turned on the way.

use engine::{Grid, Knob, LocalKey, Param, Part};
use fastrand::Rng;

use super::Book;

/// Densities that are set. The usual one is what rigs are written for.
const DENSITIES: [f32; 8] = [0.5, 0.5, 0.5, 0.15, 0.35, 0.65, 0.8, 0.95];

/// Bars after which a density may be turned.
const PHRASE: i32 = 8;

/// The share of phrases in which a part's density is turned.
const TURNS: f32 = 0.15;

/// Sets the knobs out: the band follows and leaves room as far as it can, so that it learns to listen.
pub fn set_out(swing: f32, beats: usize, grid: &Grid, book: &mut Book, rng: &mut Rng) {
    let start = grid.tick;
    let range = |low: f32, high: f32, rng: &mut Rng| low + (high - low) * rng.f32();
    let knobs = [
        (Knob::Swing, swing),
        (Knob::Follow, 1.0),
        (Knob::Surprise, 0.3),
        (Knob::Space, range(0.7, 1.0, rng)),
        (Knob::Answer, range(0.5, 1.0, rng)),
        (Knob::Variety, range(0.2, 0.7, rng)),
    ];
    for (knob, value) in knobs {
        book.set(start, Param::of(knob), value);
    }
    for part in Part::BAND {
        turn_density(part, beats, grid, book, rng);
    }
}

/// Half the parts play as written; the others are set to something, and turned now and then.
fn turn_density(part: Part, beats: usize, grid: &Grid, book: &mut Book, rng: &mut Rng) {
    if rng.bool() {
        return;
    }
    let bars = beats as i32 / grid.meter.beats_per_bar();
    for bar in (0..bars.max(1)).step_by(PHRASE as usize) {
        if bar == 0 || rng.f32() < TURNS {
            let density = DENSITIES[rng.usize(0..DENSITIES.len())];
            book.set(grid.tick_of(grid.bar_start(bar)), Param::on(Knob::Density, part), density);
        }
    }
}

/// Tells the key wherever it changes.
pub fn keys(keys: &[LocalKey], grid: &Grid, book: &mut Book) {
    let mut last = LocalKey::default();
    for (beat, key) in (0..).zip(keys) {
        if *key != last {
            book.key(grid.tick_of(engine::Beat(beat)), *key);
            last = *key;
        }
    }
}
