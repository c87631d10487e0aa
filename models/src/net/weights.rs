//! A file of weights: one safetensors file is a whole model, with its description among the metadata.

use std::path::{Path, PathBuf};

use candle_core::{Device, Tensor};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::{Config, Fault, NetError};

/// The key of the description among a file's metadata.
const CONFIG: &str = "config";

/// Weights as they were trained, checked, in f32.
#[derive(Clone, Debug)]
pub struct Weights {
    pub(super) config: Config,
    /// `[vocabulary, width]`, both the first and the last thing that is done to a token.
    pub(super) embed: Tensor,
    pub(super) layers: Vec<LayerWeights>,
    pub(super) norm: Tensor,
}

/// All are `[out, in]`; the norms are `[width]`.
#[derive(Clone, Debug)]
pub(super) struct LayerWeights {
    pub(super) attn_norm: Tensor,
    pub(super) qkv: Tensor,
    pub(super) out: Tensor,
    pub(super) mlp_norm: Tensor,
    pub(super) gate_up: Tensor,
    pub(super) down: Tensor,
}

impl Weights {
    /// Reads a file.
    ///
    /// # Errors
    /// Those of [`Weights::read`], and if the file cannot be read.
    pub fn load(path: &Path) -> Result<Weights, NetError> {
        let bytes =
            std::fs::read(path).map_err(|source| NetError::Unreadable { file: path.into(), source })?;
        Self::read(&bytes, path)
    }

    /// Reads the bytes of a file; `file` is its name in errors.
    ///
    /// # Errors
    /// If it is no safetensors file, is cut short, has no description that makes sense, or if a tensor is absent, of
    /// another shape or type than described, or holds a number that is not finite.
    pub fn read(bytes: &[u8], file: impl Into<PathBuf>) -> Result<Weights, NetError> {
        let file = file.into();
        let header = |source| NetError::Header { file: file.clone(), source };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(header)?;
        let json = metadata.metadata().as_ref().and_then(|all| all.get(CONFIG));
        let config = match json {
            Some(json) => Config::parse(json),
            None => Err("missing".into()),
        };
        let config = config.map_err(|what| NetError::Config { file: file.clone(), what })?;
        let tensors = SafeTensors::deserialize(bytes).map_err(header)?;
        Reader { file, tensors }.weights(config)
    }

    /// What the file says of itself.
    pub fn config(&self) -> &Config {
        &self.config
    }
}

struct Reader<'a> {
    file: PathBuf,
    tensors: SafeTensors<'a>,
}

impl Reader<'_> {
    fn weights(&self, config: Config) -> Result<Weights, NetError> {
        let width = config.width;
        Ok(Weights {
            embed: self.tensor("embed.weight", &[config.vocabulary, width])?,
            layers: (0..config.layers).map(|i| self.layer(i, &config)).collect::<Result<_, _>>()?,
            norm: self.tensor("norm.weight", &[width])?,
            config,
        })
    }

    fn layer(&self, index: usize, config: &Config) -> Result<LayerWeights, NetError> {
        let (width, hidden) = (config.width, config.hidden);
        let get = |name: &str, shape: &[usize]| self.tensor(&format!("layers.{index}.{name}.weight"), shape);
        Ok(LayerWeights {
            attn_norm: get("attn_norm", &[width])?,
            qkv: get("qkv", &[config.qkv(), width])?,
            out: get("out", &[width, config.heads * config.head])?,
            mlp_norm: get("mlp_norm", &[width])?,
            gate_up: get("gate_up", &[2 * hidden, width])?,
            down: get("down", &[width, hidden])?,
        })
    }

    fn tensor(&self, name: &str, shape: &[usize]) -> Result<Tensor, NetError> {
        let numbers =
            self.tensors.tensor(name).map_err(|_| Fault::Missing).and_then(|view| numbers(&view, shape));
        let wrong = |fault| NetError::Tensor { file: self.file.clone(), tensor: name.into(), fault };
        Ok(Tensor::from_vec(numbers.map_err(wrong)?, shape, &Device::Cpu)?)
    }
}

/// The numbers of a tensor in f32, if it is as expected.
fn numbers(view: &TensorView<'_>, shape: &[usize]) -> Result<Vec<f32>, Fault> {
    if view.shape() != shape {
        return Err(Fault::Shape { expected: shape.into(), found: view.shape().into() });
    }
    let numbers: Vec<f32> = match view.dtype() {
        Dtype::F32 => view.data().as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
        Dtype::BF16 => view.data().as_chunks().0.iter().map(|[low, high]| from_bf16(*low, *high)).collect(),
        other => return Err(Fault::Type { found: format!("{other:?}") }),
    };
    match numbers.iter().position(|number| !number.is_finite()) {
        Some(index) => Err(Fault::NotFinite { index }),
        None => Ok(numbers),
    }
}

/// A bf16 number is the upper half of an f32.
fn from_bf16(low: u8, high: u8) -> f32 {
    f32::from_le_bytes([0, 0, low, high])
}
