//! The judges of form, groove and listening give the known verdict on tiny scores.

use engine::{Level, Meter, Part, Section};

use crate::score::{BAR, BEAT, C, band, hits, note};
use crate::support::judge::clave::{Clave, claves, flips};
use crate::support::judge::form::{fill_ends, fullness, tacet};
use crate::support::judge::groove::{bass_with_kick, double_strikes, ghost_gap, kick_with_bass};
use crate::support::judge::skeleton::{Swing, changes, news, skeleton};
use crate::support::judge::{Band, Share, Sounding};

/// Kick on 1 and 3, snare on 2 and 4, in the bars given.
fn rock(bars: std::ops::Range<i64>) -> Vec<Sounding> {
    bars.flat_map(|bar| {
        let beat = move |n: i64| bar * BAR + n * BEAT;
        [hits(36, 100, [beat(0), beat(2)]), hits(38, 100, [beat(1), beat(3)])].concat()
    })
    .collect()
}

#[test]
fn fullness_is_onsets_times_velocity_of_each_main() {
    let quiet = hits(36, 50, (0..4).map(|n| n * BEAT));
    let loud = hits(36, 100, (4..12).map(|n| n * BEAT));
    let hat = hits(42, 100, (4..12).map(|n| n * BEAT));
    let sections = vec![(0, Section::Main(Level::A)), (BAR, Section::Main(Level::B))];
    let band = Band::new(Meter::COMMON, [quiet, loud, hat].concat(), vec![], sections);
    let [Some(a), Some(b), None, None] = fullness(&band) else { panic!("two mains are played") };
    assert_eq!((a.onsets_per_bar, a.velocity, a.voices), (4.0, 50.0, 1));
    assert!((b.intensity() / (8.0 * 100.0) - 1.0).abs() < 0.02, "{b:?}");
    assert_eq!(b.voices, 2);
}

#[test]
fn a_fill_ends_on_the_downbeat_or_is_found_out() {
    let played = |turn: i64, drums: Vec<Sounding>| {
        let sections = vec![
            (0, Section::Main(Level::A)),
            (BAR / 2, Section::Fill(Level::A)),
            (turn, Section::Main(Level::A)),
        ];
        let end = note(Part::Bass, 36, 2 * BAR, BAR);
        fill_ends(&Band::new(Meter::COMMON, drums.into_iter().chain([end]), vec![], sections))[0]
    };
    let toms = || hits(47, 100, [2880, 3120, 3360, 3600]);
    assert!(played(BAR, [toms(), hits(36, 110, [BAR])].concat()).is_right());
    assert!(!played(BAR, toms()).downbeat_struck);
    assert!(!played(BAR, hits(36, 110, [BAR])).leads_in);
    assert!(!played(BAR + BEAT, [toms(), hits(36, 110, [BAR + BEAT])].concat()).on_the_bar);
}

#[test]
fn a_part_that_rests_is_tacet_in_its_bars() {
    let band = band(rock(0..4).into_iter().chain([note(Part::Bass, 36, BAR, BAR)]), &[(0, C)]);
    assert_eq!(tacet(&band, Part::Bass), Share { hits: 3, of: 4 });
    assert_eq!(tacet(&band, Part::Drums), Share { hits: 0, of: 4 });
}

#[test]
fn the_skeleton_knows_no_swing_no_velocity_and_no_ghosts() {
    let ride = |off: i64| hits(51, 80, (0..8).flat_map(move |n| [n * BEAT, n * BEAT + off]));
    let kicks = |off: i64| hits(36, 100, [0, BEAT + off, BAR, BAR + BEAT + off]);
    let straight = band([ride(480), kicks(480)].concat(), &[]);
    let mut swung = [ride(640), kicks(632)].concat();
    swung.iter_mut().for_each(|hit| hit.velocity = 70);
    swung.extend(hits(38, 30, [1200, 1500]));
    let swung = band(swung, &[]);
    assert!((Swing::of(&swung).eighths - 0.666).abs() < 0.01, "{:?}", Swing::of(&swung));
    assert_eq!(skeleton(&straight), skeleton(&swung));
    assert_eq!(skeleton(&straight)[0].iter().map(|place| place.0).collect::<Vec<_>>(), [0, 18]);
}

