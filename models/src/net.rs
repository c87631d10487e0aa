//! The network: weights, cache, arithmetic and sampling. Runs on the model thread.
//!
//! A decoder-only transformer with grouped-query attention, rotary positions, gated feed-forward and no biases.
//! [`Weights`] are read from a file and checked, [`Net`] packs them, [`Cache`] is one stream of tokens, [`Batch`] many
//! with one past, and [`Sampler`] draws under a [`Mask`].
//!
//! Tensors are candle's. The products, attention and the other loops are operations of our own, for candle's leave much
//! of a core unused where there is one row; [`reference()`] has the network in candle's own, and tests hold one to the other.
//! None of ours uses another thread or rayon's pool, so nothing has to be set before the first token, and any thread may
//! read.

mod attention;
mod batch;
mod cache;
mod config;
mod error;
mod kernels;
mod mask;
mod memory;
mod network;
mod packed;
mod reference;
mod sample;
mod weights;

pub use batch::Batch;
pub use cache::Cache;
pub use config::{Config, Precision};
pub use error::{Fault, NetError};
pub use mask::Mask;
pub use network::Net;
pub use reference::reference;
pub use sample::Sampler;
pub use weights::Weights;

/// That all tokens are in the vocabulary.
fn check_tokens(config: &Config, tokens: &[u16]) -> Result<(), NetError> {
    let count = config.vocabulary;
    match tokens.iter().find(|token| usize::from(**token) >= count) {
        Some(token) => Err(NetError::Unknown { what: "token", given: usize::from(*token), count }),
        None => Ok(()),
    }
}
