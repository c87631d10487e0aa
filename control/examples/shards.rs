//! Writes training shards: `cargo run --release -p sideman --example shards -- CORPUS OUT [--passes N] [--limit N]
//! [--plain] [--seed N]`. It stands here because the rigs, which the teacher plays, are read by this crate.

use std::error::Error;
use std::path::PathBuf;

use clap::Parser;
use models::corpus::{Plan, Rigs, Trials, write_shards};

/// Writes training shards of the corpus, and prints what was written.
#[derive(Parser)]
struct Args {
    /// The folder of the corpus
    corpus: PathBuf,
    /// The folder of the shards
    out: PathBuf,
    /// How often the corpus is played, each time otherwise
    #[arg(long, default_value_t = 1)]
    passes: u64,
    /// Songs of each split and file of the corpus at most
    #[arg(long, default_value_t = usize::MAX)]
    limit: usize,
    /// No wrong, dropped or early chords, no absent or resting performer, no lent comp: to see what these are good for
    #[arg(long)]
    plain: bool,
    /// Chance
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Args { corpus, out, passes, limit, plain, seed } = Args::parse();
    let trials = if plain { Trials::NONE } else { Trials::default() };
    let rigs: Result<Vec<_>, _> =
        control::rig::embedded().map(|name| control::rig::find(name, &[])).collect();
    let statistics = write_shards(&Plan { corpus, out, seed, passes, limit, trials }, &Rigs::new(rigs?))?;
    print!("{statistics}");
    Ok(())
}
