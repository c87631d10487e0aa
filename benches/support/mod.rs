//! What the benches share: a band that plays in lockstep with its accompanist, a random network and a trained one, and clocks that only
//! count work.
#![allow(dead_code, reason = "each bench uses its own part")]

pub mod core_share;
pub mod random_net;
pub mod ring;
pub mod weights;
pub mod work_time;
