//! Does each rig listen, and leave alone what nobody asked for?

use engine::{Knob, Level, Param, Part, Tick};

use crate::evening::{asks_for_model, for_every_rig, heard};
use crate::player::{Phrasing, Recital};
use crate::support::judge::Band;
use crate::support::judge::listen::{density_follows, listens};
use crate::{judged, show};

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

/// Part, tick and drum of everything that was struck; of a chord only its first note, since a hand that makes room
/// for a melody may hold fewer keys.
fn strokes(band: &Band) -> Vec<(Part, Tick, u8)> {
    const STRUM: Tick = 120;
    let mut all = Vec::new();
    for part in Part::BAND {
        let drum = |key: u8| if part == Part::Drums { key } else { 0 };
        let mut strokes: Vec<_> = band.struck(part).map(|note| (part, note.on, drum(note.key))).collect();
        strokes.dedup_by(|b, a| part != Part::Drums && b.1 - a.1 <= STRUM);
        all.extend(strokes);
    }
    all
}

#[test]
fn without_surprise_nothing_happens_that_was_not_asked_for() {
    let bad = for_every_rig(|rig| {
        let played = |phrasing| {
            let mut job = Recital::of_main(Level::B, 16, phrasing).job(rig);
            job.knobs.push((Param::of(Knob::Surprise), 0.0));
            Band::collect(&show::play(&job).sounded)
        };
        let (spoken_to, left_alone) = (played(Phrasing::CallAndResponse), played(Phrasing::Silent));
        let lanes = &rig.mains[Level::B.index()].drums;
        let stray = spoken_to.struck(Part::Drums).find(|note| lanes.iter().all(|lane| lane.key != note.key));
        let same = strokes(&spoken_to) == strokes(&left_alone);
        (!same || stray.is_some())
            .then(|| format!("{}: like a deaf band {same}, unasked {stray:?}", rig.name))
    });
    let bad: Vec<String> = bad.into_iter().flatten().collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn without_surprise_the_model_strikes_what_its_main_strikes_and_with_it_more() {
    let bad = for_every_rig(|rig| {
        if !asks_for_model(rig) {
            return None;
        }
        let unasked = |surprise: f32| {
            let mut job = Recital::of_main(Level::B, 24, Phrasing::ThreeAndOne).job(rig);
            job.knobs.push((Param::of(Knob::Surprise), surprise));
            let band = Band::collect(&show::play_with_model(&job).sounded);
            let lanes = &rig.mains[Level::B.index()].drums;
            band.struck(Part::Drums).filter(|note| lanes.iter().all(|lane| lane.key != note.key)).count()
        };
        let (without, with) = (unasked(0.0), unasked(Knob::Surprise.spec().default));
        (without > 0 || with == 0).then(|| {
            format!("{}: {without} strokes of other drums without surprise, {with} with it", rig.name)
        })
    });
    let bad: Vec<String> = bad.into_iter().flatten().collect();
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
#[ignore = "prints figures of players who are hard to foresee"]
fn the_band_and_players_of_other_habits() {
    let figures = for_every_rig(|rig| {
        [Phrasing::ThreeAndOne, Phrasing::Rhapsodic].map(|phrasing| {
            let band = heard(&Recital::of_form(rig, phrasing), rig);
            listens(&band, &band.performer).map(|points| (1000.0 * points).round() / 10.0)
        })
    });
    for (rig, figures) in control::rig::embedded().zip(figures) {
        println!("three bars and one, rhapsodic: {rig:<18} {figures:?}");
    }
}
