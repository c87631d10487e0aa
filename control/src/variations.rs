//! The `variations` command: a performer's phrase, continued in many ways by the model.
//!
//! What the band hears of the take goes to the model, which writes new melodies over the same chords. Each becomes a MIDI
//! file that `--performer` takes, with its rank as its name; `variations.json` lists them all.

mod folder;
mod hearing;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use engine::take::Take;
use engine::{Chord, Tick};
use models::Rig;
use models::net::Net;
use models::variations::{Phrase, Variations, Wish, vary};
use serde_json::{Value, json};

use crate::args;
use crate::eval::judge::score;
use crate::failure::{Exit, Failure};
use crate::lists::print;
use crate::model::Model;
use crate::rendering::load_rig;
use crate::takes;
use folder::{Folder, Frame};

/// Rows of a batch.
const ROWS: usize = 128;

/// Variations that are told on the terminal; the list has them all.
const TOLD: usize = 20;

/// Writes the variations that the arguments ask for.
///
/// # Errors
/// If the take has no melody, the model is missing, broken or too small, or the folder cannot be written.
pub fn run(args: &args::Variations) -> Result<(), Failure> {
    let began = Instant::now();
    let net = net(args.model.as_deref())?;
    let rig = load_rig(&args.rig)?;
    let phrase = phrase(args, &rig)?;
    let wish = wish(args);
    let folder = Folder::open(&args.out, wish.count).map_err(unwritten)?;
    let drawing = Instant::now();
    let found = vary(&rig, &net, &phrase, &wish).map_err(|error| Failure::new(Exit::Runtime, error))?;
    let drawn = drawing.elapsed().as_secs_f64();
    folder.clear().map_err(unwritten)?;
    write(&folder, &phrase, &found, args.bars).map_err(unwritten)?;
    folder.list(&list(args, &net, &folder, &phrase, &found)).map_err(unwritten)?;
    print(&table(args, &folder, &found));
    print(&format!(
        "{} of {} variations of {} bars in {:.1} s: {} tokens, {:.0} a second\n",
        found.ranked.len(),
        wish.count,
        wish.bars,
        began.elapsed().as_secs_f64(),
        found.tokens,
        found.tokens as f64 / drawn
    ));
    Ok(())
}

/// The model; there are no variations without one.
fn net(file: Option<&Path>) -> Result<Arc<Net>, Failure> {
    let model = Model::open(file)?;
    model.net().ok_or_else(|| Failure::new(Exit::Usage, "variations need a model: `--model none` has none"))
}

/// What is wanted.
fn wish(args: &args::Variations) -> Wish {
    Wish { count: args.count as usize, bars: args.bars, seed: args.seed, variety: args.variety, rows: ROWS }
}

/// The phrase of the take.
fn phrase(args: &args::Variations, rig: &Arc<Rig>) -> Result<Phrase, Failure> {
    let usage = |why: &dyn std::fmt::Display| {
        Failure::new(Exit::Usage, format_args!("{}: {why}", args.performer.display()))
    };
    let bytes = takes::bytes(&args.performer)?;
    let take = Take::read(&bytes).map_err(|error| usage(&error))?;
    let heard = hearing::listen(&take, rig, args.seed, &symbols(&bytes))?;
    Phrase::find(rig, heard, args.bars)
        .ok_or_else(|| usage(&"there is no melody in it: no key above the chord zone is struck"))
}

/// The chord symbols that are written with a take.
fn symbols(bytes: &[u8]) -> Vec<(Tick, Option<Chord>)> {
    // A file that is none was refused before.
    score::read(bytes).map_or(Vec::new(), |band| band.chords)
}

fn unwritten((path, error): (std::path::PathBuf, std::io::Error)) -> Failure {
    Failure::file(&path, &error)
}

fn write(
    folder: &Folder,
    phrase: &Phrase,
    found: &Variations,
    bars: u32,
) -> Result<(), (std::path::PathBuf, std::io::Error)> {
    let frame = Frame::new(phrase, bars);
    for (rank, variation) in (1..).zip(&found.ranked) {
        let bytes = frame.file(&variation.notes).map_err(|error| (folder.name(rank).into(), error))?;
        folder.write(rank, &bytes)?;
    }
    Ok(())
}

/// Everything that is known of the variations. Nothing in it depends on the time that it took.
fn list(args: &args::Variations, net: &Net, folder: &Folder, phrase: &Phrase, found: &Variations) -> Value {
    let round = |number: f64| (number * 1e4).round() / 1e4;
    let rows = (1..).zip(&found.ranked).map(|(rank, variation)| {
        json!({
            "rank": rank,
            "file": folder.name(rank),
            "notes": variation.notes.len(),
            "log_likelihood": round(variation.log_likelihood),
            "nearest": variation.nearest.map(|nearest| round(nearest.into())),
            "from_original": round(variation.original.into()),
        })
    });
    json!({
        "rig": args.rig,
        "model": net.config().name,
        "seed": args.seed,
        "variety": round(args.variety.into()),
        "bars": args.bars,
        "phrase_bars": phrase.bars(),
        "wanted": args.count,
        "found": found.ranked.len(),
        "drawn": found.drawn,
        "tokens": found.tokens,
        "variations": rows.collect::<Vec<_>>(),
    })
}

/// The best of the variations, and whether some are missing.
fn table(args: &args::Variations, folder: &Folder, found: &Variations) -> String {
    let mut text = String::from("file         notes  log p a word  from nearest  from phrase\n");
    for (rank, variation) in (1..).zip(&found.ranked).take(TOLD) {
        let nearest = variation.nearest.map_or("–".to_owned(), |nearest| format!("{nearest:.2}"));
        text += &format!(
            "{:<12} {:>5}  {:>12.2}  {nearest:>12}  {:>11.2}\n",
            folder.name(rank),
            variation.notes.len(),
            variation.log_likelihood,
            variation.original
        );
    }
    let (found, drawn) = (found.ranked.len(), found.drawn);
    if found > TOLD {
        text += &format!("and {} more in {}\n", found - TOLD, args.out.join("variations.json").display());
    }
    if found < args.count as usize {
        text += &format!(
            "only {found} different melodies among {drawn} that were drawn: more --variety finds more\n"
        );
    }
    text
}
