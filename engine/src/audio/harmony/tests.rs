//! The ages of a chord, and what never becomes one.

use super::*;
use crate::{Meter, Param, Quality::*};

const MS: Frame = 48;
const QUANTUM: Frame = 16;
const C: [u8; 3] = [36, 40, 43];
const F: [u8; 3] = [36, 41, 45];

/// A harmony with a clock: a tick is a frame, so that a tick says when.
struct Stage {
    harmony: Harmony,
    now: Frame,
    log: Vec<(Frame, Changes)>,
}

impl Stage {
    fn new(knobs: &[(Knob, f32)]) -> Stage {
        let mut harmony = Harmony::new(48_000);
        let mut settings = Settings::default();
        for &(knob, value) in knobs {
            settings.set(Param::of(knob), value);
        }
        harmony.apply(&settings);
        Stage { harmony, now: 480, log: Vec::new() }
    }

    fn wait(&mut self, ms: u64) {
        let end = self.now + ms * MS;
        while self.now < end {
            let changes = self.harmony.advance(self.now, self.now as Tick);
            if changes != Changes::default() {
                self.log.push((self.now, changes));
            }
            self.now += QUANTUM;
        }
    }

    /// Strikes keys `gap` ms apart.
    fn strike(&mut self, keys: &[u8], gap: u64) {
        for (i, &key) in keys.iter().enumerate() {
            if i > 0 {
                self.wait(gap);
            }
            self.harmony.key_down(Source(0), key, 90, self.now);
        }
    }

    fn lift(&mut self, keys: &[u8]) {
        keys.iter().for_each(|&key| self.harmony.key_up(Source(0), key, self.now));
    }

    fn told(&self) -> Vec<(Option<Chord>, Tick)> {
        self.log.iter().filter_map(|(_, changes)| changes.told).collect()
    }
}

fn major(root: u8) -> Option<Chord> {
    Some(Chord::new(root, Maj))
}

#[test]
fn new_onsets_follow_at_once_sounding_notes_after_the_settle_time_and_the_record_after_40_ms() {
    let mut stage = Stage::new(&[]);
    stage.strike(&C, 10);
    let struck = stage.now;
    stage.wait(100);
    let when = |pick: fn(&Changes) -> bool| {
        stage.log.iter().filter(|(_, c)| pick(c)).map(|(at, _)| *at).collect::<Vec<_>>()
    };
    assert_eq!(*when(|c| c.bound).last().unwrap(), struck);
    assert_eq!(when(|c| c.settled), [struck + 25 * MS]);
    assert_eq!(when(|c| c.told.is_some()), [struck + 40 * MS]);
    assert_eq!(stage.told(), [(major(0), struck as Tick)]);
}

#[test]
fn without_a_settle_time_sounding_notes_move_in_the_same_quantum() {
    let mut stage = Stage::new(&[(Knob::Settle, 0.0)]);
    stage.strike(&C, 0);
    stage.wait(1);
    assert!(stage.log[0].1.bound && stage.log[0].1.settled);
    assert_eq!(stage.log[0].1.last_key, Some(480));
}

#[test]
fn a_chord_that_lived_less_than_40_ms_is_never_told_and_nothing_moves_twice() {
    let mut stage = Stage::new(&[]);
    stage.strike(&[36, 40, 43, 46], 20);
    stage.wait(200);
    assert_eq!(stage.told().iter().map(|t| t.0).collect::<Vec<_>>(), [Some(Chord::new(0, Dom7))]);
    assert_eq!(stage.log.iter().filter(|(_, c)| c.settled).count(), 1);
}

#[test]
fn the_chord_stays_when_the_hand_lifts_and_ends_without_hold() {
    for (hold, chord) in [(1.0, major(0)), (0.0, None)] {
        let mut stage = Stage::new(&[(Knob::Hold, hold)]);
        stage.strike(&C, 5);
        stage.wait(300);
        stage.lift(&C);
        stage.wait(140);
        assert_eq!(stage.harmony.view().chord, major(0));
        stage.wait(20);
        assert_eq!(stage.harmony.view().chord, chord);
    }
}

#[test]
fn without_hold_the_pedal_keeps_the_chord_and_a_lone_key_brings_none_back() {
    let mut stage = Stage::new(&[(Knob::Hold, 0.0)]);
    stage.strike(&C, 5);
    stage.harmony.sustain(true);
    stage.lift(&C);
    stage.wait(500);
    assert_eq!(stage.harmony.view().chord, major(0));
    stage.harmony.sustain(false);
    stage.wait(160);
    stage.strike(&[40], 0);
    stage.wait(200);
    assert_eq!(stage.harmony.view().chord, None);
}

