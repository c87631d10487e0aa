//! The files of one split.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::Stream;

/// Writes item after item.
pub struct Writer {
    tokens: BufWriter<File>,
    weights: BufWriter<File>,
    offsets: BufWriter<File>,
    sets: BufWriter<File>,
    written: u64,
}

impl Writer {
    /// Makes the files of the split `name` in a folder.
    pub fn create(folder: &Path, name: &str) -> io::Result<Writer> {
        let file = |ending: &str| File::create(folder.join(format!("{name}.{ending}"))).map(BufWriter::new);
        let mut offsets = file("idx")?;
        offsets.write_all(&0u64.to_le_bytes())?;
        Ok(Writer { tokens: file("bin")?, weights: file("weight")?, offsets, sets: file("set")?, written: 0 })
    }

    /// Writes an item of a set.
    pub fn push(&mut self, stream: &Stream, set: u8) -> io::Result<()> {
        for word in &stream.words {
            self.tokens.write_all(&word.id().to_le_bytes())?;
        }
        self.weights.write_all(&stream.weights)?;
        self.written += stream.words.len() as u64;
        self.offsets.write_all(&self.written.to_le_bytes())?;
        self.sets.write_all(&[set])
    }

    /// Writes what is left.
    pub fn finish(mut self) -> io::Result<()> {
        [&mut self.tokens, &mut self.weights, &mut self.offsets, &mut self.sets]
            .into_iter()
            .try_for_each(BufWriter::flush)
    }
}
