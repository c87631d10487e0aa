//! The training corpus, for the programs that count it and make shards of it. No part of the product.

mod song;

pub use song::{CorpusError, Harmony, Notes, Song, Split, songs};
