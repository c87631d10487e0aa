//! The training corpus, for the programs that count it and make shards of it. No part of the product.

mod density;
mod parts;
mod song;
mod style;
mod unswing;

pub use density::Quantiles;
pub use parts::{Human, Played, Tones};
pub use song::{CorpusError, Harmony, Notes, Song, Split, songs};
pub use unswing::Timing;
