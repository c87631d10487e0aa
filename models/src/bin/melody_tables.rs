//! Counts the tables of melody mode in the corpus, or judges melody mode on songs that were not counted.
//!
//! ```text
//! cargo run --release -p models --features corpus --bin melody_tables -- count CORPUS engine/src/audio/melody/tables.bin
//! cargo run --release -p models --features corpus --bin melody_tables -- judge CORPUS
//! ```

use std::path::Path;
use std::process::ExitCode;

use engine::audio::melody::tables;
use models::corpus::{CorpusError, Split};
use models::melody::{HEAD, Insider, Nobody, Prompter, Protocol, SUNG, Sheet, row, sheets, styles, sung};

/// The sets whose songs are counted; each has its terms, and all may be counted.
const COUNTED: [&str; 7] = ["pop909", "billboard", "openewld", "neonscribe", "irb", "wjd", "bands"];

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
    let sung = sung(corpus)?;
    let nobody = |_: &Sheet| -> Box<dyn Prompter> { Box::new(Nobody) };
    let insider = |_: &Sheet| -> Box<dyn Prompter> { Box::new(Insider::new(0.6)) };
    println!("{HEAD}");
    for (name, is_live, in_style, is_told) in [
        ("strict", false, false, false),
        ("live", true, false, false),
        ("strict, its style", false, true, false),
        ("live, its style", true, true, false),
        ("live, 0.6 told", true, true, true),
    ] {
        let protocol = Protocol { is_live, prompter: if is_told { &insider } else { &nobody } };
        for set in SUNG {
            let sheets: Vec<&Sheet> = sung.iter().filter(|sheet| sheet.set == set).collect();
            println!("| {name} | {set} | {} |", row(&sheets, protocol, in_style));
        }
        println!("| {name} | all | {} |", row(&sung.iter().collect::<Vec<_>>(), protocol, in_style));
    }
    Ok(())
}
