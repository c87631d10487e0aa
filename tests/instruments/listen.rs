//! The judges of listening tell a band that hears from one that does not.

use engine::{Part, Tick};

use crate::score::{BAR, BEAT, band, hits, note};
use crate::support::judge::Sounding;
use crate::support::judge::listen::{
    answers, correlation, density_follows, dynamics_follow, gaps, listens, per_bar, shifted,
};

/// The player sings two beats of eighths and rests for two, in each bar.
fn singer(bars: i64) -> Vec<Sounding> {
    let strokes = move |bar: i64| (0..4).map(move |n| note(Part::Lead, 72, bar * BAR + n * 480, 400));
    (0..bars).flat_map(strokes).collect()
}

fn comp(ticks: impl Iterator<Item = Tick>) -> Vec<Sounding> {
    ticks.map(|tick| note(Part::Comp, 60, tick, 300)).collect()
}

#[test]
fn a_gap_begins_half_a_beat_after_the_last_stroke() {
    assert_eq!(gaps(&singer(2), BEAT, 2 * BAR), [(1920, BAR), (BAR + 1920, 2 * BAR)]);
    assert_eq!(gaps(&[], BEAT, BAR), [(0, BAR)]);
}

#[test]
fn a_band_that_answers_beats_its_own_shifted_take_and_a_deaf_one_does_not() {
    let player = singer(8);
    let answer = comp((0..8).flat_map(|bar| [bar * BAR + 2000, bar * BAR + 2900]));
    let hearing = band(answer.into_iter().chain(player.clone()), &[]);
    assert_eq!(listens(&hearing, &hearing.performer), Some(1.0));
    let deaf = band(comp((0..32).map(|n| n * BEAT)).into_iter().chain(player.clone()), &[]);
    let verdict = listens(&deaf, &deaf.performer).expect("it plays");
    assert!(verdict.abs() < 0.1, "{verdict}");
    assert_eq!(listens(&band(player.clone(), &[]), &player), None, "silence gives no verdict");
    assert_eq!(shifted(&player, 10)[0].on, 10);
}

#[test]
fn comp_and_toms_answer_and_time_keeping_does_not() {
    let drums = [hits(36, 90, [0]), hits(42, 90, [0]), hits(38, 90, [960]), hits(47, 90, [1920])].concat();
    let band = band(drums.into_iter().chain(comp([480].into_iter())), &[]);
    assert_eq!(answers(&band).iter().map(|note| note.key).collect::<Vec<_>>(), [60, 47]);
}

/// `busy` strokes a bar of a part at a velocity.
fn strokes(part: Part, busy: &[i64], velocity: u8) -> Vec<Sounding> {
    let bar = |(bar, n): (usize, &i64)| {
        let on = move |i: i64| bar as i64 * BAR + i * 240;
        (0..*n).map(|i| Sounding { velocity, ..note(part, 60, on(i), 200) }).collect::<Vec<_>>()
    };
    busy.iter().enumerate().flat_map(bar).collect()
}

#[test]
fn density_that_follows_within_a_bar_is_found_and_steady_density_is_none() {
    let player = strokes(Part::Lead, &[2, 8, 2, 8, 8, 2, 2, 8], 90);
    let verdict = |busy: &[i64]| {
        density_follows(&band([player.clone(), strokes(Part::Comp, busy, 90)].concat(), &[]), Part::Comp)
    };
    assert!(verdict(&[3, 6, 3, 6, 6, 3, 3, 6]).unwrap() > 0.99);
    assert!(verdict(&[6, 3, 6, 3, 6, 6, 3, 3]).unwrap() > 0.99, "one bar later");
    assert!(verdict(&[6, 3, 6, 3, 3, 6, 6, 3]).unwrap() < -0.99, "it makes room");
    assert_eq!(verdict(&[4; 8]), None);
}

#[test]
fn dynamics_that_follow_have_a_slope() {
    let arc = |part, scale: f64| {
        (0..8_u8).map(move |bar| Sounding {
            velocity: (40.0 + scale * f64::from(bar)) as u8,
            ..note(part, 60, i64::from(bar) * BAR, 300)
        })
    };
    let (r, slope) = dynamics_follow(&band(arc(Part::Lead, 10.0).chain(arc(Part::Comp, 5.0)), &[])).unwrap();
    assert!(r > 0.99 && (slope - 0.5).abs() < 0.05, "r {r}, slope {slope}");
    assert_eq!(dynamics_follow(&band(arc(Part::Lead, 0.0).chain(arc(Part::Comp, 5.0)), &[])), None);
}

#[test]
fn onsets_are_counted_by_the_bar_and_correlated() {
    assert_eq!(per_bar(&singer(2), BAR, 3), [4.0, 4.0, 0.0]);
    assert_eq!(correlation(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).map(|r| r.round()), Some(1.0));
    assert_eq!(correlation(&[1.0, 2.0], &[1.0]), None);
}
