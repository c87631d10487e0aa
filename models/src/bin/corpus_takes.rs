//! Writes the validation songs of a corpus as takes for `sideman eval`, a folder a set.
//!
//! `cargo run -p models --features corpus --bin corpus_takes -- CORPUS OUT [none|chords|comp]`: the last word is what
//! the performer's left hand plays, `chords` where nothing is said.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use models::corpus::takes::{LeftHand, set_of, take};
use models::corpus::{Song, Split, songs};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(corpus), Some(out)) = (args.next(), args.next()) else {
        return Err("usage: corpus_takes CORPUS OUT [none|chords|comp]".into());
    };
    let left = args.next().map_or(Ok(LeftHand::Chords), |word| word.parse())?;
    let mut files: Vec<PathBuf> =
        fs::read_dir(corpus)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "gz"));
    files.sort();
    for file in files {
        write_set(&file, Path::new(&out), left)?;
    }
    Ok(())
}

/// Writes the validation songs of one file of the corpus, and says how many are takes.
fn write_set(file: &Path, out: &Path, left: LeftHand) -> Result<(), Box<dyn Error>> {
    let (mut written, mut unfit) = (0, 0);
    for song in songs(file)? {
        let song = song?;
        // A drummer's single fill has no form to judge.
        if song.split != Split::Valid || song.kind.as_deref() == Some("fill") {
            continue;
        }
        match take(&song, left) {
            Ok(bytes) => {
                let folder = out.join(set_of(&song));
                fs::create_dir_all(&folder)?;
                fs::write(folder.join(file_name(&song)), bytes)?;
                written += 1;
            }
            Err(why) => {
                eprintln!("{}: left out: {why}", song.id);
                unfit += 1;
            }
        }
    }
    println!("{}: {written} takes, {unfit} left out", file.display());
    Ok(())
}

/// The song's name, in characters that every file system takes.
fn file_name(song: &Song) -> String {
    let name = song.id.split_once(':').map_or(song.id.as_str(), |(_, name)| name);
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    name.chars().map(plain).collect::<String>() + ".mid"
}
