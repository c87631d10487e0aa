//! A row of figures for each set of songs.

use std::path::Path;

use engine::audio::melody::{Follower, tables};

use super::judge::{Judged, PUSHES, Protocol, bearing, judge, pushed, recovery};
use super::sheet::{Sheet, sheets};
use crate::corpus::{CorpusError, Split};
use crate::melodies;
use crate::tokens::Style;

/// The sets that have melodies to follow.
pub const SUNG: [&str; 6] = ["pop909", "wjd", "openewld", "neonscribe", "bands", "nottingham"];

/// What a row says. *Unmoved* is the control of the recovery before it: what it is where the melody does not jump, since
/// other music comes after a place than before it, and may fit worse under any chords.
pub const HEAD: &str = "| protocol | set | songs | note-in-chord | human | share | human root | root moves a bar | \
                        human 10-90 % | median beats | silence | tones | margin > 0 | recovery | unmoved | at 4 places | unmoved |\n\
                        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

/// The songs to be judged by: those of the validation split that have melody and chords.
///
/// # Errors
/// If the corpus cannot be read.
pub fn sung(corpus: &Path) -> Result<Vec<Sheet>, CorpusError> {
    let mut all = Vec::new();
    for set in SUNG {
        let songs = sheets(corpus, set)?.into_iter();
        all.extend(songs.filter(|sheet| sheet.split == Split::Valid && sheet.has_both()));
    }
    Ok(all)
}

/// The style of the rig that a player would take for a set.
pub fn style_of_set(set: &str) -> Style {
    match set {
        "wjd" => Style::Swing,
        "openewld" | "nottingham" => Style::Folk,
        "neonscribe" => Style::JazzBallad,
        "bands" => Style::Rock,
        _ => Style::Pop,
    }
}

/// What some songs measure in the mean, and which numbers they are; `in_style` over a rig of their style.
pub fn row(sheets: &[&Sheet], protocol: Protocol<'_>, in_style: bool) -> String {
    let bearing = bearing(&tables::inside());
    let follower = |sheet: &Sheet| {
        let mut follower = Follower::default();
        if in_style {
            follower.lean_to(melodies(style_of_set(&sheet.set)));
        }
        follower
    };
    let judged: Vec<Judged> =
        sheets.iter().map(|sheet| judge(&follower(sheet), sheet, protocol, &bearing)).collect();
    let recovery = |semitones: u8, after: &[usize]| {
        let beats = recovery(&pushed(follower, sheets, semitones, after, protocol));
        beats.map_or("-".to_owned(), |beats| beats.to_string())
    };
    let mean = |pick: fn(&Judged) -> f64| judged.iter().map(pick).sum::<f64>() / judged.len() as f64;
    let (ours, theirs) = (mean(|song| song.in_chord), mean(|song| song.human_in_chord));
    format!(
        "{} | {ours:.3} | {theirs:.3} | {:.2} | {:.3} | {:.2} | {:.2}-{:.2} | {:.1} | {:.3} | {:.2} | {:.2} | {} | {} | {} | {}",
        judged.len(),
        ours / theirs,
        mean(|song| song.root),
        mean(|song| song.moves),
        at(&judged, 0.1, |song| song.human_moves),
        at(&judged, 0.9, |song| song.human_moves),
        at(&judged, 0.5, |song| song.median),
        mean(|song| song.silence),
        mean(|song| song.tones),
        mean(|song| f64::from(u8::from(song.margin > 0.0))),
        recovery(6, &PUSHES[..1]),
        recovery(0, &PUSHES[..1]),
        recovery(6, &PUSHES),
        recovery(0, &PUSHES),
    )
}

/// A quantile of a number.
fn at(judged: &[Judged], share: f64, pick: fn(&Judged) -> f64) -> f64 {
    let mut all: Vec<f64> = judged.iter().map(pick).collect();
    all.sort_by(f64::total_cmp);
    all.get((share * all.len().saturating_sub(1) as f64).round() as usize).copied().unwrap_or(f64::NAN)
}
