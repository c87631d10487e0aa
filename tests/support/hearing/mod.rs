//! Hears, from samples alone, which keys sound when, where a note began or moved, and where it clicked.

pub mod change;
pub mod click;
pub mod comb;
pub mod onset;
pub mod sine;
