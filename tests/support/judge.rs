//! Judges the band by its notes: the definitions of `sideman eval`.

pub use control::eval::judge::*;
