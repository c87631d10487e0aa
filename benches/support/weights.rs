//! The weights that are measured: those of the file that `SIDEMAN_MODEL` names, else those that ship.

use std::path::Path;
use std::sync::Arc;

use models::net::{Net, Precision, Weights};

/// A network in a precision.
pub fn net(precision: Precision) -> Arc<Net> {
    let weights = match std::env::var_os("SIDEMAN_MODEL") {
        Some(path) => Weights::load(Path::new(&path)),
        None => Weights::read(models::WEIGHTS, "the weights inside"),
    };
    let weights = weights.unwrap_or_else(|error| panic!("{error}"));
    Arc::new(Net::new(&weights, precision).expect("sound weights"))
}
