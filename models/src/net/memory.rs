//! Keys and values of what a network has read, and how they are written.

use candle_core::{CpuStorage, DType, Device, InplaceOp1, InplaceOp2, Layout, Result, Tensor, bail};
use half::bf16;

use super::kernels::{Number, TILE};
use super::packed::{numbers, numbers_mut};
use super::{Config, Precision};

/// Keys and values of every layer, for some streams.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) layers: Vec<LayerMemory>,
    /// Tokens that a stream has room for.
    pub(super) room: usize,
}

/// What one layer remembers. Both tensors are allocated once and written in place; to forget is to write again.
#[derive(Debug)]
pub(super) struct LayerMemory {
    /// In tiles, as a matrix that turns a query into scores: `[streams, kv_heads, room / 64, head, 64]`.
    pub(super) keys: Tensor,
    /// As a matrix that turns scores into numbers: `[streams, kv_heads, room, head]`, and a head is one tile wide.
    pub(super) values: Tensor,
}

impl Memory {
    /// Room for `room` tokens of each stream, rounded up to whole tiles.
    pub(super) fn new(config: &Config, precision: Precision, streams: usize, room: usize) -> Result<Memory> {
        let tiles = room.div_ceil(TILE);
        let kind = if precision == Precision::F32 { DType::F32 } else { DType::BF16 };
        let (heads, head) = (config.kv_heads, config.head);
        let layer = |_| {
            let keys = Tensor::zeros((streams, heads, tiles, head, TILE), kind, &Device::Cpu)?;
            let values = Tensor::zeros((streams, heads, tiles * TILE, head), kind, &Device::Cpu)?;
            Ok(LayerMemory { keys, values })
        };
        Ok(Memory { layers: (0..config.layers).map(layer).collect::<Result<_>>()?, room: tiles * TILE })
    }

    /// The same content, in its own place.
    pub(super) fn copy(&self) -> Result<Memory> {
        let layer =
            |layer: &LayerMemory| Ok(LayerMemory { keys: layer.keys.copy()?, values: layer.values.copy()? });
        Ok(Memory { layers: self.layers.iter().map(layer).collect::<Result<_>>()?, room: self.room })
    }
}

/// Where a row of numbers belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) stream: usize,
    /// Its token's place in the memory of its stream.
    pub(super) at: usize,
    /// Its token's place from the start of the context.
    pub(super) position: usize,
}

/// Cosines and sines of the rotary angles.
#[derive(Debug)]
pub(super) struct Angles {
    /// `[context][head / 2]`.
    turns: Vec<(f32, f32)>,
    /// Heads of a row that turn.
    heads: usize,
    row: usize,
}

impl Angles {
    pub(super) fn new(config: &Config) -> Angles {
        let half = config.head / 2;
        let frequency = |i: usize| (1.0 / config.rope_theta.powf(i as f64 / half as f64)) as f32;
        let turn = |position: usize, i: usize| {
            let angle = position as f32 * frequency(i);
            (angle.cos(), angle.sin())
        };
        let turns =
            (0..config.context).flat_map(|position| (0..half).map(move |i| turn(position, i))).collect();
        Angles { turns, heads: config.heads + config.kv_heads, row: config.qkv() }
    }
}

/// Turns the queries and keys of rows `[count, qkv]` by the angles of their positions.
pub(super) struct Rotate<'a> {
    pub(super) angles: &'a Angles,
    pub(super) places: &'a [Place],
}

impl InplaceOp1 for Rotate<'_> {
    fn name(&self) -> &'static str {
        "rotate"
    }

    fn cpu_fwd(&self, qkv: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let Angles { turns, heads, row } = self.angles;
        for (row, place) in numbers_mut(qkv, layout, *row)?.chunks_exact_mut(*row).zip(self.places) {
            let turns = &turns[place.position * TILE / 2..][..TILE / 2];
            for head in row.chunks_exact_mut(TILE).take(*heads) {
                let (low, high) = head.split_at_mut(TILE / 2);
                for ((a, b), (cos, sin)) in low.iter_mut().zip(high).zip(turns) {
                    (*a, *b) = (*a * cos - *b * sin, *b * cos + *a * sin);
                }
            }
        }
        Ok(())
    }
}

/// Writes the keys or the values of rows `[count, qkv]` into memory.
pub(super) struct Store<'a> {
    pub(super) places: &'a [Place],
    /// Which of the two: where the first head of a row begins, and how a head is laid out.
    pub(super) part: Part,
    pub(super) row: usize,
    pub(super) kv_heads: usize,
    pub(super) room: usize,
}

/// What is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Keys,
    Values,
}

impl InplaceOp2 for Store<'_> {
    fn name(&self) -> &'static str {
        "store"
    }

    fn cpu_fwd(&self, memory: &mut CpuStorage, _: &Layout, qkv: &CpuStorage, layout: &Layout) -> Result<()> {
        let rows = numbers(qkv, layout, self.row)?;
        match memory {
            CpuStorage::F32(memory) => self.store::<f32>(memory, rows),
            CpuStorage::BF16(memory) => self.store::<bf16>(memory, rows),
            _ => bail!("memory of another type"),
        }
        Ok(())
    }
}

impl Store<'_> {
    fn store<T: Number>(&self, memory: &mut [T], rows: &[f32]) {
        let behind = if self.part == Part::Keys { 2 } else { 1 };
        let first = self.row - behind * self.kv_heads * TILE;
        for (row, place) in rows.chunks_exact(self.row).zip(self.places) {
            let heads = row[first..].chunks_exact(TILE).take(self.kv_heads);
            for (head, numbers) in (place.stream * self.kv_heads..).zip(heads) {
                let memory = &mut memory[head * self.room * TILE..][..self.room * TILE];
                self.store_head(memory, place.at, numbers);
            }
        }
    }

    fn store_head<T: Number>(&self, memory: &mut [T], at: usize, numbers: &[f32]) {
        let (from, step) = match self.part {
            Part::Keys => (at / TILE * TILE * TILE + at % TILE, TILE),
            Part::Values => (at * TILE, 1),
        };
        let places = memory[from..].iter_mut().step_by(step);
        places.zip(numbers).for_each(|(place, number)| *place = T::narrow(*number));
    }
}
