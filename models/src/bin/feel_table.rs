//! Writes the tables of `groove/feel`, and prints how the drummers spread: `feel_table CORPUS OUT`.

use std::path::Path;
use std::{env, fs};

use models::corpus::{Drummers, songs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [corpus, out] =
        env::args_os().skip(1).collect::<Vec<_>>().try_into().map_err(|_| "feel_table CORPUS OUT")?;
    let (set, out) = (Path::new(&corpus).join("gmd.jsonl.gz"), Path::new(&out));
    let mut drummers = Drummers::default();
    for song in songs(&set)? {
        drummers.add(&song?);
    }
    fs::write(out.join("drums.csv"), drummers.feel())?;
    fs::write(out.join("wander.csv"), drummers.wander())?;
    fs::write(out.join("drummers.csv"), drummers.spread())?;
    Ok(())
}
