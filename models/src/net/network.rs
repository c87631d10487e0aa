//! The network itself, immutable and shared.

use candle_core::{Device, Result, Tensor};

use super::attention::{Attend, Prefix};
use super::memory::{Angles, LayerMemory, Memory, Part, Place, Rotate, Store};
use super::packed::{Gate, Norm, Packed};
use super::weights::LayerWeights;
use super::{Config, NetError, Precision, Weights};

/// A network, ready to compute. It holds no state: that is in [`Cache`](super::Cache) and [`Batch`](super::Batch).
#[allow(missing_debug_implementations, reason = "it would be millions of numbers")]
pub struct Net {
    config: Config,
    precision: Precision,
    embed: Tensor,
    layers: Vec<Layer>,
    norm: Norm,
    logits: Packed,
    angles: Angles,
}

struct Layer {
    attn_norm: Norm,
    qkv: Packed,
    out: Packed,
    mlp_norm: Norm,
    gate_up: Packed,
    down: Packed,
}

impl Net {
    /// Packs the weights. Takes some ten milliseconds for a network of 4 million.
    ///
    /// # Errors
    /// None that sound weights can cause.
    pub fn new(weights: &Weights, precision: Precision) -> std::result::Result<Net, NetError> {
        let Weights { config, embed, layers, norm } = weights;
        let layers = layers.iter().map(|layer| Layer::new(layer, config, precision));
        Ok(Net {
            layers: layers.collect::<Result<_>>()?,
            norm: norm_of(norm, config)?,
            logits: Packed::new(embed, precision)?,
            angles: Angles::new(config),
            embed: embed.clone(),
            config: config.clone(),
            precision,
        })
    }

    /// Its dimensions.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// How its weights are held.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Memory for some streams.
    pub(super) fn memory(&self, streams: usize, room: usize) -> Result<Memory> {
        Memory::new(&self.config, self.precision, streams, room)
    }

    /// Reads tokens into the memory, each at its place, and returns the residual stream after each,
    /// `[tokens, width]`.
    pub(super) fn read(
        &self,
        tokens: &[u16],
        places: &[Place],
        memory: &Memory,
        prefix: Option<(&Memory, usize)>,
    ) -> Result<Tensor> {
        let ids: Vec<u32> = tokens.iter().copied().map(u32::from).collect();
        let x = self.embed.index_select(&Tensor::new(ids, &Device::Cpu)?, 0)?;
        for (index, (layer, own)) in self.layers.iter().zip(&memory.layers).enumerate() {
            let prefix =
                prefix.map(|(memory, len)| Prefix { memory: &memory.layers[index], room: memory.room, len });
            self.attend(layer, &x, places, (own, memory.room), prefix)?;
            let wide = layer.gate_up.apply(&x.apply_op1_no_bwd(&layer.mlp_norm)?)?;
            layer.down.add(&wide.apply_op1_no_bwd(&Gate(self.config.hidden))?, &x)?;
        }
        Ok(x)
    }

    /// Adds to `x` what the tokens hear of each other and of the past.
    fn attend(
        &self,
        layer: &Layer,
        x: &Tensor,
        places: &[Place],
        (own, room): (&LayerMemory, usize),
        prefix: Option<Prefix<'_>>,
    ) -> Result<()> {
        let Config { heads, kv_heads, .. } = self.config;
        let qkv = layer.qkv.apply(&x.apply_op1_no_bwd(&layer.attn_norm)?)?;
        qkv.inplace_op1(&Rotate { angles: &self.angles, places })?;
        let store = |part| Store { places, part, row: self.config.qkv(), kv_heads, room };
        own.keys.inplace_op2(&qkv, &store(Part::Keys))?;
        own.values.inplace_op2(&qkv, &store(Part::Values))?;
        let attend = Attend { places, prefix, heads, kv_heads, room };
        layer.out.add(&qkv.apply_op3_no_bwd(&own.keys, &own.values, &attend)?, x)
    }

    /// What may follow, from the residual stream: `[tokens, vocabulary]`.
    pub(super) fn logits(&self, x: &Tensor) -> Result<Tensor> {
        self.logits.apply(&x.apply_op1_no_bwd(&self.norm)?)
    }
}

impl Layer {
    fn new(weights: &LayerWeights, config: &Config, precision: Precision) -> Result<Layer> {
        let LayerWeights { attn_norm, qkv, out, mlp_norm, gate_up, down } = weights;
        let pack = |matrix| Packed::new(matrix, precision);
        Ok(Layer {
            attn_norm: norm_of(attn_norm, config)?,
            qkv: pack(qkv)?,
            out: pack(out)?,
            mlp_norm: norm_of(mlp_norm, config)?,
            gate_up: pack(gate_up)?,
            down: pack(down)?,
        })
    }
}

fn norm_of(weight: &Tensor, config: &Config) -> Result<Norm> {
    Ok(Norm { weight: weight.to_vec1()?, eps: config.norm_eps as f32 })
}
