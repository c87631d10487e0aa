//! Where rigs are found: in the player's own presets folders, else inside the binary. Any thread but audio.

use std::fs;
use std::path::{Path, PathBuf};

use models::Rig;

use super::error::nearest;
use super::{RigError, parse};

macro_rules! rigs {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../presets/", $name, ".toml")))),*]
    };
}

/// Name and text of every rig inside the binary, in the order of the alphabet.
static RIGS: &[(&str, &str)] = rigs! {
    "afrobeat" "blues-shuffle" "bossa-nova" "brush-swing" "disco" "funk" "gospel-six-eight" "jazz-ballad"
    "jazz-waltz" "lofi-hip-hop" "medium-swing" "pop-ballad" "reggae-one-drop" "rock" "samba" "son-montuno"
    "soul-rnb" "twelve-eight-afro"
};

/// The names of the rigs inside the binary, in the order of the alphabet.
pub fn embedded() -> impl Iterator<Item = &'static str> {
    RIGS.iter().map(|rig| rig.0)
}

/// The names of all rigs, those in `dirs` and those inside the binary, in the order of the alphabet.
pub fn names(dirs: &[PathBuf]) -> Vec<String> {
    let own = dirs.iter().flat_map(|dir| names_in(dir));
    let mut names: Vec<String> = own.chain(embedded().map(str::to_owned)).collect();
    names.sort();
    names.dedup();
    names
}

/// Reads a rig by name or by path.
///
/// What has a slash or ends in `.toml` is a path. A name is looked for as `NAME.toml` in each folder, and then among
/// the rigs inside the binary, so that a player's own file takes the place of a rig of the same name.
///
/// # Errors
/// If there is no such rig, if it cannot be read, or the first mistake in it.
pub fn find(name_or_path: &str, dirs: &[PathBuf]) -> Result<Rig, RigError> {
    let path = Path::new(name_or_path);
    if path.components().count() > 1 || path.extension().is_some_and(|ending| ending == "toml") {
        return read(path);
    }
    let own = dirs.iter().map(|dir| dir.join(format!("{name_or_path}.toml"))).find(|file| file.exists());
    if let Some(file) = own {
        return read(&file);
    }
    match RIGS.iter().find(|rig| rig.0 == name_or_path) {
        Some((name, text)) => parse(name, &Path::new("presets").join(format!("{name}.toml")), text),
        None => Err(unknown(name_or_path, dirs)),
    }
}

fn read(file: &Path) -> Result<Rig, RigError> {
    let text =
        fs::read_to_string(file).map_err(|cause| RigError::Unreadable { file: file.to_owned(), cause })?;
    let name = file.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    parse(&name, file, &text)
}

fn unknown(name: &str, dirs: &[PathBuf]) -> RigError {
    let names = names(dirs);
    let nearest = nearest(name, names.iter().map(String::as_str));
    RigError::Unknown { name: name.to_owned(), nearest: nearest.map(str::to_owned) }
}

/// The names of the rigs in a folder; none if there is no such folder.
fn names_in(dir: &Path) -> Vec<String> {
    let files = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    let rigs = files.filter(|file| file.extension().is_some_and(|ending| ending == "toml"));
    rigs.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect()
}
