//! How fast a file of weights plays, by the wall clock: lines for `peers/model.sh` to set beside other runtimes.
//!
//! For each precision there is a line of a name, tokens a second with the context full, and the greatest logit there,
//! which shows that others compute the same network; and a line of what a beat takes after a cue, p50 and p99, and all
//! four that are rewritten, p99, in milliseconds. The file is `SIDEMAN_MODEL`, else the weights that ship.

mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{Cue, EventKind, Level};
use models::Transformer;
use models::net::{Cache, Net, Precision};

use support::ring::{BLOCK, RATE, Ring};
use support::weights;

/// For how long a precision decodes.
const PATIENCE: Duration = Duration::from_secs(1);

/// Cues of a round.
const CUES: usize = 100;

/// Blocks between two cues: some of the music goes by, and the context fills.
const APART: usize = RATE as usize / BLOCK / 5;

fn main() {
    for (name, precision) in [("bf16", Precision::Bf16), ("w8", Precision::W8)] {
        let net = weights::net(precision);
        let (rate, top) = decode(&net);
        println!("sideman {name}\t{rate:.0}\t{top:.4}");
        let (first, whole) = cues(&net);
        let all = [at(&first, 0.5), at(&first, 0.99), at(&whole, 0.99)];
        println!("cue {name}\t{:.3}\t{:.3}\t{:.3}", all[0], all[1], all[2]);
    }
}

/// Tokens a second by the median step, and the greatest logit, after the tokens that `peers/model.py` reads too.
fn decode(net: &Arc<Net>) -> (f64, f32) {
    let (context, count) = (net.config().context, net.config().vocabulary);
    let tokens: Vec<u16> = (0..context).map(|i| ((i * i * 31 + 7 * i) % count) as u16).collect();
    let mut cache = Cache::new(net).expect("a sound network");
    let logits = cache.prefill(&tokens).expect("there is room");
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let (mut took, start) = (Vec::new(), Instant::now());
    while start.elapsed() < PATIENCE {
        let one = Instant::now();
        cache.truncate(context - 1);
        cache.step(tokens[context - 1]).expect("there is room");
        took.push(one.elapsed().as_secs_f64());
    }
    took.sort_by(f64::total_cmp);
    (1.0 / at(&took, 0.5), top)
}

/// What the first beat and the whole lookahead take after each cue, in milliseconds, in a band that the network plays.
fn cues(net: &Arc<Net>) -> (Vec<f64>, Vec<f64>) {
    let mut ring = Ring::playing_with("funk", |rig| Box::new(Transformer::new(rig.clone(), net.clone(), 1)));
    let (mut first, mut whole) = (Vec::new(), Vec::new());
    for turn in 0..CUES {
        for _ in 0..APART {
            ring.render();
            ring.answer();
        }
        ring.clear_tape();
        ring.sounded().for_each(drop);
        ring.input.send(ring.now(), EventKind::Cue(Cue::Main([Level::C, Level::D][turn % 2])));
        ring.render();
        ring.render();
        let start = Instant::now();
        assert_eq!(ring.answer_once(), 1, "a cue has the plan written again");
        first.push(start.elapsed().as_secs_f64() * 1e3);
        ring.answer();
        whole.push(start.elapsed().as_secs_f64() * 1e3);
    }
    assert!(ring.stats.model_tokens.get() > 0 && ring.stats.model_failures.get() == 0, "the network plays");
    first.sort_by(f64::total_cmp);
    whole.sort_by(f64::total_cmp);
    (first, whole)
}

/// A share of sorted figures lies below this one.
fn at(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}
