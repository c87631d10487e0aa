//! The same logits as PyTorch, on stored prompts.

use std::path::Path;
use std::sync::Arc;

use models::net::{Cache, Net, Precision, Weights, reference};
use safetensors::SafeTensors;

use crate::random::{File, Numbers};

/// The most that a logit may differ.
const BOUND: f32 = 1e-3;

/// Weights, and prompts with the logits after each of their tokens.
struct Stored {
    weights: Weights,
    prompts: Vec<(Vec<u16>, Vec<Vec<f32>>)>,
}

impl Stored {
    fn read() -> Stored {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/parity.safetensors");
        let bytes = std::fs::read(path).unwrap();
        let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let numbers = |(name, view): (&str, safetensors::tensor::TensorView<'_>)| {
            let name = name.strip_prefix("weights.")?.to_string();
            Some(Numbers { name, kind: view.dtype(), shape: view.shape().into(), bytes: view.data().into() })
        };
        let config = metadata.metadata().as_ref().unwrap()["config"].clone();
        let file = File { tensors: tensors.iter().filter_map(numbers).collect(), config: Some(config) };
        let prompt = |index: usize| {
            let tokens = tensors.tensor(&format!("prompt.{index}")).unwrap();
            let tokens = tokens.data().as_chunks().0.iter().map(|bytes| i32::from_le_bytes(*bytes) as u16);
            let logits = tensors.tensor(&format!("logits.{index}")).unwrap();
            let row = |row: &[u8]| row.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
            (tokens.collect(), logits.data().chunks_exact(4 * logits.shape()[1]).map(row).collect())
        };
        Stored {
            weights: Weights::read(&file.bytes(), "parity").unwrap(),
            prompts: (0..3).map(prompt).collect(),
        }
    }

    fn check(&self, logits: impl Fn(&[u16]) -> Vec<Vec<f32>>) {
        for (tokens, expected) in &self.prompts {
            let found = logits(tokens);
            assert_eq!(found.len(), tokens.len());
            for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
                assert!((found - expected).abs() <= BOUND, "{found} {expected}");
            }
        }
    }
}

#[test]
fn steps_in_f32_say_what_pytorch_says() {
    let stored = Stored::read();
    let net = Arc::new(Net::new(&stored.weights, Precision::F32).unwrap());
    stored.check(|tokens| {
        let mut cache = Cache::new(&net).unwrap();
        tokens.iter().map(|token| cache.step(*token).unwrap().to_vec()).collect()
    });
}

#[test]
fn the_reference_says_what_pytorch_says() {
    let stored = Stored::read();
    stored.check(|tokens| reference(&stored.weights, tokens).unwrap());
}
