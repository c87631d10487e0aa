//! Every rig is judged by its notes, with the definitions of the field's musicians.
//!
//! `cargo test --test rigs -- --nocapture --test-threads 1` prints the figures.

#[path = "../show/mod.rs"]
mod show;
#[path = "../support/mod.rs"]
mod support;

mod changes;
mod evening;
mod player;

use engine::{Chord, LocalKey, Part};
use evening::{Evening, evenings};
use support::judge::form::{fill_ends, fullness};
use support::judge::hands::voicings;
use support::judge::harmony::{Stray, bass_on_root, chord_and_tensions, strays};
use support::judge::listen::{density_follows, listens};
use support::judge::skeleton::{news, skeleton};
use support::judge::{Band, Share, clave};

/// Says what every rig scored, and fails with the rigs that are not good enough.
fn judged<T: std::fmt::Debug>(
    what: &str,
    score: impl Fn(&Evening) -> T,
    is_good: impl Fn(&Evening, &T) -> bool,
) {
    let mut bad = Vec::new();
    for evening in evenings() {
        let score = score(evening);
        println!("{what}: {:<18} {score:?}", evening.rig.name);
        if !is_good(evening, &score) {
            bad.push(format!("{}: {score:?}", evening.rig.name));
        }
    }
    assert!(bad.is_empty(), "{what}:\n{}", bad.join("\n"));
}

/// To a tenth of a per cent.
fn percent(share: Share) -> f64 {
    (share.ratio().unwrap_or(0.0) * 1000.0).round() / 10.0
}

#[test]
fn the_band_hears_the_chords_that_are_meant() {
    judged(
        "chords",
        |evening| {
            let meant = player::Recital::of_form(&evening.rig, player::Phrasing::CallAndResponse)
                .changes(&evening.rig);
            let beat = evening.form.beat();
            percent(Share::count(meant, |change| {
                let heard = evening.form.chord_at(change.tick + beat / 2);
                heard.is_some_and(|chord| support::random_take::same_sound(chord, change.chord))
            }))
        },
        |_, heard| *heard >= 97.0,
    );
}

/// What the bass owes a change of chord, in per cent. A one-drop leaves the first beat to the drums, a tumbao and
/// the lines of Afrobeat are lines of their own, and a ballad's bass sings.
fn bass_owed(rig: &str) -> f64 {
    match rig {
        "reggae-one-drop" => 60.0,
        "son-montuno" | "afrobeat" | "twelve-eight-afro" | "jazz-ballad" | "pop-ballad" => 80.0,
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
    let seventh = |chord: Chord| (chord.root + chord.scale(LocalKey::default(), None).steps()[6]) % 12;
    let inside = |chord: Chord| chord_and_tensions(chord) | 1 << seventh(chord);
    judged(
        "strays",
        |evening| {
            let found = [Part::Comp, Part::Pads].map(|part| strays(&evening.form, part, inside));
            let found: Vec<_> = found.into_iter().flatten().collect();
            let shown = |stray: &Stray| {
                let beats = stray.note.on as f64 / evening.form.beat() as f64;
                (
                    stray.note.part,
                    beats,
                    stray.chord.to_string(),
                    stray.note.key,
                    stray.ticks,
                    stray.note.moved,
                )
            };
            (found.len(), found.iter().take(6).map(shown).collect::<Vec<_>>())
        },
        |_, strays| strays.0 == 0,
    );
}

/// Whether a part sounds like a guitar.
fn is_guitar(sound: &str) -> bool {
    ["nylon", "steel", "clean-guitar", "jazz-guitar", "muted-guitar", "overdrive"].contains(&sound)
}

#[test]
fn hands_could_play_every_voicing() {
    judged(
        "hands",
        |evening| {
            let mut faults = Vec::new();
            for part in [Part::Comp, Part::Pads] {
                let spec = evening.rig.part(part);
                for voicing in voicings(&evening.form, part) {
                    let found = if is_guitar(&spec.sound) {
                        voicing.faults_on_guitar(spec.range)
                    } else {
                        voicing.faults(spec.range)
                    };
                    let near = |note: &&support::judge::Sounding| {
                        note.on <= voicing.tick + 60 && note.off > voicing.tick
                    };
                    let why: Vec<_> =
                        evening.form.part(part).filter(near).map(|n| (n.key, n.on, n.off, n.moved)).collect();
                    let chord = evening.form.chord_at(voicing.tick + 60).map(|c| c.to_string());
                    faults.extend(
                        found
                            .into_iter()
                            .map(|fault| (part, fault, voicing.tick, chord.clone(), why.clone())),
                    );
                }
            }
            (faults.len(), faults.into_iter().take(6).collect::<Vec<_>>())
        },
        |_, faults| faults.0 == 0,
    );
}

#[test]
fn every_main_is_fuller_than_the_last() {
    judged(
        "fullness",
        |evening| {
            let mains = fullness(&evening.form).map(Option::unwrap);
            let steps =
                [0, 1, 2].map(|i| (100.0 * mains[i + 1].intensity() / mains[i].intensity()).round() / 100.0);
            (steps, mains.map(|main| (main.onsets_per_bar.round(), main.velocity.round(), main.voices)))
        },
        |evening, (steps, _)| {
            let mains = fullness(&evening.form).map(Option::unwrap);
            let grows = |i: usize| {
                mains[i + 1].onsets_per_bar > mains[i].onsets_per_bar || mains[i + 1].voices > mains[i].voices
            };
            steps.iter().all(|step| *step >= 1.1) && (0..3).all(grows)
        },
    );
}

#[test]
fn a_fill_ends_on_the_downbeat() {
    judged(
        "fills",
        |evening| Share::count(fill_ends(&evening.form), |end| end.is_right()),
        |_, fills| fills.of >= 6 && fills.hits == fills.of,
    );
}

/// How often the skeleton is new at bars 4 and 8, and elsewhere.
fn novelty(band: &Band) -> (f64, f64) {
    let (ends, elsewhere) = news(&skeleton(band));
    (percent(ends), percent(elsewhere))
}

#[test]
fn the_skeleton_turns_at_bars_four_and_eight() {
    judged(
        "skeleton",
        |evening| novelty(&evening.main),
        |_, (ends, elsewhere)| *ends > 0.0 && ends >= &(2.0 * elsewhere),
    );
}

#[test]
fn nothing_turns_the_clave_round() {
    let lines = [75, 56, 76, 41, 87, 37];
    judged(
        "clave",
        |evening| {
            lines.map(|key| clave::flips(&evening.form, |note| note.part == Part::Drums && note.key == key))
        },
        |evening, flips| evening.rig.clave.is_none() || flips[0] == Some(0),
    );
}

#[test]
fn the_band_speaks_where_the_player_rests() {
    judged(
        "listens",
        |evening| {
            listens(&evening.form, &evening.form.performer).map(|points| (1000.0 * points).round() / 10.0)
        },
        |_, points| points.is_some_and(|points| points >= 15.0),
    );
}

#[test]
fn density_follows_the_player_within_a_bar() {
    judged(
        "follows",
        |evening| [Part::Drums, Part::Comp].map(|part| density_follows(&evening.main, part)),
        |_, [drums, _]| drums.is_some_and(|r| r > 0.3),
    );
}
