//! Who writes the band: the trained model where a rig wants it, else `Groove`.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::tape::hash;
use models::net::{Net, NetError, Weights};
use models::{Accompanist, Groove, PartSource, Rig, Transformer};

use crate::failure::{Exit, Failure};

/// The name that stands for no model.
const NONE: &str = "none";

/// The model of a show, loaded once and shared by all rigs.
#[derive(Clone)]
#[allow(missing_debug_implementations, reason = "it would be millions of numbers")]
pub struct Model {
    net: Option<Arc<Net>>,
    /// Of the bytes of the weights; 0 where there are none.
    hash: u64,
}

impl Model {
    /// No model: `Groove` plays everything.
    pub const NONE: Model = Model { net: None, hash: 0 };

    /// Loads a file of weights, those inside the program where none is named, or nothing for `none`.
    ///
    /// # Errors
    /// If the file cannot be read, is no sound file of weights, or is for another vocabulary.
    pub fn open(file: Option<&Path>) -> Result<Model, Failure> {
        let (bytes, name): (Cow<'_, [u8]>, _) = match file {
            Some(path) if path == Path::new(NONE) => return Ok(Model::NONE),
            Some(path) => {
                let read = std::fs::read(path).map_err(|error| Failure::file(path, &error))?;
                (read.into(), path.to_owned())
            }
            None => (models::WEIGHTS.into(), PathBuf::from("the weights inside")),
        };
        Model::read(&bytes, &name).map_err(|error| Failure::new(Exit::Runtime, error))
    }

    /// Loads as [`open`](Model::open) does; where that fails it says so, and `Groove` plays.
    pub fn open_or_none(file: Option<&Path>) -> Model {
        Model::open(file).unwrap_or_else(|failure| {
            tracing::error!("{failure}; the band plays its patterns without the model");
            Model::NONE
        })
    }

    fn read(bytes: &[u8], name: &Path) -> Result<Model, NetError> {
        let weights = Weights::read(bytes, name)?;
        Transformer::check(weights.config())
            .map_err(|what| NetError::Config { file: name.to_owned(), what })?;
        let net = Net::new(&weights, weights.config().precision)?;
        Ok(Model { net: Some(Arc::new(net)), hash: hash(bytes) })
    }

    /// A hash of its weights; 0 where there is no model.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// The network, if there is one.
    pub fn net(&self) -> Option<Arc<Net>> {
        self.net.clone()
    }

    /// Somebody for a rig's chair: the model, if there is one and the rig gives it a part.
    pub fn accompanist(&self, rig: &Arc<Rig>, seed: u64) -> Box<dyn Accompanist> {
        let wanted = rig.parts.iter().any(|part| part.source == PartSource::Model);
        match &self.net {
            Some(net) if wanted => Box::new(Transformer::new(rig.clone(), net.clone(), seed)),
            _ => Box::new(Groove::new(rig.clone(), seed)),
        }
    }
}
