//! Every rig is judged by its notes, with the definitions of the field's musicians.
//!
//! `cargo test --test rigs -- --nocapture --test-threads 1` prints the figures.

#[path = "../show/mod.rs"]
mod show;
#[path = "../support/mod.rs"]
mod support;

mod changes;
mod evening;
mod form;
mod harmony;
mod levels;
mod listening;
mod player;

use std::fmt::Debug;

use evening::{Evening, evenings};
use support::judge::Share;

/// Says what every rig scored, and fails with the rigs that are not good enough.
fn judged<T: Debug>(what: &str, score: impl Fn(&Evening) -> T, is_good: impl Fn(&Evening, &T) -> bool) {
    let mut bad = Vec::new();
    for evening in evenings() {
        let score = score(evening);
        let by = if evening.by_model { "model" } else { "groove" };
        println!("{what}: {:<18} {by:<6} {score:?}", evening.rig.name);
        if !is_good(evening, &score) {
            bad.push(format!("{} by {by}: {score:?}", evening.rig.name));
        }
    }
    assert!(bad.is_empty(), "{what}:\n{}", bad.join("\n"));
}

/// To a tenth of a per cent.
fn percent(share: Share) -> f64 {
    (share.ratio().unwrap_or(0.0) * 1000.0).round() / 10.0
}
