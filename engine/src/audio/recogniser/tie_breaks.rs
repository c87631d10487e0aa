//! Keeps the published tie-breaks of `presets/harmony.md` true to the code.

use super::naming::{Lowest, SURPRISE, USUAL, named};
use super::table::{Reading, Set, notes, readings, transposed};
use super::{Fingering, name_of};
use crate::{Chord, Quality};

fn chord(reading: Reading) -> Chord {
    Chord::new(reading.root, reading.quality)
}

fn pitch_classes(set: Set) -> Vec<u8> {
    (0..12).filter(|&pc| set >> pc & 1 == 1).collect()
}

/// The name of a pitch class, as a chord symbol spells it.
fn letter(pitch_class: u8) -> String {
    Chord::new(pitch_class, Quality::Maj).to_string()
}

/// The sets that are several whole chords, one of each kind.
fn ambiguous() -> Vec<Set> {
    let is_first = |set: Set| (1..12).all(|by| transposed(set, by) >= set);
    let is_whole = |set: Set| readings(set).all(|reading| notes(reading) == set);
    let sets = (1..1 << 12).filter(|&set| readings(set).count() > 1 && is_whole(set) && is_first(set));
    let mut rows: Vec<Set> = sets.map(over_c).collect();
    rows.sort_by_key(|&set| (set.count_ones(), set));
    rows
}

/// The transposition whose first reading stands on C.
fn over_c(set: Set) -> Set {
    let up = readings(set).next().map_or(0, |first| 12 - first.root);
    transposed(set, up % 12)
}

/// One row: the names, what each bass makes of it, and the name where nothing decides.
fn row(set: Set) -> String {
    let names: Vec<String> = readings(set).map(|reading| chord(reading).to_string()).collect();
    let is_root =
        |bass: &u8| named(set, Lowest::Bass(*bass), None).is_some_and(|name| name.chord.root == *bass);
    let (decided, open): (Vec<u8>, Vec<u8>) = pitch_classes(set).into_iter().partition(is_root);
    let default = open.first().and_then(|&bass| named(set, Lowest::Bass(bass), None));
    let by_bass =
        |bass: &u8| named(set, Lowest::Bass(*bass), None).map_or(String::new(), |n| n.chord.to_string());
    format!(
        "| {} | {} | {} | {} |\n",
        names.join(" = "),
        decided.iter().map(by_bass).collect::<Vec<_>>().join(", "),
        if open.is_empty() {
            "–".into()
        } else {
            open.iter().map(|&pc| letter(pc)).collect::<Vec<_>>().join(", ")
        },
        default.map_or("–".into(), |name| Chord::new(name.chord.root, name.chord.quality).to_string()),
    )
}

fn table() -> String {
    let head = "| same notes | lowest note decides | previous chord decides over | first chord of all |\n|---|---|---|---|\n";
    ambiguous().into_iter().fold(head.to_owned(), |text, set| text + &row(set))
}

fn order_of_roots() -> String {
    let mut intervals: Vec<usize> = (0..12).collect();
    intervals.sort_by_key(|&interval| SURPRISE[interval]);
    let names: Vec<String> = intervals.iter().map(|interval| format!("+{interval}")).collect();
    format!("Least surprising first, in semitones upwards: {}.\n", names.join(", "))
}

fn usual() -> String {
    let names: Vec<&str> = USUAL.iter().map(|quality| quality.symbol()).collect();
    format!("Before any chord: {}.\n", names.join(", "))
}

#[test]
fn the_published_tie_breaks_are_not_stale() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../presets/harmony.md");
    let published = std::fs::read_to_string(path).unwrap();
    for text in [table(), order_of_roots(), usual()] {
        assert!(published.contains(&text), "the section `Tie-breaks` should read:\n\n{text}");
    }
}

#[test]
fn the_lowest_note_is_the_root_of_six_six_nine_augmented_and_diminished_chords() {
    use Quality::{Aug, Dim7, Six, SixNine};
    for quality in [Six, SixNine, Aug, Dim7] {
        for root in 0..12 {
            let meant = Reading { root, quality };
            for previous in (0..12).map(|root| Chord::new(root, Quality::Dom7)) {
                let name = named(notes(meant), Lowest::Bass(root), Some(previous));
                assert_eq!(name.map(|name| name.chord), Some(chord(meant)));
            }
        }
    }
}

#[test]
fn the_previous_chord_decides_where_the_lowest_note_does_not() {
    let over_e = [40, 43, 45, 48];
    let name = |root, quality| name_of(&over_e, Fingering::OnBass, Some(Chord::new(root, quality)), None);
    let am7 = Chord::new(9, Quality::Min7).over(4);
    assert_eq!(name(4, Quality::Dom7), Some(am7));
    assert_eq!(name(7, Quality::Dom7), Some(Chord::new(0, Quality::Six).over(4)));
    assert_eq!(name_of(&over_e, Fingering::OnBass, None, None), Some(am7));
}
