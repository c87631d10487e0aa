//! What melody mode costs the audio thread: where a beat begins, and in each quantum.

mod support;

use cpu_time::ThreadTime;
use criterion::{Criterion, criterion_group, criterion_main};
use engine::audio::melody::Follower;
use engine::sound::QUANTUM;
use engine::{Chord, Guesses, POSITIONS, Quality};
use support::ring::RATE;
use support::work_time::WorkTime;

/// Quanta of a beat at 120 beats a minute, and of a twelfth of it.
const BEAT: usize = RATE as usize / 2 / QUANTUM;
const TWELFTH: usize = BEAT / POSITIONS as usize;

/// Two notes a beat, in C.
const TUNE: [u8; 16] = [0, 4, 7, 4, 9, 5, 0, 5, 11, 7, 2, 7, 4, 0, 7, 0];

/// A follower that hears a tune, quantum by quantum.
struct Singer {
    follower: Follower,
    quantum: usize,
}

impl Singer {
    fn new() -> Singer {
        let mut singer = Singer { follower: Follower::default(), quantum: 0 };
        (0..64 * BEAT).for_each(|_| singer.quantum());
        singer
    }

    /// What melody mode does in a quantum.
    fn quantum(&mut self) {
        let (beat, into) = (self.quantum / BEAT, self.quantum % BEAT);
        let note = TUNE[(2 * beat + 2 * into / BEAT) % TUNE.len()];
        if into == 0 || into == BEAT / 2 {
            self.follower.struck(note, into == 0);
        }
        if into == 0 {
            let guesses = Guesses::one(Chord::new(7, Quality::Dom7), 0.5);
            self.follower.beat((beat % 4) as i32, 4, Some(note), guesses);
        }
        if into % TWELFTH == TWELFTH / 2 {
            self.follower.twelfth(Some(note));
        }
        self.follower.work();
        self.quantum += 1;
    }
}

fn follow(criterion: &mut Criterion<WorkTime>) {
    let mut singer = Singer::new();
    assert!(singer.follower.chord().is_some(), "a tune has a chord");
    show(&mut singer);
    criterion.bench_function("melody/a second of music", |bencher| {
        bencher.iter(|| (0..2 * BEAT).for_each(|_| singer.quantum()));
    });
}

/// Prints how long single quanta of two minutes took, by the CPU time of this thread.
fn show(singer: &mut Singer) {
    let mut took = Vec::new();
    for _ in 0..240 * BEAT {
        let start = ThreadTime::now();
        singer.quantum();
        took.push(start.elapsed().as_secs_f64() * 1e6);
    }
    let mean = took.iter().sum::<f64>() / took.len() as f64;
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    let period = QUANTUM as f64 / f64::from(RATE) * 1e6;
    println!(
        "melody: a quantum of {QUANTUM} frames ({period:.0} us) takes {mean:.2} us in the mean, {:.1} (p99), \
         {:.1} (p99.9, where beats begin), {:.1} (max)",
        at(0.99),
        at(0.999),
        at(1.0),
    );
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(WorkTime);
    targets = follow
}
criterion_main!(benches);
