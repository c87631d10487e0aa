//! Networks of the shipped shape with random weights: what they cost, they cost with any weights.

use std::sync::Arc;

use models::net::{Net, Precision, Weights};
use serde_json::{Map, Value, json};

/// Dimensions of a network of 4 million weights, of which the kernels know nothing.
pub struct Shape {
    pub vocabulary: usize,
    pub width: usize,
    pub layers: usize,
    pub heads: usize,
    pub kv_heads: usize,
    pub hidden: usize,
    pub context: usize,
}

pub const SHAPE: Shape =
    Shape { vocabulary: 1024, width: 256, layers: 5, heads: 4, kv_heads: 2, hidden: 768, context: 1024 };

const HEAD: usize = 64;

impl Shape {
    pub fn net(&self, precision: Precision) -> Arc<Net> {
        let weights = Weights::read(&self.file(), "random").expect("a sound file");
        Arc::new(Net::new(&weights, precision).expect("sound weights"))
    }

    fn config(&self) -> Value {
        let Shape { vocabulary, width, layers, heads, kv_heads, hidden, context } = self;
        json!({"name": "random", "vocabulary": vocabulary, "width": width, "layers": layers, "heads": heads,
            "kv_heads": kv_heads, "head": HEAD, "hidden": hidden, "context": context, "rope_theta": 1e4,
            "norm_eps": 1e-5, "tokens": ""})
    }

    fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        let Shape { vocabulary, width, heads, kv_heads, hidden, .. } = *self;
        let mut all = vec![("embed".to_string(), vec![vocabulary, width]), ("norm".to_string(), vec![width])];
        for layer in 0..self.layers {
            let mut add =
                |name: &str, shape: &[usize]| all.push((format!("layers.{layer}.{name}"), shape.into()));
            add("attn_norm", &[width]);
            add("qkv", &[(heads + 2 * kv_heads) * HEAD, width]);
            add("out", &[width, heads * HEAD]);
            add("mlp_norm", &[width]);
            add("gate_up", &[2 * hidden, width]);
            add("down", &[width, hidden]);
        }
        all
    }

    /// A safetensors file: the length of the header, the header, the numbers.
    fn file(&self) -> Vec<u8> {
        let rng = &mut fastrand::Rng::with_seed(1);
        let mut header =
            Map::from_iter([("__metadata__".to_string(), json!({"config": self.config().to_string()}))]);
        let mut numbers: Vec<u8> = Vec::new();
        for (name, shape) in self.tensors() {
            let from = numbers.len();
            let scale = 3.0 / (shape[shape.len() - 1] as f32).sqrt();
            for _ in 0..shape.iter().product() {
                let number = if shape.len() == 1 { 1.0 } else { (rng.f32() - 0.5) * scale };
                numbers.extend(number.to_le_bytes());
            }
            let entry = json!({"dtype": "F32", "shape": shape, "data_offsets": [from, numbers.len()]});
            header.insert(format!("{name}.weight"), entry);
        }
        let header = Value::Object(header).to_string();
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &numbers].concat()
    }
}
