//! Counts the tables of melody mode in the corpus, or judges melody mode on songs that were not counted.
//!
//! ```text
//! cargo run --release -p models --features corpus --bin melody_tables -- count CORPUS engine/src/audio/melody/tables.bin
//! cargo run --release -p models --features corpus --bin melody_tables -- judge CORPUS
//! ```

use std::path::Path;
use std::process::ExitCode;

use engine::audio::melody::{Follower, tables};
use models::corpus::{CorpusError, Split};
use models::melody::{Judged, Protocol, Sheet, bearing, judge, pushed, recovery, sheets, styles};

/// The sets whose songs are counted; each has its terms, and all may be counted.
const COUNTED: [&str; 7] = ["pop909", "billboard", "openewld", "neonscribe", "irb", "wjd", "bands"];

/// The sets that have melodies to follow.
const SUNG: [&str; 6] = ["pop909", "wjd", "openewld", "neonscribe", "bands", "nottingham"];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["count", corpus, file] => count(Path::new(corpus), Path::new(file)),
        ["judge", corpus] => show(Path::new(corpus)),
        _ => Err("usage: melody_tables count CORPUS FILE | judge CORPUS".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn read(corpus: &Path, sets: &[&str], split: Split) -> Result<Vec<Sheet>, CorpusError> {
    let mut all = Vec::new();
    for set in sets {
        all.extend(sheets(corpus, set)?.into_iter().filter(|sheet| sheet.split == split));
    }
    Ok(all)
}

fn count(corpus: &Path, file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let styles = styles(&read(corpus, &COUNTED, Split::Train)?);
    Ok(std::fs::write(file, tables::write(&styles))?)
}

fn show(corpus: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut sung = read(corpus, &SUNG, Split::Valid)?;
    sung.retain(Sheet::has_both);
    println!("{HEAD}");
    for (name, is_live, expected) in [
        ("strict", false, 0.0),
        ("live", true, 0.0),
        ("strict, 0.6 told", false, 0.6),
        ("live, 0.6 told", true, 0.6),
    ] {
        let protocol = Protocol { is_live, expected };
        for set in SUNG {
            let sheets: Vec<&Sheet> = sung.iter().filter(|sheet| sheet.set == set).collect();
            println!("| {name} | {set} | {} |", row(&sheets, protocol));
        }
        println!("| {name} | all | {} |", row(&sung.iter().collect::<Vec<_>>(), protocol));
    }
    Ok(())
}

const HEAD: &str = "| protocol | set | songs | note-in-chord | human | share | root moves a bar | human 10-90 % | \
                    median beats | silence | tones | margin > 0 | recovery |\n\
                    |---|---|---|---|---|---|---|---|---|---|---|---|---|";

/// What the songs measure in the mean.
fn row(sheets: &[&Sheet], protocol: Protocol) -> String {
    let (follower, bearing) = (Follower::default(), bearing(&tables::inside()));
    let judged: Vec<Judged> =
        sheets.iter().map(|sheet| judge(&follower, sheet, protocol, &bearing)).collect();
    let mean = |pick: fn(&Judged) -> f64| judged.iter().map(pick).sum::<f64>() / judged.len() as f64;
    let at = |share: f64, pick: fn(&Judged) -> f64| {
        let mut all: Vec<f64> = judged.iter().map(pick).collect();
        all.sort_by(f64::total_cmp);
        all[(share * (all.len() - 1) as f64).round() as usize]
    };
    let recovery = recovery(&pushed(&follower, sheets, 6, protocol));
    let (ours, theirs) = (mean(|song| song.in_chord), mean(|song| song.human_in_chord));
    format!(
        "{} | {ours:.3} | {theirs:.3} | {:.2} | {:.2} | {:.2}-{:.2} | {:.1} | {:.3} | {:.2} | {:.2} | {}",
        judged.len(),
        ours / theirs,
        mean(|song| song.moves),
        at(0.1, |song| song.human_moves),
        at(0.9, |song| song.human_moves),
        at(0.5, |song| song.median),
        mean(|song| song.silence),
        mean(|song| song.tones),
        mean(|song| f64::from(u8::from(song.margin > 0.0))),
        recovery.map_or("-".to_owned(), |beats| beats.to_string()),
    )
}
