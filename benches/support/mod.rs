//! What the benches share: a band that plays in lockstep with its accompanist, and a clock that only counts work.
#![allow(dead_code, reason = "each bench uses its own part")]

pub mod core_share;
pub mod ring;
