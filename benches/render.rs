//! How much of a core a full band takes: four parts and the performer's own, reverb and limiter, in blocks of 64.
//!
//! The accompanist's work is in it; loading is not.

mod support;

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use engine::{Level, Part, Section, SoundedKind};
use support::core_share::CoreShare;
use support::ring::{BLOCK, RATE, Ring};

const RIGS: [&str; 3] = ["medium-swing", "funk", "rock"];

fn full_band(criterion: &mut Criterion<CoreShare>) {
    let mut group = criterion.benchmark_group("render");
    group.sample_size(20).measurement_time(Duration::from_secs(6));
    for rig in RIGS {
        let mut ring = Ring::playing(rig);
        check(rig, &mut ring);
        show_blocks(rig, &mut ring);
        group.bench_function(rig, |bencher| bencher.iter(|| ring.second()));
        assert_eq!(ring.stats.silent_blocks.get(), 0, "{rig} fell silent");
    }
    group.finish();
}

/// All five parts play in main D, and it is heard.
fn check(rig: &str, ring: &mut Ring) {
    let mut played = [0; Part::COUNT];
    let mut peak = 0.0_f32;
    for _ in 0..8 {
        ring.second();
        peak = ring.out().iter().fold(peak, |peak, x| peak.max(x.abs()));
        for sounded in ring.sounded() {
            if let SoundedKind::On { part, .. } = sounded.kind {
                played[part.index()] += 1;
            }
        }
    }
    let heard = Part::BAND.into_iter().chain([Part::Lead]);
    for part in heard {
        assert!(played[part.index()] > 0, "{rig}: no {} in eight seconds", part.name());
    }
    assert!(peak > 0.01, "{rig}: a peak of {peak}");
    assert_eq!(ring.stats.now().section, Section::Main(Level::D), "{rig}");
    assert_eq!(ring.stats.events_dropped.get(), 0, "{rig}");
}

/// Prints how long single blocks of a minute took, by the wall clock.
fn show_blocks(rig: &str, ring: &mut Ring) {
    let mut blocks = Vec::new();
    for _ in 0..60 {
        ring.second_with(|took| blocks.push(took.as_secs_f64() * 1e6));
    }
    blocks.sort_by(f64::total_cmp);
    let at = |share: f64| blocks[((blocks.len() - 1) as f64 * share) as usize];
    let period = BLOCK as f64 / f64::from(RATE) * 1e6;
    println!(
        "{rig}: a block of {BLOCK} frames ({period:.0} us) takes {:.1} us (p50), {:.1} (p99), {:.1} (p99.9), {:.1} (max)",
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0),
    );
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CoreShare);
    targets = full_band
}
criterion_main!(benches);
