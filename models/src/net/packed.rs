//! Matrices in tiles, and the other operations on rows of numbers, as operations of candle.

use candle_core::{CpuStorage, CustomOp1, InplaceOp2, Layout, Result, Shape, Tensor, bail};
use half::bf16;

use super::Precision;
use super::kernels::{self, Number, Rows, TILE};

/// A matrix `[outputs, inputs]` in tiles, applied to rows.
pub(super) struct Packed {
    tiles: Tiles,
    inputs: usize,
    outputs: usize,
}

enum Tiles {
    F32(Vec<f32>),
    Bf16(Vec<bf16>),
    /// With a factor for each output.
    W8(Vec<i8>, Vec<f32>),
}

impl Packed {
    /// Packs a matrix `[outputs, inputs]`, with outputs a multiple of [`TILE`].
    pub(super) fn new(matrix: &Tensor, precision: Precision) -> Result<Packed> {
        let (outputs, inputs) = matrix.dims2()?;
        if outputs % TILE != 0 {
            bail!("{outputs} outputs are not a multiple of {TILE}");
        }
        let rows = matrix.to_vec2()?;
        let tiles = match precision {
            Precision::F32 => Tiles::F32(pack(&rows, |_, x| x)),
            Precision::Bf16 => Tiles::Bf16(pack(&rows, |_, x| bf16::narrow(x))),
            Precision::W8 => {
                let factors: Vec<f32> = rows.iter().map(|row| factor(row)).collect();
                Tiles::W8(pack(&rows, |output, x| i8::narrow(x / factors[output])), factors)
            }
        };
        Ok(Packed { tiles, inputs, outputs })
    }

    /// The product with rows `[count, inputs]`.
    pub(super) fn apply(&self, rows: &Tensor) -> Result<Tensor> {
        rows.apply_op1_no_bwd(self)
    }

    /// Adds the product with rows `[count, inputs]` to `sum`, which nobody else holds.
    pub(super) fn add(&self, rows: &Tensor, sum: &Tensor) -> Result<()> {
        sum.inplace_op2(rows, self)
    }

    fn multiply(&self, x: &[f32], out: &mut [f32]) {
        let rows = Rows { numbers: x, stride: self.inputs, depth: self.inputs, count: x.len() / self.inputs };
        match &self.tiles {
            Tiles::F32(tiles) => kernels::multiply(tiles, None, rows, out, self.outputs),
            Tiles::Bf16(tiles) => kernels::multiply(tiles, None, rows, out, self.outputs),
            Tiles::W8(tiles, factors) => kernels::multiply(tiles, Some(factors), rows, out, self.outputs),
        }
    }
}

/// `[outputs / 64][inputs][64]`.
fn pack<T>(rows: &[Vec<f32>], narrow: impl Fn(usize, f32) -> T) -> Vec<T> {
    let inputs = rows.first().map_or(0, Vec::len);
    let tile = |tile: usize| {
        (0..inputs).flat_map(move |k| (tile * TILE..(tile + 1) * TILE).map(move |row| (row, k)))
    };
    (0..rows.len() / TILE).flat_map(tile).map(|(row, k)| narrow(row, rows[row][k])).collect()
}

/// What the greatest weight of an output is a 127th of.
fn factor(row: &[f32]) -> f32 {
    let greatest = row.iter().fold(0.0, |greatest: f32, x| greatest.max(x.abs()));
    if greatest > 0.0 { greatest / 127.0 } else { 1.0 }
}

impl CustomOp1 for Packed {
    fn name(&self) -> &'static str {
        "packed"
    }

    fn cpu_fwd(&self, rows: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = numbers(rows, layout, self.inputs)?;
        let count = x.len() / self.inputs;
        let mut out = vec![0.0; count * self.outputs];
        self.multiply(x, &mut out);
        Ok((CpuStorage::F32(out), (count, self.outputs).into()))
    }
}

impl InplaceOp2 for Packed {
    fn name(&self) -> &'static str {
        "add packed"
    }

    fn cpu_fwd(&self, sum: &mut CpuStorage, at: &Layout, rows: &CpuStorage, layout: &Layout) -> Result<()> {
        let x = numbers(rows, layout, self.inputs)?;
        let sum = numbers_mut(sum, at, self.outputs)?;
        if sum.len() / self.outputs != x.len() / self.inputs {
            bail!("{} rows to add to {}", x.len() / self.inputs, sum.len() / self.outputs);
        }
        self.multiply(x, sum);
        Ok(())
    }
}

/// Scales each row to a root mean square of 1, then each of its numbers by a weight.
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) eps: f32,
}

impl CustomOp1 for Norm {
    fn name(&self) -> &'static str {
        "norm"
    }

    fn cpu_fwd(&self, rows: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let width = self.weight.len();
        let x = numbers(rows, layout, width)?;
        let mut out = Vec::with_capacity(x.len());
        for row in x.chunks_exact(width) {
            let scale = 1.0 / (squares(row) / width as f32 + self.eps).sqrt();
            out.extend(row.iter().zip(&self.weight).map(|(x, weight)| x * scale * weight));
        }
        Ok((CpuStorage::F32(out), layout.shape().clone()))
    }
}

/// The sum of the squares of whole tiles, in as many partial sums as fit into registers.
fn squares(row: &[f32]) -> f32 {
    let mut sums = [0.0; 16];
    for chunk in row.as_chunks::<16>().0 {
        sums.iter_mut().zip(chunk).for_each(|(sum, x)| *sum += x * x);
    }
    sums.iter().sum()
}

/// `silu(gate) * up` of rows that hold a gate and then an up of this width.
pub(super) struct Gate(pub(super) usize);

impl CustomOp1 for Gate {
    fn name(&self) -> &'static str {
        "gate"
    }

    fn cpu_fwd(&self, rows: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let x = numbers(rows, layout, 2 * self.0)?;
        let mut out = vec![0.0; x.len() / 2];
        kernels::gate(x, self.0, &mut out);
        Ok((CpuStorage::F32(out), (x.len() / 2 / self.0, self.0).into()))
    }
}

/// The numbers of whole rows of a contiguous tensor.
pub(super) fn numbers<'a>(storage: &'a CpuStorage, layout: &Layout, row: usize) -> Result<&'a [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(all), Some((from, to))) if (to - from) % row == 0 => Ok(&all[from..to]),
        _ => bail!("{:?} are not whole rows of {row}", layout.shape()),
    }
}

/// As [`numbers`], to write.
pub(super) fn numbers_mut<'a>(
    storage: &'a mut CpuStorage,
    layout: &Layout,
    row: usize,
) -> Result<&'a mut [f32]> {
    match (storage, layout.contiguous_offsets()) {
        (CpuStorage::F32(all), Some((from, to))) if (to - from) % row == 0 => Ok(&mut all[from..to]),
        _ => bail!("{:?} are not whole rows of {row}", layout.shape()),
    }
}
