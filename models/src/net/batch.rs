//! Many streams with one past, read side by side.

use std::sync::Arc;

use super::memory::{Memory, Place};
use super::{Cache, Net, NetError, check_tokens};

/// Rows of tokens that go on from one prefix, each in its own way. The prefix is held once.
///
/// Rows need not be as long as each other: each call reads tokens into any of them, and a row that is done can start
/// again from the prefix while the others go on.
#[allow(missing_debug_implementations, reason = "it would be millions of numbers")]
pub struct Batch {
    net: Arc<Net>,
    prefix: Memory,
    prefix_len: usize,
    memory: Memory,
    lens: Vec<usize>,
    room: usize,
    logits: Vec<f32>,
}

impl Batch {
    /// `rows` streams that go on from what `cache` has read so far, each with room for `room` tokens or for what is
    /// left of the context.
    ///
    /// # Errors
    /// None that a sound network can cause.
    pub fn new(cache: &Cache, rows: usize, room: usize) -> Result<Batch, NetError> {
        let net = cache.net().clone();
        let room = room.min(cache.room());
        let memory = net.memory(rows, room)?;
        let prefix = cache.memory().copy()?;
        Ok(Batch {
            net,
            prefix,
            prefix_len: cache.len(),
            memory,
            lens: vec![0; rows],
            room,
            logits: Vec::new(),
        })
    }

    /// Reads one token into each of some rows, given as `(row, token)`, and returns the logits of what follows each,
    /// `[entries * vocabulary]` in the order of the entries. A row that is named again reads on.
    ///
    /// # Errors
    /// If a token is not in the vocabulary, a row is none, or has no room; then nothing has been read.
    pub fn step(&mut self, entries: &[(usize, u16)]) -> Result<&[f32], NetError> {
        let (places, lens) = self.places(entries)?;
        let tokens: Vec<u16> = entries.iter().map(|(_, token)| *token).collect();
        check_tokens(self.net.config(), &tokens)?;
        self.logits.clear();
        if !tokens.is_empty() {
            let prefix = (self.prefix_len > 0).then_some((&self.prefix, self.prefix_len));
            let x = self.net.read(&tokens, &places, &self.memory, prefix)?;
            self.logits = self.net.logits(&x)?.flatten_all()?.to_vec1()?;
            self.lens = lens;
        }
        Ok(&self.logits)
    }

    /// Where the entries belong, and how long the rows are with them.
    fn places(&self, entries: &[(usize, u16)]) -> Result<(Vec<Place>, Vec<usize>), NetError> {
        let mut lens = self.lens.clone();
        let mut places = Vec::with_capacity(entries.len());
        for &(row, _) in entries {
            let unknown = NetError::Unknown { what: "row", given: row, count: self.rows() };
            let len = lens.get_mut(row).ok_or(unknown)?;
            if *len == self.room {
                return Err(NetError::Full { given: 1, room: 0 });
            }
            places.push(Place { stream: row, at: *len, position: self.prefix_len + *len });
            *len += 1;
        }
        Ok((places, lens))
    }

    /// Lets a row start again from the prefix. A row that there is not is left alone.
    pub fn restart(&mut self, row: usize) {
        if let Some(len) = self.lens.get_mut(row) {
            *len = 0;
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.lens.len()
    }

    /// Tokens that a row has room for; none if there is no such row.
    pub fn room(&self, row: usize) -> usize {
        self.lens.get(row).map_or(0, |len| self.room - len)
    }
}
