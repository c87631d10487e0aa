//! Instruments that measure what the band played, from its sound and its notes, and never from its own word.
#![allow(dead_code, reason = "each test uses its own part of the instruments")]

pub mod figures;
pub mod hearing;
pub mod judge;
pub mod loudness;
pub mod random_take;
pub mod roll;
pub mod sine_font;
pub mod stage;
