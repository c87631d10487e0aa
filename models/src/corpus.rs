//! The training corpus, for the programs that count it and make shards of it. No part of the product.

mod augment;
mod density;
mod drumfeel;
mod mix;
mod parts;
mod shards;
mod song;
mod stage;
mod style;
pub mod takes;

pub use crate::unswing::Timing;
pub use augment::Trials;
pub use density::Quantiles;
pub use drumfeel::Drummers;
pub use mix::{Cast, Item, Material, Rigs, Set, materials};
pub use parts::{Human, Played, Tones};
pub use shards::{Plan, write_shards};
pub use song::{CorpusError, Harmony, Notes, Song, Split, songs};
