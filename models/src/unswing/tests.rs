use super::*;

/// Onsets at places of each of 40 beats, a little early or late by turns.
fn take(places: &[f32], offset: i64) -> Vec<(i64, u8)> {
    let wobble = |beat: i64| [0, 9, -7, 4, -11][beat as usize % 5];
    let onset = |beat: i64, place: &f32| (beat * 480 + (place * 480.0) as i64 + wobble(beat) + offset, 90);
    (1..40).flat_map(|beat| places.iter().map(move |place| onset(beat, place))).collect()
}

fn positions(timing: &Timing, take: &[(i64, u8)]) -> Vec<u8> {
    let mut positions: Vec<u8> = take.iter().map(|onset| timing.place(onset.0, 480).1).collect();
    positions.sort();
    positions.dedup();
    positions
}

#[test]
fn a_swung_off_beat_is_one_slot_at_any_ratio_and_offset() {
    for swing in [0.56, 0.6, 0.64, 0.667, 0.7, 0.74] {
        for offset in [-14, 0, 20] {
            let take = take(&[0.0, swing], offset);
            let timing = Timing::measure(&take, 480);
            assert!((timing.swing - swing).abs() < 0.02 && !timing.sixteenths, "{swing} {timing:?}");
            assert!((timing.offset - offset as f32 / 480.0).abs() < 0.02, "{offset} {timing:?}");
            assert_eq!(positions(&timing, &take), [0, 6]);
        }
    }
}

#[test]
fn swung_sixteenths_are_three_and_nine() {
    for swing in [0.58, 0.62, 0.667] {
        let take = take(&[0.0, swing / 2.0, 0.5, 0.5 + swing / 2.0], 0);
        let timing = Timing::measure(&take, 480);
        assert!((timing.swing - swing).abs() < 0.03 && timing.sixteenths, "{swing} {timing:?}");
        assert_eq!(positions(&timing, &take), [0, 3, 6, 9]);
    }
}

#[test]
fn triplets_and_straight_notes_do_not_swing() {
    let triplets = take(&[0.0, 1.0 / 3.0, 2.0 / 3.0], 0);
    let timing = Timing::measure(&triplets, 480);
    assert_eq!(timing.swing, 0.5);
    assert_eq!(positions(&timing, &triplets), [0, 4, 8]);
    let sixteenths = take(&[0.0, 0.25, 0.5, 0.75], -10);
    let timing = Timing::measure(&sixteenths, 480);
    assert_eq!((timing.swing, timing.sixteenths), (0.5, false));
    assert_eq!(positions(&timing, &sixteenths), [0, 3, 6, 9]);
}

#[test]
fn a_triplet_before_a_swung_off_beat_is_four() {
    let mut onsets = take(&[0.0, 0.667], 0);
    onsets.extend((3..9).map(|beat| (beat * 480 * 4 + 160, 50)));
    let timing = Timing::measure(&onsets, 480);
    assert_eq!(timing.place(480 * 12 + 165, 480).1, 4);
    assert_eq!(timing.place(480 * 12 + 315, 480).1, 6);
}

#[test]
fn an_onset_just_before_a_beat_belongs_to_it() {
    let timing = Timing::new(0.5, false);
    let (beat, position, micro) = timing.place(3 * 480 - 12, 480);
    assert_eq!((beat, position), (3, 0));
    assert!((micro + 0.025).abs() < 1e-6);
    assert_eq!(timing.place(-5, 480).0, 0);
}

#[test]
fn what_lies_on_a_slot_is_given_back() {
    let swung = [(0.5, false), (0.58, false), (0.667, false), (0.6, true)];
    let timings = swung.map(|(swing, sixteenths)| Timing::new(swing, sixteenths));
    let rock = Timing::measure(&take(&[0.0, 0.25, 0.5, 0.75], 5), 480);
    for timing in timings.iter().chain([&rock]) {
        for slot in (0..12).filter(|slot| timing.allowed()[*slot]) {
            let tick = timing.tick(7, slot as u8, 480);
            let (beat, position, micro) = timing.place(tick, 480);
            assert_eq!((beat, position), (7, slot as u8), "{timing:?}");
            assert!(micro.abs() < 0.003, "{micro}");
        }
    }
}

/// With the corpus: `SIDEMAN_DATA` names its folder.
#[cfg(feature = "corpus")]
mod measured {
    use std::path::PathBuf;

    use super::*;
    use crate::corpus::{Song, songs};

    /// Swing takes of the drummers, with what is measured of them.
    fn swing_takes() -> Vec<(Song, Timing)> {
        let folder = std::env::var_os("SIDEMAN_DATA").expect("the folder of the corpus");
        let set = PathBuf::from(folder).join("gmd.jsonl.gz");
        let takes = songs(&set).expect("a corpus").map(|song| song.expect("a song"));
        takes
            .filter(|song| song.feel == "swing" && song.kind.as_deref() == Some("beat"))
            .map(|song| {
                let onsets: Vec<_> = song.part("drums").iter().map(|note| (note.0, note.3)).collect();
                let timing = Timing::measure(&onsets, 480);
                (song, timing)
            })
            .collect()
    }

    #[test]
    #[ignore = "needs the corpus: SIDEMAN_DATA names its folder"]
    fn the_ride_of_swing_takes_has_one_off_beat() {
        let (mut off, mut on_slot) = (0, 0);
        for (song, timing) in swing_takes().iter().filter(|take| take.1.swing > 0.5 && !take.1.sixteenths) {
            let ride = song.part("drums").iter().filter(|note| [51, 53, 59].contains(&note.2));
            let late = |tick: i64| (tick as f32 / 480.0 - timing.offset).rem_euclid(1.0);
            let off_beats: Vec<_> = ride.filter(|note| (0.42..0.8).contains(&late(note.0))).collect();
            let here = off_beats.iter().filter(|note| timing.place(note.0, 480).1 == 6).count();
            println!("{} swing {:.3}: {here} of {}", song.id, timing.swing, off_beats.len());
            off += off_beats.len();
            on_slot += here;
        }
        println!("{on_slot} of {off} off-beats of the ride on slot 6");
        assert!(off > 1000 && on_slot * 10 >= off * 9, "{on_slot} of {off}");
    }
}
