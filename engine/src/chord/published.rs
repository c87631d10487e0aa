//! Keeps the published tables of `presets/harmony.md` true to the code.

use super::scale::candidates;
use super::{Quality, Scale};

/// A table in Markdown.
fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let rule = format!("|{}\n", "---|".repeat(heads.len()));
    rows.fold(line(&heads) + &rule, |text, row| text + &line(&row))
}

fn symbol(quality: Quality) -> String {
    format!("C{}", quality.symbol())
}

fn slots() -> String {
    let rows = Quality::all().map(|quality| {
        let slots = [3, 5, 7].map(|slot| quality.slot(slot).to_string());
        let tensions = [9, 11, 13].map(|degree| quality.tension(degree).to_string());
        [vec![symbol(quality)], slots.to_vec(), tensions.to_vec()].concat()
    });
    table(&["chord", "3", "5", "7", "9", "11", "13"], rows)
}

fn scales_of_chords() -> String {
    let rows = Quality::all().map(|quality| {
        let names: Vec<&str> = candidates(quality).iter().map(|scale| scale.name()).collect();
        vec![symbol(quality), names.join(", ")]
    });
    table(&["chord", "scales"], rows)
}

fn scales() -> String {
    let mut every: Vec<Scale> = Vec::new();
    for scale in Quality::all().flat_map(candidates) {
        if !every.contains(scale) {
            every.push(*scale);
        }
    }
    every.sort_by_key(|scale| *scale as u8);
    let steps = |scale: &Scale| scale.steps().iter().map(u8::to_string).collect::<Vec<_>>().join(" ");
    table(&["scale", "semitones"], every.iter().map(|scale| vec![scale.name().to_owned(), steps(scale)]))
}

#[test]
fn the_published_tables_are_not_stale() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../presets/harmony.md");
    let published = std::fs::read_to_string(path).unwrap();
    for (name, table) in [("Slots", slots()), ("Chord scales", scales_of_chords()), ("Scales", scales())] {
        assert!(published.contains(&table), "{name} should read:\n\n{table}");
    }
}

#[test]
fn every_scale_belongs_to_a_chord() {
    let used: std::collections::HashSet<Scale> = Quality::all().flat_map(candidates).copied().collect();
    assert_eq!(used.len(), Scale::COUNT);
}
