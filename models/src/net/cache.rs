//! One stream of tokens and what the network remembers of it.

use std::sync::Arc;

use candle_core::Tensor;

use super::memory::{Memory, Place};
use super::{Net, NetError, check_tokens};

/// Tokens that are read in one pass: their numbers have to stay near.
const PASS: usize = 128;

/// What a network has read, at most its context.
///
/// Everything is allocated by [`new`](Cache::new), apart from the numbers of the tokens that are being read. Reading in
/// one call or in many gives the same logits, to the bit.
#[allow(missing_debug_implementations, reason = "it would be millions of numbers")]
pub struct Cache {
    net: Arc<Net>,
    memory: Memory,
    len: usize,
    logits: Vec<f32>,
}

impl Cache {
    /// An empty stream.
    ///
    /// # Errors
    /// None that a sound network can cause, as with [`copy`](Cache::copy).
    pub fn new(net: &Arc<Net>) -> Result<Cache, NetError> {
        let memory = net.memory(1, net.config().context)?;
        Ok(Cache { net: net.clone(), memory, len: 0, logits: Vec::new() })
    }

    /// A stream with the same past and its own future.
    pub fn copy(&self) -> Result<Cache, NetError> {
        let Cache { net, memory, len, logits } = self;
        Ok(Cache { net: net.clone(), memory: memory.copy()?, len: *len, logits: logits.clone() })
    }

    /// Reads one token, and returns the logits of what follows it, one for each token of the vocabulary.
    ///
    /// # Errors
    /// Those of [`append`](Cache::append).
    pub fn step(&mut self, token: u16) -> Result<&[f32], NetError> {
        self.append(&[token])
    }

    /// Forgets everything, reads tokens, and returns the logits of what follows them.
    ///
    /// # Errors
    /// Those of [`append`](Cache::append); the stream may then be empty.
    pub fn prefill(&mut self, tokens: &[u16]) -> Result<&[f32], NetError> {
        self.truncate(0);
        self.append(tokens)
    }

    /// Reads tokens that are given, and returns the logits of what follows the last of them. With no tokens they are
    /// those of before.
    ///
    /// # Errors
    /// If a token is not in the vocabulary or there is no room for all of them; then nothing has been read.
    pub fn append(&mut self, tokens: &[u16]) -> Result<&[f32], NetError> {
        if let Some(last) = self.read(tokens, |_| Ok(()))? {
            let row = last.narrow(0, last.dim(0)? - 1, 1)?;
            self.logits = self.net.logits(&row)?.flatten_all()?.to_vec1()?;
        }
        Ok(&self.logits)
    }

    /// Reads tokens that are given, and returns the natural logarithms of how likely each but the first was after those
    /// before it.
    ///
    /// # Errors
    /// Those of [`append`](Cache::append).
    pub fn score(&mut self, tokens: &[u16]) -> Result<Vec<f32>, NetError> {
        let net = self.net.clone();
        let mut logits = Vec::with_capacity(tokens.len());
        self.read(tokens, |x| {
            logits.extend(net.logits(x)?.to_vec2::<f32>()?);
            Ok(())
        })?;
        let scores =
            logits.iter().zip(tokens.iter().skip(1)).map(|(logits, token)| logprob(logits, *token)).collect();
        self.logits = logits.pop().unwrap_or_default();
        Ok(scores)
    }

    /// Reads tokens in passes, and shows the residual stream of each; returns the residual stream of the last.
    fn read(
        &mut self,
        tokens: &[u16],
        mut show: impl FnMut(&Tensor) -> candle_core::Result<()>,
    ) -> Result<Option<Tensor>, NetError> {
        check_tokens(self.net.config(), tokens)?;
        if tokens.len() > self.room() {
            return Err(NetError::Full { given: tokens.len(), room: self.room() });
        }
        let mut last = None;
        for pass in tokens.chunks(PASS) {
            let place = |at| Place { stream: 0, at, position: at };
            let places: Vec<Place> = (self.len..self.len + pass.len()).map(place).collect();
            let x = self.net.read(pass, &places, &self.memory, None)?;
            self.len += pass.len();
            show(&x)?;
            last = Some(x);
        }
        Ok(last)
    }

    /// Forgets all but the first `len` tokens; nothing if there are no more than these. What follows is then unknown
    /// until a token is read.
    pub fn truncate(&mut self, len: usize) {
        if len < self.len {
            self.len = len;
            self.logits.clear();
        }
    }

    /// Tokens that have been read.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing has been read.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Tokens that there is room for.
    pub fn room(&self) -> usize {
        self.net.config().context - self.len
    }

    /// The network that reads.
    pub fn net(&self) -> &Arc<Net> {
        &self.net
    }

    pub(super) fn memory(&self) -> &Memory {
        &self.memory
    }
}

/// The natural logarithm of a token's probability.
fn logprob(logits: &[f32], token: u16) -> f32 {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - top).exp()).sum();
    logits[usize::from(token)] - top - sum.ln()
}
