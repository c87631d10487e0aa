//! The mix of the training data: which songs of the corpus stand in which set, and how much each set counts.

mod borrow;
mod cast;
mod chairs;
mod ground;
mod performer;
mod rigs;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;

use std::path::Path;

use engine::LocalKey;

use super::density::Quantiles;
use super::parts::Human;
use super::parts::stretch::Stretch;
use super::song::{CorpusError, Song, Split, songs};

pub use cast::{Cast, Item};
pub use rigs::Rigs;

/// The files that are read: all that may be in shipped weights.
const FILES: [&str; 8] = ["gmd", "pop909", "wjd", "bands", "irb", "billboard", "openewld", "neonscribe"];

/// The collections of full bands.
pub const BANDS: [&str; 4] = ["freedoom", "blasphemer", "easyrpg_rtp", "simutrans"];

/// What of the predicted tokens a collection of bands may be.
const BAND_AT_MOST: f64 = 0.03;

/// Who the humans of an item are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Set {
    /// A drummer; the teacher plays around them over borrowed chords.
    Drummer,
    /// A pianist who accompanies a song.
    Pianist,
    /// A soloist, whom the teacher accompanies.
    Soloist,
    /// A whole band, by its collection.
    Band(usize),
    /// Nobody: the teacher plays over chords and lead sheets.
    Teacher,
}

impl Set {
    /// Every set, in the order of the shards' numbers.
    pub const ALL: [Set; 8] = [
        Set::Drummer,
        Set::Pianist,
        Set::Soloist,
        Set::Band(0),
        Set::Band(1),
        Set::Band(2),
        Set::Band(3),
        Set::Teacher,
    ];

    /// The set of a song; none where its collection is not known.
    fn of(song: &Song) -> Option<Set> {
        Some(match song.set.as_str() {
            "gmd" => Set::Drummer,
            "pop909" => Set::Pianist,
            "wjd" => Set::Soloist,
            "bands" => Set::Band(BANDS.iter().position(|name| song.source.as_deref() == Some(*name))?),
            _ => Set::Teacher,
        })
    }

    /// Its name in the shards.
    pub fn name(self) -> &'static str {
        match self {
            Set::Drummer => "gmd",
            Set::Pianist => "pop909",
            Set::Soloist => "wjd",
            Set::Band(which) => BANDS[which],
            Set::Teacher => "teacher",
        }
    }

    /// The share of the predicted tokens that it shall have, before the bands' limit.
    fn share(self) -> f64 {
        match self {
            Set::Drummer | Set::Pianist | Set::Teacher => 0.25,
            Set::Soloist => 0.15,
            Set::Band(_) => 0.10,
        }
    }

    /// How often its songs are played in a pass: the fewer there are, the more often, each time otherwise.
    pub fn takes(self) -> u64 {
        match self {
            Set::Drummer => 3,
            Set::Soloist | Set::Band(_) => 2,
            Set::Pianist | Set::Teacher => 1,
        }
    }
}

/// The shares of all sets, given how many tokens of each set there are to predict. The bands share theirs by size, and
/// none is above its limit.
pub fn shares(predicted: &[u64]) -> Vec<f64> {
    let sized = |set: &Set, tokens: &u64| if matches!(set, Set::Band(_)) { *tokens as f64 } else { 0.0 };
    let bands: f64 = Set::ALL.iter().zip(predicted).map(|(set, tokens)| sized(set, tokens)).sum();
    let share = |(set, tokens): (&Set, &u64)| match set {
        _ if *tokens == 0 => 0.0,
        Set::Band(_) => (set.share() * sized(set, tokens) / bands).min(BAND_AT_MOST),
        set => set.share(),
    };
    let shares: Vec<f64> = Set::ALL.iter().zip(predicted).map(share).collect();
    let sum: f64 = shares.iter().sum();
    shares.into_iter().map(|share| share / sum.max(f64::MIN_POSITIVE)).collect()
}

/// A stretch of a song, ready to be played.
#[derive(Clone, Debug)]
pub struct Material {
    /// The song's name and the stretch's number.
    pub id: String,
    /// The set.
    pub set: Set,
    /// The file that it comes from.
    pub file: String,
    /// The split.
    pub split: Split,
    /// The humans.
    pub human: Human,
    /// The key of each beat, as far as it is known.
    pub keys: Vec<LocalKey>,
    /// A drummer's fill, and nothing else.
    pub is_fill: bool,
}

/// Reads what of the corpus in `folder` may be trained on; at most `limit` songs of a split a file.
///
/// # Errors
/// If a file or one of its songs cannot be read.
pub fn materials(folder: &Path, limit: usize) -> Result<Vec<Material>, CorpusError> {
    let mut all: Vec<Song> = Vec::new();
    for name in FILES {
        let path = folder.join(format!("{name}.jsonl.gz"));
        let read: Result<Vec<Song>, CorpusError> = songs(&path)?.collect();
        let (train, valid): (Vec<Song>, Vec<Song>) =
            read?.into_iter().filter(Song::may_ship).partition(|song| song.split == Split::Train);
        all.extend(spread(train, limit));
        all.extend(spread(valid, limit));
    }
    let quantiles = Quantiles::of(&all);
    Ok(all.iter().flat_map(|song| stretches(song, &quantiles)).collect())
}

/// Every so-manieth song, so that no more than `limit` are left, of all parts of the file.
fn spread(songs: Vec<Song>, limit: usize) -> Vec<Song> {
    let step = songs.len().div_ceil(limit.max(1)).max(1);
    songs.into_iter().step_by(step).collect()
}

fn stretches(song: &Song, quantiles: &Quantiles) -> Vec<Material> {
    let Some(set) = Set::of(song) else { return Vec::new() };
    let humans = Human::of(song, quantiles);
    let material = |(i, (human, stretch)): (usize, (Human, Stretch<'_>))| Material {
        id: format!("{}:{i}", song.id),
        set,
        file: song.set.clone(),
        split: song.split,
        human,
        keys: stretch.keys(),
        is_fill: song.kind.as_deref() == Some("fill"),
    };
    humans.into_iter().zip(Stretch::all(song)).enumerate().map(material).collect()
}
