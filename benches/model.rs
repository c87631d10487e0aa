//! How fast the network writes: tokens a second on one core with its context full, a beat after a cue, and many
//! variations at once.

mod support;

use std::time::{Duration, Instant};

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use models::net::{Batch, Cache, Precision};

use support::random_net::SHAPE;
use support::work_time::WorkTime;

const PRECISIONS: [Precision; 3] = [Precision::F32, Precision::Bf16, Precision::W8];

/// Tokens of a dense beat of four parts.
const BEAT: usize = 48;

type Group<'a> = BenchmarkGroup<'a, WorkTime>;

fn network(criterion: &mut Criterion<WorkTime>) {
    for precision in PRECISIONS {
        let mut group = criterion.benchmark_group(format!("model/{precision:?}"));
        group.sample_size(20).measurement_time(Duration::from_secs(3));
        let mut cache = Cache::new(&SHAPE.net(precision)).expect("a sound network");
        prefill(&mut group, &mut cache);
        step(&mut group, &mut cache);
        show_beats(precision, &mut cache);
        for rows in [8, 32, 128] {
            batch(&mut group, &mut cache, rows);
        }
        group.finish();
    }
}

fn tokens(count: usize) -> Vec<u16> {
    let mut rng = fastrand::Rng::with_seed(2);
    std::iter::repeat_with(|| rng.u16(0..1024)).take(count).collect()
}

/// Half of the context, read at once.
fn prefill(group: &mut Group<'_>, cache: &mut Cache) {
    let tokens = tokens(SHAPE.context / 2);
    group.throughput(Throughput::Elements(tokens.len() as u64));
    group.bench_function("half a context", |bencher| {
        bencher.iter(|| cache.prefill(&tokens).expect("there is room")[0]);
    });
}

/// The last token of a full context.
fn step(group: &mut Group<'_>, cache: &mut Cache) {
    cache.prefill(&tokens(SHAPE.context - 1)).expect("there is room");
    group.throughput(Throughput::Elements(1));
    group.bench_function("a step at full context", |bencher| {
        bencher.iter(|| {
            cache.truncate(SHAPE.context - 1);
            cache.step(7).expect("there is room")[0]
        });
    });
}

/// Prints how long a beat after a cue takes by the wall clock: what is given is read at once, the rest in steps.
fn show_beats(precision: Precision, cache: &mut Cache) {
    let given = tokens(16);
    let mut beats = Vec::new();
    for _ in 0..200 {
        cache.truncate(SHAPE.context - given.len() - BEAT);
        let start = Instant::now();
        cache.append(&given).expect("there is room");
        (0..BEAT as u16).for_each(|token| assert!(cache.step(token).expect("there is room")[0].is_finite()));
        beats.push(start.elapsed().as_secs_f64() * 1e3);
    }
    beats.sort_by(f64::total_cmp);
    let at = |share: f64| beats[((beats.len() - 1) as f64 * share) as usize];
    println!(
        "{precision:?}: {} tokens given and a beat of {BEAT} take {:.1} ms (p50), {:.1} (p99)",
        given.len(),
        at(0.5),
        at(0.99)
    );
}

/// One token for each of some rows, which share half a context and have written up to 64 tokens of their own.
fn batch(group: &mut Group<'_>, cache: &mut Cache, rows: usize) {
    cache.truncate(SHAPE.context / 2);
    let mut batch = Batch::new(cache, rows, 64).expect("a sound network");
    let entries: Vec<(usize, u16)> = (0..rows).zip(tokens(rows)).collect();
    group.throughput(Throughput::Elements(rows as u64));
    group.bench_function(format!("{rows} rows"), |bencher| {
        bencher.iter(|| {
            if batch.room(0) == 0 {
                (0..rows).for_each(|row| batch.restart(row));
            }
            batch.step(&entries).expect("there is room")[0]
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(WorkTime);
    targets = network
}
criterion_main!(benches);
