//! The network in candle's own operations, a whole sequence at once in f32: plain, slow, and what the fast way is held to.

use candle_core::{D, DType, Device, Result, Tensor};
use candle_nn::ops::{rms_norm, silu, softmax_last_dim};
use candle_nn::rotary_emb::rope;

use super::weights::LayerWeights;
use super::{Config, NetError, Weights};

/// The logits after every token of a sequence, `[tokens, vocabulary]`, by [`rope`] and matrix products as a textbook has
/// them.
///
/// It uses rayon's pool, unlike [`Net`](super::Net): not for the model thread.
///
/// # Errors
/// If a token is not in the vocabulary, if there are more of them than the context has room for, or none.
pub fn reference(weights: &Weights, tokens: &[u16]) -> std::result::Result<Vec<Vec<f32>>, NetError> {
    let Weights { config, embed, layers, norm } = weights;
    super::check_tokens(config, tokens)?;
    if !(1..=config.context).contains(&tokens.len()) {
        return Err(NetError::Full { given: tokens.len(), room: config.context });
    }
    let ids: Vec<u32> = tokens.iter().copied().map(u32::from).collect();
    let mut x = embed.index_select(&Tensor::new(ids, &Device::Cpu)?, 0)?;
    for layer in layers {
        x = (&x + attention(config, layer, &rms_norm(&x, &layer.attn_norm, eps(config))?)?)?;
        x = (&x + feed_forward(layer, &rms_norm(&x, &layer.mlp_norm, eps(config))?)?)?;
    }
    let logits = rms_norm(&x, norm, eps(config))?.matmul(&embed.t()?)?;
    Ok(logits.to_vec2()?)
}

fn eps(config: &Config) -> f32 {
    config.norm_eps as f32
}

fn attention(config: &Config, layer: &LayerWeights, x: &Tensor) -> Result<Tensor> {
    let (count, head) = (x.dim(0)?, config.head);
    let qkv = x.matmul(&layer.qkv.t()?)?;
    // [1, heads, tokens, head]
    let heads = |first: usize, heads: usize| {
        let part = qkv.narrow(1, first * head, heads * head)?;
        part.reshape((1, count, heads, head))?.transpose(1, 2)?.contiguous()
    };
    let (cos, sin) = angles(config, count)?;
    let q = rope(&heads(0, config.heads)?, &cos, &sin)?;
    let k = repeat(config, &rope(&heads(config.heads, config.kv_heads)?, &cos, &sin)?)?;
    let v = repeat(config, &heads(config.heads + config.kv_heads, config.kv_heads)?)?;
    let scores = (q.matmul(&k.t()?)? / (head as f64).sqrt())?;
    let weights = softmax_last_dim(&scores.broadcast_add(&causal(count)?)?)?;
    let heard = weights.matmul(&v)?.transpose(1, 2)?.reshape((count, config.heads * head))?;
    heard.matmul(&layer.out.t()?)
}

fn feed_forward(layer: &LayerWeights, x: &Tensor) -> Result<Tensor> {
    let wide = x.matmul(&layer.gate_up.t()?)?.chunk(2, D::Minus1)?;
    (silu(&wide[0])? * &wide[1])?.matmul(&layer.down.t()?)
}

/// Each key-value head once for each of its query heads.
fn repeat(config: &Config, x: &Tensor) -> Result<Tensor> {
    let (_, heads, count, head) = x.dims4()?;
    let all = x.unsqueeze(2)?.broadcast_as((1, heads, config.group(), count, head))?;
    all.reshape((1, config.heads, count, head))
}

/// Minus infinity for what comes after a token.
fn causal(count: usize) -> Result<Tensor> {
    let one = |(row, column)| if column > row { f32::NEG_INFINITY } else { 0.0 };
    let all: Vec<f32> = (0..count * count).map(|i| one((i / count, i % count))).collect();
    Tensor::from_vec(all, (count, count), &Device::Cpu)
}

/// Cosines and sines of the rotary angles, `[tokens, head / 2]` each.
fn angles(config: &Config, count: usize) -> Result<(Tensor, Tensor)> {
    let frequency = |i: usize| (1.0 / config.rope_theta.powf((2 * i) as f64 / config.head as f64)) as f32;
    let frequencies: Vec<f32> = (0..config.head / 2).map(frequency).collect();
    let places = Tensor::arange(0, count as u32, &Device::Cpu)?.to_dtype(DType::F32)?.unsqueeze(1)?;
    let angles = places.matmul(&Tensor::new(frequencies, &Device::Cpu)?.unsqueeze(0)?)?;
    Ok((angles.cos()?, angles.sin()?))
}