#[test]
fn a_blue_lead_above_the_split_never_changes_the_chord() {
    let mut stage = Stage::new(&[]);
    let mut rng = fastrand::Rng::with_seed(7);
    stage.strike(&[36, 40, 43, 46], 3);
    stage.wait(100);
    for _ in 0..500 {
        let notes: Vec<u8> = (0..rng.usize(1..4)).map(|_| [63, 66, 70, 54, 75, 78][rng.usize(..6)]).collect();
        stage.strike(&notes, rng.u64(..10));
        stage.wait(rng.u64(..150));
        stage.lift(&notes);
    }
    assert_eq!(stage.log.iter().filter(|(_, c)| c.bound && c.last_key.unwrap() > 2000).count(), 0);
    assert_eq!(stage.harmony.view().chord, Some(Chord::new(0, Dom7)));
}

#[test]
fn an_input_that_vanishes_takes_only_its_own_keys() {
    let mut stage = Stage::new(&[]);
    stage.harmony.key_down(Source(1), 72, 90, 480);
    stage.harmony.key_down(Source(2), 72, 90, 480);
    stage.harmony.key_down(Source(1), 60, 90, 480);
    stage.harmony.source_gone(Source(1), 500);
    assert_eq!(stage.harmony.view().lead, Some(72));
    stage.harmony.source_gone(Source(2), 500);
    assert_eq!(stage.harmony.view().lead, None);
}

#[test]
fn what_was_struck_in_the_last_beat_still_counts_as_performed() {
    let mut stage = Stage::new(&[]);
    stage.harmony.beat(&Grid::new(Meter::COMMON), Beat(0), 500 * MS);
    stage.strike(&[61], 0);
    stage.lift(&[61]);
    stage.wait(450);
    assert_eq!(stage.harmony.view().performed, 1 << 1);
    stage.wait(100);
    assert_eq!(stage.harmony.view().performed, 0);
}

#[test]
fn a_sent_chord_counts_only_where_scripts_decide() {
    for (source, chord) in [(0.0, None), (3.0, major(5))] {
        let mut stage = Stage::new(&[(Knob::ChordSource, source)]);
        stage.harmony.sent(major(5), stage.now);
        stage.wait(1);
        assert_eq!(stage.harmony.view().chord, chord);
        assert_eq!(stage.harmony.settled(), chord);
    }
}

#[test]
fn a_panic_lets_all_keys_go_and_keeps_the_chord() {
    let mut stage = Stage::new(&[(Knob::Hold, 1.0)]);
    stage.strike(&C, 2);
    stage.wait(100);
    stage.harmony.reset();
    stage.wait(400);
    assert_eq!(stage.harmony.view().chord, major(0));
    assert_eq!(stage.harmony.view().performed & !(1 | 1 << 4 | 1 << 7), 0);
    stage.strike(&F, 2);
    stage.wait(1);
    assert_eq!(stage.harmony.view().chord, Some(Chord::new(5, Maj).over(0)));
}

#[test]
fn the_third_time_round_the_next_chord_is_expected_in_spite_of_late_and_early_keys() {
    let mut stage = Stage::new(&[]);
    let grid = Grid::new(Meter::COMMON);
    let mut rng = fastrand::Rng::with_seed(1);
    let roots = [0u8, 9, 5, 7];
    let mut right = 0;
    for beat in 0..48 {
        stage.harmony.beat(&grid, Beat(beat), 500 * MS);
        let bar = (beat / 4) as usize;
        if beat % 4 == 0 {
            stage.wait(rng.u64(..60));
            let keys = [0, 4, 7].map(|step| 36 + roots[bar % 4] + step);
            stage.strike(&keys, 3);
            stage.wait(80);
            stage.lift(&keys);
        }
        let next = major(roots[((beat + 1) / 4) as usize % 4]);
        right += i32::from(beat >= 32 && stage.harmony.view().next == next);
        let end = 480 + (beat as Frame + 1) * 500 * MS;
        stage.wait((end - stage.now) / MS);
    }
    assert_eq!(right, 16);
    assert_eq!(stage.harmony.view().key, LocalKey { tonic: 0, mode: crate::Mode::Major });
}
