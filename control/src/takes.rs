//! Takes: a performer's MIDI file, or one of those inside the binary.

use std::fs;
use std::path::Path;

use engine::take::Take;

use crate::failure::{Exit, Failure};

/// The takes inside the binary; the first one is played where nobody else plays.
pub static EMBEDDED: [(&str, &[u8]); 3] = [
    (
        "first-take.mid",
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../presets/takes/first-take.mid")),
    ),
    (
        "push-and-pull.mid",
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../presets/takes/push-and-pull.mid")),
    ),
    (
        "slow-window.mid",
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../presets/takes/slow-window.mid")),
    ),
];

/// Reads a take: a file, or, where there is none, an embedded take of that name.
///
/// # Errors
/// If it is neither, or no MIDI file that the band can follow.
pub fn find(path: &Path) -> Result<Take, Failure> {
    let bytes = bytes(path)?;
    Take::read(&bytes).map_err(|error| Failure::new(Exit::Usage, format_args!("{}: {error}", path.display())))
}

/// The bytes of a take: of a file, or, where there is none, of an embedded take of that name.
///
/// # Errors
/// If it is neither.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let embedded = || {
        let name = path.file_name()?.to_str()?;
        EMBEDDED.iter().find(|(known, _)| *known == name || known.trim_end_matches(".mid") == name)
    };
    fs::read(path).or_else(|error| match embedded() {
        Some((_, bytes)) => Ok(bytes.to_vec()),
        None => Err(Failure::file(path, &error)),
    })
}
