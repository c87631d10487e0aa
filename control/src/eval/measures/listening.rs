//! Measures of how the band hears the player, and of how its plan comes.

use engine::Part::{self, Comp, Drums};

use super::Measure;
use crate::eval::judge::drumming::fills_over_player;
use crate::eval::judge::listen::{answered, answers, density_follows, listens};
use crate::eval::subject::Subject;

/// Does it listen?
pub static LISTENING: [Measure; 9] = [
    listening(
        "listens",
        "share of comp and toms in the player's gaps, above those of the same take 2 beats later",
        &[],
        |it| listens(it.band, &it.band.performer),
    ),
    listening("stranger", "the same above the gaps of another take", &[], above_a_stranger),
    listening(
        "drums_r",
        "correlation of the drums' onsets a bar with the player's, at once or a bar later",
        &[Drums],
        |it| density_follows(it.band, Drums),
    ),
    listening("comp_r", "the same of the comp: below 0 where it makes room", &[Comp], |it| {
        density_follows(it.band, Comp)
    }),
    listening(
        "slope",
        "steps of the band's velocity for one of the player's, in arcs of 16 bars",
        &[],
        |it| it.response.map(|(response, _)| response.slope),
    ),
    listening("lag", "bars until the velocity follows", &[], |it| {
        it.response.map(|(response, _)| response.lag)
    }),
    listening("arc_r", "correlation of the velocities at that lag", &[], |it| {
        it.response.map(|(response, _)| response.correlation)
    }),
    listening("shuffled", "the same with the player's bars in another order: near 0", &[], |it| {
        it.response?.1
    }),
    listening("fill_over", "share of the beats of fills that fall on the player's melody", &[Drums], |it| {
        fills_over_player(it.band).ratio()
    }),
];

/// Does the plan come in time?
pub static DELIVERY: [Measure; 7] = [
    listening("fresh", "share of beats written in the present revision", &[], |it| Some(it.delivery?.fresh)),
    listening("planned", "share of beats written at all (ISR)", &[], |it| Some(it.delivery?.planned)),
    listening("stale", "sixteenths from the beginning of a plan to the beat played from it", &[], |it| {
        Some(it.delivery?.staleness)
    }),
    listening("weighed", "planned, each beat weighed by (32 - stale) / 32 (ISRw)", &[], |it| {
        Some(it.delivery?.weighed)
    }),
    listening("lead_min", "fewest beats planned ahead", &[], |it| Some(it.delivery?.least_lead)),
    listening("heard_p99", "beats from what a plan knew to what it filled, 99th percentile", &[], |it| {
        Some(it.delivery?.heard_lag)
    }),
    listening("failures", "how often the accompanist failed", &[], |it| Some(it.delivery?.failures)),
];

const fn listening(
    name: &'static str,
    doc: &'static str,
    needs: &'static [Part],
    of: fn(&Subject<'_>) -> Option<f64>,
) -> Measure {
    Measure::new(name, 2, doc, needs, of)
}

fn above_a_stranger(it: &Subject<'_>) -> Option<f64> {
    let into = |player| answered(answers(it.band), player, it.band.beat(), it.band.end).ratio();
    Some(into(&it.band.performer)? - into(it.stranger?)?)
}