#[test]
fn sixteenths_are_unswung_too_and_a_push_counts_for_its_bar() {
    let hat = |off: i64| hits(42, 80, (0..16).flat_map(move |n| [n * 480, n * 480 + off]));
    let early = |off: i64| [hat(off), hits(36, 100, [0, 480 + off, BAR - 30])].concat();
    assert_eq!(skeleton(&band(early(240), &[])), skeleton(&band(early(290), &[])));
    assert_eq!(skeleton(&band(early(240), &[]))[1].len(), 1);
}

#[test]
fn news_come_at_phrase_ends_in_a_band_that_phrases() {
    let mut drums = rock(0..16);
    for (bar, eighth) in [(7, 1), (11, 5), (15, 3)] {
        drums.extend(hits(36, 100, [bar * BAR + 480 * eighth]));
    }
    let bars = skeleton(&band(drums, &[]));
    let (ends, elsewhere) = news(&bars);
    assert_eq!((ends, elsewhere), (Share { hits: 3, of: 3 }, Share { hits: 0, of: 9 }));
    assert_eq!(changes(&bars, 1), Share { hits: 5, of: 15 });
    assert_eq!(changes(&skeleton(&band(rock(0..16), &[])), 1).hits, 0);
}

/// Son clave, the three-side first, in the units given.
fn son(units: impl Iterator<Item = i64>, turned: bool) -> Vec<Sounding> {
    let strokes = [0, 1440, 2880, BAR + 960, BAR + 1920];
    let turn = if turned { BAR } else { 0 };
    hits(75, 90, units.flat_map(|unit| strokes.map(|tick| unit * 2 * BAR + (tick + turn) % (2 * BAR))))
}

#[test]
fn the_clave_is_read_and_a_flip_is_found() {
    let steady = band(son(0..6, false), &[]);
    assert_eq!(claves(&steady), [Some(Clave::ThreeTwo); 6]);
    assert_eq!(flips(&steady, |hit| hit.key == 75), Some(0));
    let turned = band([son(0..4, false), son(4..6, true)].concat(), &[]);
    assert_eq!(claves(&turned)[3..5], [Some(Clave::ThreeTwo), Some(Clave::TwoThree)]);
    assert_eq!(flips(&turned, |hit| hit.key == 75), Some(2));
    assert_eq!(flips(&band(rock(0..8), &[]), |_| true), None, "two like bars have no phase");
}

#[test]
fn bass_and_kick_are_together_or_not() {
    let bass = [0, 1920, 2400].map(|tick| note(Part::Bass, 36, tick + 10, 400));
    let band = band(rock(0..1).into_iter().chain(bass), &[]);
    assert_eq!(bass_with_kick(&band), Share { hits: 2, of: 3 });
    assert_eq!(kick_with_bass(&band), Share { hits: 2, of: 2 });
}

#[test]
fn ghosts_lie_below_the_accents() {
    let snare = [hits(38, 100, [960, 2880]), hits(38, 40, [1200]), hits(38, 30, [1500])].concat();
    assert_eq!(ghost_gap(&band(snare, &[])), Some(60.0));
    assert_eq!(ghost_gap(&band(rock(0..2), &[])), None, "no ghosts, no verdict");
}

#[test]
fn a_part_that_strikes_twice_for_one_chord_is_found() {
    let comp = |on| note(Part::Comp, 60, on, 400);
    let once = band([comp(0), comp(1000)], &[(0, C)]);
    let twice = band([comp(0), comp(50)], &[(0, C)]);
    assert_eq!(double_strikes(&once, Part::Comp, 200), Share { hits: 0, of: 1 });
    assert_eq!(double_strikes(&twice, Part::Comp, 200), Share { hits: 1, of: 1 });
}
