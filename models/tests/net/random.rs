//! Networks with random weights, as files.

use std::collections::HashMap;
use std::sync::Arc;

use models::net::{Config, Net, Precision, Weights};
use safetensors::Dtype;
use safetensors::tensor::{TensorView, serialize};

/// What a file of weights holds, to be spoilt.
#[derive(Clone)]
pub struct File {
    pub tensors: Vec<Numbers>,
    pub config: Option<String>,
}

#[derive(Clone)]
pub struct Numbers {
    pub name: String,
    pub kind: Dtype,
    pub shape: Vec<usize>,
    pub bytes: Vec<u8>,
}

impl File {
    pub fn bytes(&self) -> Vec<u8> {
        let views = self.tensors.iter().map(|tensor| {
            let view = TensorView::new(tensor.kind, tensor.shape.clone(), &tensor.bytes);
            (&tensor.name, view.unwrap())
        });
        let metadata = self.config.clone().map(|json| HashMap::from([("config".to_string(), json)]));
        serialize(views, metadata).unwrap()
    }
}

/// A small description; grouped heads, and dimensions that differ from each other.
pub fn config() -> Config {
    let json = r#"{"name": "random", "vocabulary": 320, "width": 128, "layers": 3, "heads": 4, "kv_heads": 2, "head": 64,
        "hidden": 192, "context": 192, "rope_theta": 10000.0, "norm_eps": 1e-5, "tokens": ""}"#;
    Config::parse(json).unwrap()
}

/// A file of that description, with weights as large as trained ones.
pub fn file(config: &Config, seed: u64) -> File {
    let rng = &mut fastrand::Rng::with_seed(seed);
    let qkv = (config.heads + 2 * config.kv_heads) * config.head;
    let mut tensors = vec![
        tensor(rng, "embed.weight".into(), &[config.vocabulary, config.width]),
        tensor(rng, "norm.weight".into(), &[config.width]),
    ];
    for layer in 0..config.layers {
        let mut add =
            |name, shape: &[usize]| tensors.push(tensor(rng, format!("layers.{layer}.{name}.weight"), shape));
        add("attn_norm", &[config.width]);
        add("qkv", &[qkv, config.width]);
        add("out", &[config.width, config.heads * config.head]);
        add("mlp_norm", &[config.width]);
        add("gate_up", &[2 * config.hidden, config.width]);
        add("down", &[config.width, config.hidden]);
    }
    File { tensors, config: Some(serde_json::to_string(config).unwrap()) }
}

/// Norms are near 1; what a matrix gives is about as large as what it is given.
fn tensor(rng: &mut fastrand::Rng, name: String, shape: &[usize]) -> Numbers {
    let norm = shape.len() == 1;
    let scale = 3.0 / (shape[shape.len() - 1] as f32).sqrt();
    let mut number = || if norm { 0.5 + rng.f32() } else { (rng.f32() - 0.5) * scale };
    let count = shape.iter().product();
    let numbers = std::iter::repeat_with(&mut number).take(count);
    let bytes = numbers.flat_map(f32::to_le_bytes).collect();
    Numbers { name, kind: Dtype::F32, shape: shape.into(), bytes }
}

pub fn weights() -> Weights {
    Weights::read(&file(&config(), 1).bytes(), "random").unwrap()
}

pub fn net(precision: Precision) -> Arc<Net> {
    Arc::new(Net::new(&weights(), precision).unwrap())
}

/// A sequence of tokens.
pub fn tokens(rng: &mut fastrand::Rng, count: usize) -> Vec<u16> {
    std::iter::repeat_with(|| rng.u16(0..320)).take(count).collect()
}
