//! Rigs: TOML files of patterns, sounds and habits, read into plain data. Any thread but audio.
//!
//! The notation and every key are told in `presets/README.md`.

mod error;
mod knobs;
mod library;
mod part;
mod piece;
mod read;
mod reader;
#[cfg(test)]
mod tests;
mod words;

pub use error::{Mistake, RigError};
pub use library::{embedded, find, names};
pub use read::parse;
