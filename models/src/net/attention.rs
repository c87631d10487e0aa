//! Attention over what is in memory, as an operation of candle.

use std::ops::Range;

use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Storage, StorageRef, bail};
use half::bf16;

use super::kernels::{self, Number, Rows, TILE};
use super::memory::{LayerMemory, Place};
use super::packed::numbers;

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
            (CpuStorage::F32(keys), CpuStorage::F32(values)) => self.attend::<f32>(queries, keys, values, f32s)?,
            (CpuStorage::BF16(keys), CpuStorage::BF16(values)) => self.attend::<bf16>(queries, keys, values, bf16s)?,
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
    /// The tiles of the keys of the first `len` tokens; `head` counts through the streams.
    fn keys(&self, head: usize, len: usize) -> &'a [T] {
        &self.keys[head * self.room * TILE..][..len.next_multiple_of(TILE) * TILE]
    }

    fn values(&self, head: usize, len: usize) -> &'a [T] {
        &self.values[head * self.room * TILE..][..len * TILE]
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
        let guards = self.prefix.map(|prefix| {
            (prefix.memory.keys.storage_and_layout().0, prefix.memory.values.storage_and_layout().0, prefix)
        });
        let prefix = match &guards {
            Some((keys, values, prefix)) => {
                let span = Span { keys: slice(cpu(keys)?)?, values: slice(cpu(values)?)?, room: prefix.room };
                Some((span, prefix.len))
            }
            None => None,
        };
        let mut out = vec![0.0; self.places.len() * self.heads * TILE];
        for from in (0..self.places.len()).step_by(ROWS) {
            let rows = from..self.places.len().min(from + ROWS);
            for head in 0..self.kv_heads {
                Sheet::new(self, qkv, rows.clone(), head, prefix.map_or(0, |(_, len)| len)).fill(own, prefix, &mut out);
            }
        }
        Ok(out)
    }
}

fn cpu<'a>(storage: &'a StorageRef<'_>) -> Result<&'a CpuStorage> {
    match &**storage {
        Storage::Cpu(storage) => Ok(storage),
        _ => bail!("a prefix that is not in the processor's memory"),
    }
}

/// The scores of some rows, for the query heads of one key-value head.
struct Sheet<'a> {
    attend: &'a Attend<'a>,
    rows: Range<usize>,
    head: usize,
    /// `[rows][group][64]`, scaled.
    queries: Vec<f32>,
    /// Query heads of a key-value head.
    group: usize,
    /// Where the scores of a stream's own tokens begin; before it stand those of the prefix.
    own: usize,
    width: usize,
    prefix: usize,
}

impl<'a> Sheet<'a> {
    fn new(attend: &'a Attend<'a>, qkv: &[f32], rows: Range<usize>, head: usize, prefix: usize) -> Self {
        let group = attend.heads / attend.kv_heads;
        let scale = 1.0 / (TILE as f32).sqrt();
        let row = (attend.heads + 2 * attend.kv_heads) * TILE;
        let heads = qkv.chunks_exact(row).skip(rows.start).take(rows.len());
        let queries = heads.flat_map(|row| &row[head * group * TILE..][..group * TILE]).map(|x| x * scale).collect();
        let longest = attend.places[rows.clone()].iter().map(|place| place.at + 1).max().unwrap_or(0);
        let own = prefix.next_multiple_of(TILE);
        let width = own + longest.next_multiple_of(TILE);
        Sheet { attend, rows, head, queries, group, own, width, prefix }
    }

    fn fill<T: Number>(self, own: Span<'_, T>, prefix: Option<(Span<'_, T>, usize)>, out: &mut [f32]) {
        let mut scores = vec![0.0; self.rows.len() * self.group * self.width];
        let mut sums = vec![0.0; self.queries.len()];
        let queries = Rows { numbers: &self.queries, stride: TILE, depth: TILE, count: self.queries.len() / TILE };
        if let Some((span, len)) = prefix {
            kernels::multiply(span.keys(self.head, len), None, queries, &mut scores, self.width);
        }
        for run in self.runs() {
            let Run { first, count, head, len } = run;
            let rows = Rows { numbers: &self.queries[first * TILE..], count, ..queries };
            kernels::multiply(own.keys(head, len), None, rows, &mut scores[first * self.width + self.own..], self.width);
        }
        let totals = self.weigh(&mut scores);
        let weights = Rows { numbers: &scores, stride: self.width, depth: 0, count: queries.count };
        if let Some((span, len)) = prefix {
            let weights = Rows { depth: len, ..weights };
            kernels::multiply(span.values(self.head, len), None, weights, &mut sums, TILE);
        }
        for run in self.runs() {
            let Run { first, count, head, len } = run;
            let numbers = &scores[first * self.width + self.own..];
            let weights = Rows { numbers, depth: len, count, ..weights };
            kernels::multiply(own.values(head, len), None, weights, &mut sums[first * TILE..], TILE);
        }
        self.hand_out(&sums, &totals, out);
    }

    /// Neighbours of one stream.
    fn runs(&self) -> impl Iterator<Item = Run> + '_ {
        let mut first = 0;
        self.attend.places[self.rows.clone()].chunk_by(|a, b| a.stream == b.stream).map(move |run| {
            let head = run[0].stream * self.attend.kv_heads + self.head;
            let count = run.len() * self.group;
            let len = run.iter().map(|place| place.at + 1).max().unwrap_or(0);
            first += count;
            Run { first: first - count, count, head, len }
        })
    }

    /// Scores become weights; what a row must not hear gets none. Returns each row's sum.
    fn weigh(&self, scores: &mut [f32]) -> Vec<f32> {
        let places = self.attend.places[self.rows.clone()].iter().flat_map(|place| std::iter::repeat_n(place, self.group));
        let rows = scores.chunks_exact_mut(self.width).zip(places);
        rows.map(|(row, place)| {
            row[self.prefix..self.own].fill(f32::NEG_INFINITY);
            row[self.own + place.at + 1..].fill(f32::NEG_INFINITY);
            kernels::softmax(row)
        })
        .collect()
    }

    /// Writes the weighted means to the rows that asked.
    fn hand_out(&self, sums: &[f32], totals: &[f32], out: &mut [f32]) {
        let row = self.attend.heads * TILE;
        let from = self.head * self.group * TILE;
        let means = sums.chunks_exact(TILE).zip(totals).flat_map(|(sums, total)| sums.iter().map(move |sum| sum / total));
        let places = out.chunks_exact_mut(row).skip(self.rows.start).take(self.rows.len());
        let places = places.flat_map(|row| &mut row[from..from + self.group * TILE]);
        places.zip(means).for_each(|(place, mean)| *place = mean);
    }
}

/// Queries that ask one stream's memory.
struct Run {
    /// The first of them in the sheet.
    first: usize,
    count: usize,
    /// The key-value head, counted through the streams.
    head: usize,
    /// How much of the memory they ask together.
    len: usize,
}
