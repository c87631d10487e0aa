//! A small network with random weights.

use std::collections::HashMap;
use std::sync::Arc;

use safetensors::Dtype;
use safetensors::tensor::{TensorView, serialize};

use crate::net::{Net, Precision, Weights};
use crate::tokens::{VOCABULARY, Word};

/// A network with random weights; those of its norms are all `norm`, usually 1.
pub fn net(tokens: &str, norm: f32, seed: u64) -> Arc<Net> {
    let json = format!(
        r#"{{"name": "random", "vocabulary": {VOCABULARY}, "width": 64, "layers": 1, "heads": 1, "kv_heads": 1,
        "head": 64, "hidden": 64, "context": 768, "rope_theta": 10000.0, "norm_eps": 1e-5, "tokens": "{tokens}"}}"#
    );
    let shapes: [(&str, &[usize]); 8] = [
        ("embed.weight", &[VOCABULARY, 64]),
        ("norm.weight", &[64]),
        ("layers.0.attn_norm.weight", &[64]),
        ("layers.0.qkv.weight", &[192, 64]),
        ("layers.0.out.weight", &[64, 64]),
        ("layers.0.mlp_norm.weight", &[64]),
        ("layers.0.gate_up.weight", &[128, 64]),
        ("layers.0.down.weight", &[64, 64]),
    ];
    let rng = &mut fastrand::Rng::with_seed(seed);
    let tensors = shapes.map(|(name, shape)| (name, shape, numbers(rng, shape, norm)));
    let views = tensors
        .iter()
        .map(|(name, shape, bytes)| (*name, TensorView::new(Dtype::F32, shape.to_vec(), bytes).unwrap()));
    let metadata = HashMap::from([("config".to_string(), json)]);
    let bytes = serialize(views, Some(metadata)).unwrap();
    Arc::new(Net::new(&Weights::read(&bytes, "random").unwrap(), Precision::F32).unwrap())
}

/// A network that knows the words and nothing else.
pub fn whole(seed: u64) -> Arc<Net> {
    net(&Word::fingerprint(), 1.0, seed)
}

fn numbers(rng: &mut fastrand::Rng, shape: &[usize], norm: f32) -> Vec<u8> {
    let scale = 3.0 / (shape[shape.len() - 1] as f32).sqrt();
    let mut number = || if shape.len() == 1 { norm } else { (rng.f32() - 0.5) * scale };
    let count = shape.iter().product();
    std::iter::repeat_with(&mut number).take(count).flat_map(f32::to_le_bytes).collect()
}
