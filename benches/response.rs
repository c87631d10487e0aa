//! How soon the band answers: from a key to the rewritten plan.

mod support;

use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use engine::{Cue, EventKind, Level};
use models::Horizon;
use support::ring::{BLOCK, RATE, Ring};

/// Blocks between two answers: a tenth of a second of music, which is not timed.
const APART: usize = RATE as usize / BLOCK / 10;

/// Cues another main with a chord of four keys: the block that hears them, the worker that writes the whole
/// lookahead again, and the block that takes it in.
fn rewrite(criterion: &mut Criterion) {
    let mut ring = Ring::playing("medium-swing");
    let mut turn = 0;
    let revisions = ring.stats.revisions.get();
    let written = answer(&mut ring, &mut turn).1;
    assert!(ring.stats.revisions.get() > revisions, "a cue opens a revision");
    assert!(
        written as i32 >= Horizon::default().lookahead,
        "the whole lookahead is written again: {written} chunks"
    );
    criterion.bench_function("response/from a key to the rewritten plan", |bencher| {
        bencher.iter_custom(|times| (0..times).map(|_| answer(&mut ring, &mut turn).0).sum::<Duration>());
    });
    let stats = &ring.stats;
    assert!(stats.fresh.get() * 2 > stats.played.get(), "what was written was played");
}

/// One answer: what it took, and how many chunks it was.
fn answer(ring: &mut Ring, turn: &mut usize) -> (Duration, usize) {
    for _ in 0..APART {
        ring.render();
        ring.answer();
    }
    ring.clear_tape();
    ring.sounded().for_each(drop);
    *turn += 1;
    let keys = [[38, 41, 45, 48], [43, 47, 50, 53]][*turn % 2];
    let level = [Level::C, Level::D][*turn % 2];
    let now = ring.now();
    let start = Instant::now();
    for key in keys {
        ring.input.send(now, EventKind::NoteOn { key, velocity: 90 });
    }
    ring.input.send(now, EventKind::Cue(Cue::Main(level)));
    // An event sounds one block after it arrived.
    ring.render();
    ring.render();
    let written = ring.answer();
    ring.render();
    let took = start.elapsed();
    for key in keys {
        ring.input.send(now, EventKind::NoteOff { key });
    }
    (took, written)
}

criterion_group!(benches, rewrite);
criterion_main!(benches);
