//! Does each rig build, turn its phrases, and keep its clave?

use engine::Part;

use crate::support::judge::clave::{self, Clave};
use crate::support::judge::form::{fill_ends, fullness};
use crate::support::judge::skeleton::{news, skeleton};
use crate::support::judge::{Band, Share, Sounding};
use crate::{judged, percent};

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
        // The model turns as the drummers did that it learnt from: `sideman eval` holds it to their range.
        |evening, (ends, elsewhere)| *ends >= 50.0 && (evening.by_model || ends >= &(2.0 * elsewhere)),
    );
}

/// Claves and cross-stick: the lines that say where the clave is.
const CLAVE_LINES: [u8; 2] = [75, 37];

#[test]
fn nothing_turns_the_clave_round() {
    judged(
        "clave",
        |evening| {
            let is = |key: u8| move |note: &Sounding| note.part == Part::Drums && note.key == key;
            let flips: Vec<_> =
                CLAVE_LINES.iter().filter_map(|key| clave::flips(&evening.form, is(*key))).collect();
            (flips, clave::claves(&evening.form).into_iter().flatten().collect::<Vec<_>>())
        },
        |evening, (flips, claves)| match evening.rig.clave {
            None => true,
            Some(clave) => {
                let is_ours = |side: &Clave| (*side == Clave::TwoThree) == (clave == models::Clave::TwoThree);
                !flips.is_empty() && flips.iter().all(|n| *n == 0) && claves.iter().all(is_ours)
            }
        },
    );
}
