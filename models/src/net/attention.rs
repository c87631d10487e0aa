//! Attention over what is in memory, as an operation of candle.

mod sheet;

use std::ops::Range;

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Storage, StorageRef, bail};
use half::bf16;

use super::kernels::{Number, TILE};
use super::memory::{LayerMemory, Place};
use super::packed::numbers;
use sheet::Piece;

/// Rows of queries that are worked on at once: their scores have to stay near.
const ROWS: usize = 16;

/// What every stream remembers from before it began.
#[derive(Clone, Copy)]
pub(super) struct Prefix<'a> {
    pub(super) memory: &'a LayerMemory,
    pub(super) room: usize,
    pub(super) len: usize,
}

/// Each row's queries ask its stream's memory, itself included, and the prefix: `qkv`, keys and values to
/// `[count, heads * head]`.
pub(super) struct Attend<'a> {
    /// Neighbours of one stream ascend.
    pub(super) places: &'a [Place],
    pub(super) prefix: Option<Prefix<'a>>,
    pub(super) heads: usize,
    pub(super) kv_heads: usize,
    pub(super) room: usize,
}

impl CustomOp3 for Attend<'_> {
    fn name(&self) -> &'static str {
        "attend"
    }

    fn cpu_fwd(
        &self,
        qkv: &CpuStorage,
        layout: &Layout,
        keys: &CpuStorage,
        _: &Layout,
        values: &CpuStorage,
        _: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let queries = numbers(qkv, layout, (self.heads + 2 * self.kv_heads) * TILE)?;
        let out = match (keys, values) {
            (CpuStorage::F32(keys), CpuStorage::F32(values)) => {
                self.attend::<f32>(queries, keys, values, f32s)?
            }
            (CpuStorage::BF16(keys), CpuStorage::BF16(values)) => {
                self.attend::<bf16>(queries, keys, values, bf16s)?
            }
            _ => bail!("keys and values of another type"),
        };
        Ok((CpuStorage::F32(out), (self.places.len(), self.heads * TILE).into()))
    }
}

fn f32s(storage: &CpuStorage) -> Result<&[f32]> {
    storage.as_slice()
}

fn bf16s(storage: &CpuStorage) -> Result<&[bf16]> {
    storage.as_slice()
}

/// Keys and values of some streams.
#[derive(Clone, Copy)]
struct Span<'a, T> {
    keys: &'a [T],
    values: &'a [T],
    room: usize,
}

impl<'a, T> Span<'a, T> {
    /// The first `len` tokens of a key-value head, counted through the streams.
    fn piece(&self, head: usize, len: usize, queries: Range<usize>, before: usize) -> Piece<'a, T> {
        let from = head * self.room * TILE;
        let keys = &self.keys[from..][..len.next_multiple_of(TILE) * TILE];
        Piece { keys, values: &self.values[from..][..len * TILE], queries, before }
    }
}

impl Attend<'_> {
    fn attend<T: Number>(
        &self,
        qkv: &[f32],
        keys: &[T],
        values: &[T],
        slice: fn(&CpuStorage) -> Result<&[T]>,
    ) -> Result<Vec<f32>> {
        let own = Span { keys, values, room: self.room };
        let locks = self.prefix.map(|Prefix { memory, .. }| {
            [&memory.keys, &memory.values].map(|tensor| tensor.storage_and_layout().0)
        });
        let mut prefix = None;
        if let (Some([keys, values]), Some(Prefix { room, len, .. })) = (&locks, self.prefix) {
            prefix = Some((Span { keys: slice(cpu(keys)?)?, values: slice(cpu(values)?)?, room }, len));
        }
        let mut out = vec![0.0; self.places.len() * self.heads * TILE];
        for from in (0..self.places.len()).step_by(ROWS) {
            let rows = from..self.places.len().min(from + ROWS);
            for head in 0..self.kv_heads {
                let pieces = self.pieces(&rows, head, own, prefix);
                let means = sheet::means(&self.queries(&rows, head, qkv), &self.heard(&rows), &pieces);
                self.hand_out(&rows, head, &means, &mut out);
            }
        }
        Ok(out)
    }

    /// Query heads of a key-value head.
    fn group(&self) -> usize {
        self.heads / self.kv_heads
    }

    /// The query heads of a key-value head, row by row, scaled.
    fn queries(&self, rows: &Range<usize>, head: usize, qkv: &[f32]) -> Vec<f32> {
        let scale = 1.0 / (TILE as f32).sqrt();
        let group = self.group() * TILE;
        let rows =
            qkv.chunks_exact((self.heads + 2 * self.kv_heads) * TILE).skip(rows.start).take(rows.len());
        rows.flat_map(|row| &row[head * group..][..group]).map(|x| x * scale).collect()
    }

    /// How many tokens each query may hear.
    fn heard(&self, rows: &Range<usize>) -> Vec<usize> {
        let prefix = self.prefix.map_or(0, |prefix| prefix.len);
        let each = |place: &Place| std::iter::repeat_n(prefix + place.at + 1, self.group());
        self.places[rows.clone()].iter().flat_map(each).collect()
    }

    /// What the queries ask: all of them the prefix, then those of a stream its own memory.
    fn pieces<'a, T>(
        &self,
        rows: &Range<usize>,
        head: usize,
        own: Span<'a, T>,
        prefix: Option<(Span<'a, T>, usize)>,
    ) -> Vec<Piece<'a, T>> {
        let mut pieces = Vec::new();
        let mut before = 0;
        if let Some((span, len)) = prefix {
            pieces.push(span.piece(head, len, 0..rows.len() * self.group(), 0));
            before = len;
        }
        let mut first = 0;
        for run in self.places[rows.clone()].chunk_by(|a, b| a.stream == b.stream) {
            let queries = first..first + run.len() * self.group();
            first = queries.end;
            let len = run.iter().map(|place| place.at + 1).max().unwrap_or(0);
            pieces.push(own.piece(run[0].stream * self.kv_heads + head, len, queries, before));
        }
        pieces
    }

    /// Writes the means to the rows that asked.
    fn hand_out(&self, rows: &Range<usize>, head: usize, means: &[f32], out: &mut [f32]) {
        let group = self.group() * TILE;
        let rows = out.chunks_exact_mut(self.heads * TILE).skip(rows.start).take(rows.len());
        for (row, means) in rows.zip(means.chunks_exact(group)) {
            row[head * group..][..group].copy_from_slice(means);
        }
    }
}

fn cpu<'a>(storage: &'a StorageRef<'_>) -> Result<&'a CpuStorage> {
    match &**storage {
        Storage::Cpu(storage) => Ok(storage),
        _ => bail!("a prefix that is not in the processor's memory"),
    }
}
