//! Writes the training shards: every item as integers, with what each of them counts in the loss.
//!
//! A folder of little-endian files, for each split: `.bin` has the tokens of all items as u16, `.weight` a u8 for each
//! token in hundredths, `.idx` the u64 offsets of the items and the end, `.set` a u8 for each item. `meta.json` says
//! what the numbers mean, and `statistics.txt` what was written.

mod copies;
mod item;
mod meta;
mod statistics;
#[cfg(test)]
mod tests;
mod writer;

use std::path::{Path, PathBuf};
use std::{fmt, io};

use rayon::prelude::*;

use super::augment::Trials;
use super::mix::{Cast, Material, Rigs, Set, materials};
use super::song::{CorpusError, Split};
pub use item::Stream;
pub use statistics::Statistics;
use writer::Writer;

/// Items that are made at once.
const BATCH: usize = 64;

/// The seed of the validation items: the same in every run.
const VALID_SEED: u64 = 909;

/// Which shards are wanted.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The folder of the corpus.
    pub corpus: PathBuf,
    /// The folder of the shards.
    pub out: PathBuf,
    /// Chance of the training items.
    pub seed: u64,
    /// How often the corpus is played, each time otherwise.
    pub passes: u64,
    /// Songs of each split and file of the corpus at most.
    pub limit: usize,
    /// How hard training items are made; validation items are as hard as they are by default.
    pub trials: Trials,
}

/// The shards cannot be written.
#[derive(Debug)]
pub enum ShardError {
    /// The corpus cannot be read.
    Corpus(CorpusError),
    /// A file cannot be written.
    File(PathBuf, io::Error),
}

impl fmt::Display for ShardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShardError::Corpus(cause) => cause.fmt(f),
            ShardError::File(path, cause) => write!(f, "{}: {cause}", path.display()),
        }
    }
}

impl std::error::Error for ShardError {}

impl From<CorpusError> for ShardError {
    fn from(cause: CorpusError) -> ShardError {
        ShardError::Corpus(cause)
    }
}

/// Writes the shards of a plan, and returns what was written. The same plan writes the same bytes.
///
/// # Errors
/// If the corpus cannot be read, or a file cannot be written.
pub fn write_shards(plan: &Plan, rigs: &Rigs) -> Result<Statistics, ShardError> {
    let materials = materials(&plan.corpus, plan.limit)?;
    std::fs::create_dir_all(&plan.out).map_err(|cause| ShardError::File(plan.out.clone(), cause))?;
    let mut statistics = Statistics::default();
    for split in [Split::Train, Split::Valid] {
        let jobs = jobs(&materials, split, plan);
        let trials = if split == Split::Train { plan.trials } else { Trials::default() };
        let cast = Cast::new(rigs, &materials, split).with_trials(trials);
        write_split(&jobs, &cast, split, &plan.out, &mut statistics)?;
    }
    save(&plan.out.join("meta.json"), &meta::json(&statistics))?;
    save(&plan.out.join("statistics.txt"), &statistics.to_string())?;
    Ok(statistics)
}

fn save(path: &Path, text: &str) -> Result<(), ShardError> {
    std::fs::write(path, text).map_err(|cause| ShardError::File(path.to_owned(), cause))
}

/// The name of a split in the shards.
fn name(split: Split) -> &'static str {
    match split {
        Split::Train => "train",
        Split::Valid => "valid",
    }
}

/// The songs of a split with a seed for each time that they are played.
fn jobs<'m>(materials: &'m [Material], split: Split, plan: &Plan) -> Vec<(&'m Material, u64)> {
    let (seed, passes) = match split {
        Split::Train => (plan.seed, plan.passes),
        Split::Valid => (VALID_SEED, 1),
    };
    let takes = |material: &Material| if split == Split::Train { passes * material.set.takes() } else { 1 };
    let of_split = materials.iter().filter(|material| material.split == split);
    of_split.flat_map(|m| (0..takes(m)).map(move |take| (m, mix_seed(seed, &m.id, take)))).collect()
}

/// A seed of its own for each item. FNV-1a.
fn mix_seed(seed: u64, id: &str, take: u64) -> u64 {
    let bytes = seed.to_le_bytes().into_iter().chain(take.to_le_bytes()).chain(id.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn write_split(
    jobs: &[(&Material, u64)],
    cast: &Cast<'_>,
    split: Split,
    out: &Path,
    statistics: &mut Statistics,
) -> Result<(), ShardError> {
    let failed = |cause| ShardError::File(out.join(name(split)), cause);
    let mut writer = Writer::create(out, name(split)).map_err(failed)?;
    for batch in jobs.chunks(BATCH) {
        let streams: Vec<Option<Stream>> = batch
            .par_iter()
            .map(|(material, seed)| cast.item(material, *seed).map(|item| Stream::of(&item)))
            .collect();
        for ((material, _), stream) in batch.iter().zip(streams) {
            match stream {
                Some(stream) => {
                    statistics.count(split, material, &stream);
                    writer.push(&stream, number(material.set)).map_err(failed)?;
                }
                None => statistics.skip(split, material),
            }
        }
    }
    writer.finish().map_err(failed)
}

/// The number of a set in the shards.
fn number(set: Set) -> u8 {
    Set::ALL.iter().position(|known| *known == set).unwrap_or(0) as u8
}
