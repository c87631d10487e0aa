//! Judges the band by its notes, with the definitions of the field's musicians and not by the program's word.
//!
//! Every measure takes a [`Band`]. A measure that finds nothing to count says so (`Share::of` is 0, or `None`),
//! so that no test passes because nothing was played.

pub mod adaptation;
pub mod band;
pub mod changes;
pub mod clash;
pub mod clave;
pub mod consonance;
pub mod distance;
pub mod diversity;
pub mod drumming;
pub mod dynamics;
pub mod form;
pub mod frames;
pub mod groove;
pub mod hands;
pub mod harmony;
pub mod likeness;
pub mod listen;
pub mod score;
pub mod skeleton;
#[cfg(test)]
mod tests;

pub use band::{Band, Sounding};

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many were so.
    pub hits: usize,
    /// How many there were.
    pub of: usize,
}

impl Share {
    /// Counts the items for which `is_so`.
    pub fn count<T>(items: impl IntoIterator<Item = T>, mut is_so: impl FnMut(T) -> bool) -> Share {
        let mut share = Share::default();
        for item in items {
            share.of += 1;
            share.hits += usize::from(is_so(item));
        }
        share
    }

    /// The share, 0 to 1; `None` where nothing was counted.
    pub fn ratio(self) -> Option<f64> {
        (self.of > 0).then(|| self.hits as f64 / self.of as f64)
    }
}
