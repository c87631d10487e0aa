//! Melody mode with and without what the model expects, on the validation songs:
//! `cargo run --release --workspace --example melody -- CORPUS [SONGS]`, where `SIDEMAN_MODEL` may name other weights than
//! those inside, and SONGS is how many of each set at most. It stands here because the rigs are read by this crate.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::Meter;
use models::melody::{Band, HEAD, Nobody, Prompter, Protocol, SUNG, Sheet, row, sung};
use models::net::{Net, Weights};
use models::{Rig, Transformer};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let corpus = PathBuf::from(args.next().ok_or("usage: melody CORPUS [SONGS]")?);
    let most = args.next().map_or(Ok(usize::MAX), |songs| songs.parse())?;
    let (sung, net) = (sung(&corpus)?, net()?);
    let nobody = |_: &Sheet| -> Box<dyn Prompter> { Box::new(Nobody) };
    let band = |sheet: &Sheet| -> Box<dyn Prompter> {
        let model = Transformer::new(rig_of(&sheet.set), net.clone(), 1);
        Box::new(Band::new(model, meter(sheet)))
    };
    let protocols: [(&str, bool, &Prompters<'_>); 4] = [
        ("live", true, &nobody),
        ("live, model", true, &band),
        ("strict", false, &nobody),
        ("strict, model", false, &band),
    ];
    println!("{HEAD}");
    for set in SUNG {
        let songs: Vec<&Sheet> = sung.iter().filter(|sheet| sheet.set == set).take(most).collect();
        for (name, is_live, prompter) in protocols {
            println!("| {name} | {set} | {} |", row(&songs, Protocol { is_live, prompter }, true));
        }
    }
    Ok(())
}

/// Makes somebody who tells the filter what to expect of a song.
type Prompters<'a> = dyn Fn(&Sheet) -> Box<dyn Prompter> + 'a;

fn net() -> Result<Arc<Net>, Box<dyn Error>> {
    let weights = match std::env::var_os("SIDEMAN_MODEL") {
        Some(file) => Weights::load(Path::new(&file))?,
        None => Weights::read(models::WEIGHTS, "the weights inside")?,
    };
    Ok(Arc::new(Net::new(&weights, weights.config().precision)?))
}

/// The rig that a player would take for a set.
fn rig_of(set: &str) -> Arc<Rig> {
    let name = match set {
        "wjd" => "medium-swing",
        "neonscribe" => "jazz-ballad",
        "bands" => "rock",
        _ => "pop-ballad",
    };
    Arc::new(control::rig::find(name, &[]).expect("the rig is inside"))
}

/// The meter of a song's first bar; in fours where the band has no such meter.
fn meter(sheet: &Sheet) -> Meter {
    let beats = sheet.beats.first().map_or(4, |beat| beat.beats_per_bar);
    Meter::new(beats as u8, 4).unwrap_or(Meter::COMMON)
}
