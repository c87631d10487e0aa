//! Does each rig play the chord, with notes and shapes that hands can play?

use engine::{Chord, LocalKey, Part};

use crate::evening::Evening;
use crate::player::{Phrasing, Recital};
use crate::support::judge::Share;
use crate::support::judge::hands::{Fault, Voicing, voicings};
use crate::support::judge::harmony::{bass_on_root, chord_and_tensions, strays};
use crate::support::random_take::same_sound;
use crate::{judged, percent};

#[test]
fn the_band_hears_the_chords_that_are_meant() {
    judged(
        "chords",
        |evening| {
            let meant = Recital::of_form(&evening.rig, Phrasing::CallAndResponse).changes(&evening.rig);
            let beat = evening.form.beat();
            percent(Share::count(meant, |change| {
                let heard = evening.form.chord_at(change.tick + beat / 2);
                heard.is_some_and(|chord| same_sound(chord, change.chord))
            }))
        },
        |_, heard| *heard >= 97.0,
    );
}

/// What the bass owes a change of chord, in per cent. A one-drop leaves the first beat to the drums, a tumbao and
/// the lines of Afrobeat are written before the chord is known, and a ballad's bass sings.
fn bass_owed(rig: &str) -> f64 {
    match rig {
        "reggae-one-drop" => 55.0,
        "son-montuno" | "afrobeat" | "twelve-eight-afro" => 70.0,
        "jazz-ballad" => 75.0,
        _ => 90.0,
    }
}

#[test]
fn the_bass_says_the_chord_where_it_changes() {
    judged(
        "bass",
        |evening| percent(bass_on_root(&evening.form)),
        |evening, share| *share >= bass_owed(&evening.rig.name),
    );
}

#[test]
fn comp_and_pads_stay_inside_chord_and_scale() {
    // A triad may have the seventh of its scale.
    let seventh = |chord: Chord| chord.scale(LocalKey::default(), None).steps().last().copied().unwrap_or(0);
    let inside = |chord: Chord| chord_and_tensions(chord) | 1 << ((chord.root + seventh(chord)) % 12);
    judged(
        "strays",
        |evening| [Part::Comp, Part::Pads].map(|part| strays(&evening.form, part, inside)),
        |_, found| found.iter().all(Vec::is_empty),
    );
}

/// Whether a part sounds like a guitar.
fn is_guitar(sound: &str) -> bool {
    ["nylon", "steel", "clean-guitar", "jazz-guitar", "muted-guitar", "overdrive"].contains(&sound)
}

/// The voicings of a part that no hand could play, and what is wrong with them.
fn faulty(evening: &Evening, part: Part) -> Vec<(Voicing, Vec<Fault>)> {
    let spec = evening.rig.part(part);
    let faults = |voicing: &Voicing| match is_guitar(&spec.sound) {
        true => voicing.faults_on_guitar(spec.range),
        false => voicing.faults(spec.range),
    };
    let all = voicings(&evening.form, part).into_iter();
    all.map(|voicing| (voicing.clone(), faults(&voicing))).filter(|(_, faults)| !faults.is_empty()).collect()
}

#[test]
fn hands_could_play_every_voicing() {
    judged(
        "hands",
        |evening| [Part::Comp, Part::Pads].map(|part| faulty(evening, part)),
        |_, found| found.iter().all(Vec::is_empty),
    );
}
