//! The follower in the engine's time: which key is the melody, and when a twelfth of a beat is over. Thread: audio.

use std::ops::Range;

use super::Follower;
use super::tables::STYLES;
use crate::{Beat, Chord, Grid, Guesses, POSITIONS, Tick};

/// Halves of a twelfth in a beat.
const HALVES: Tick = 2 * POSITIONS as Tick;

/// The melody of the performer, and the chord under it.
#[derive(Clone, Debug)]
pub struct Melody {
    follower: Follower,
    grid: Grid,
    /// The first tick that has not been followed.
    next: Tick,
    /// The key that is the melody now.
    top: Option<u8>,
    /// Counts strikes, and when each key was struck by this count.
    strikes: u32,
    struck: [u32; 128],
    /// A note came just after the beat to which it belongs.
    is_late: bool,
    /// Since which beat the chord holds.
    since: Beat,
}

impl Melody {
    /// Has heard nothing. Allocates.
    pub fn new() -> Melody {
        Melody {
            follower: Follower::default(),
            grid: Grid::new(crate::Meter::COMMON),
            next: 0,
            top: None,
            strikes: 0,
            struck: [0; 128],
            is_late: false,
            since: Beat(i32::MIN),
        }
    }

    /// How readily the chord changes, 0 to 1.
    pub fn set_restless(&mut self, restless: f32) {
        self.follower.set_restless(restless);
    }

    /// Which kinds of music the melody is likely of; shares that sum to 1.
    pub fn lean_to(&mut self, styles: [f32; STYLES]) {
        self.follower.lean_to(styles);
    }

    /// Locks the key to a tonic, or lets it go.
    pub fn lock(&mut self, tonic: Option<u8>) {
        self.follower.lock(tonic);
    }

    /// The chord of the moment; none before the first note.
    pub fn chord(&self) -> Option<Chord> {
        self.follower.chord()
    }

    /// Since which beat the chord holds: what was planned without it is no expectation.
    pub fn since(&self) -> Beat {
        self.since
    }

    /// A key went down; `top` is the highest one that is held now.
    pub fn key_down(&mut self, key: u8, top: Option<u8>) {
        self.strikes += 1;
        self.struck[usize::from(key & 127)] = self.strikes;
        self.top = top;
        if top == Some(key) {
            self.sing(key);
        }
    }

    /// A key went up. A lower one that was struck after it was the melody all along: it was played legato.
    pub fn key_up(&mut self, top: Option<u8>) {
        let was = std::mem::replace(&mut self.top, top);
        let order = |key: u8| self.struck[usize::from(key & 127)];
        if let (Some(was), Some(top)) = (was, top)
            && order(top) > order(was)
        {
            self.sing(top);
        }
    }

    fn sing(&mut self, key: u8) {
        let before = self.chord();
        let half = self.grid.meter.ticks_per_beat() / HALVES;
        let into = (self.next - self.grid.tick).rem_euclid(half * HALVES);
        self.follower.struck(key % 12, into < half || into >= half * (HALVES - 1));
        self.is_late |= into < half;
        self.note_change(before);
    }

    /// Time passes over `ticks`; `expected` says what the accompanist thinks of a beat.
    ///
    /// Thread: audio. Real-time: yes: about 60 µs where a beat begins.
    pub fn advance(&mut self, ticks: Range<Tick>, grid: &Grid, expected: impl Fn(Beat) -> Guesses) {
        if ticks.start != self.next || grid.meter != self.grid.meter {
            self.follower.restart();
        }
        (self.grid, self.next) = (*grid, ticks.end);
        let before = self.chord();
        let half = grid.meter.ticks_per_beat() / HALVES;
        let first = (ticks.start - grid.tick).div_euclid(half);
        for i in first.. {
            let tick = grid.tick + i * half;
            if tick >= ticks.end {
                break;
            }
            if tick >= ticks.start {
                self.half_twelfth(i, tick, &expected);
            }
        }
        self.follower.work();
        if std::mem::take(&mut self.is_late) {
            self.follower.look_again(self.sounding());
        }
        self.note_change(before);
    }

    /// Half a twelfth begins: a beat, or the middle of a twelfth, or nothing to speak of.
    fn half_twelfth(&mut self, i: Tick, tick: Tick, expected: impl Fn(Beat) -> Guesses) {
        if i.rem_euclid(HALVES) == 0 {
            let beat = self.grid.beat_at(tick);
            let place = self.grid.place(beat).1;
            let beats = self.grid.meter.beats_per_bar();
            self.follower.beat(place, beats, self.sounding(), expected(beat));
            self.is_late = false;
        } else if i.rem_euclid(2) == 1 {
            self.follower.twelfth(self.sounding());
        }
    }

    fn sounding(&self) -> Option<u8> {
        self.top.map(|key| key % 12)
    }

    fn note_change(&mut self, before: Option<Chord>) {
        if self.chord() != before {
            self.since = self.grid.beat_at(self.next - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Meter;

    /// The chord after each strike; a strike is a tick and a key, and lasts until the next.
    fn play(strikes: &[(Tick, u8)], end: Tick, mut step: impl FnMut() -> Tick) -> Vec<(Tick, Option<Chord>)> {
        let (mut melody, grid) = (Melody::new(), Grid::new(Meter::COMMON));
        let (mut chords, mut now, mut next) = (Vec::new(), 0, strikes.iter().peekable());
        while now < end {
            while let Some((_, key)) = next.next_if(|(tick, _)| *tick <= now) {
                melody.key_down(*key, Some(*key));
            }
            let to = strikes.iter().map(|strike| strike.0).find(|tick| *tick > now).unwrap_or(end);
            let to = to.min(now + step()).min((now / 80 + 1) * 80);
            melody.advance(now..to, &grid, |_| Guesses::NONE);
            now = to;
            if now % 80 == 0 {
                chords.push((now, melody.chord()));
            }
        }
        chords
    }

    #[test]
    fn the_length_of_a_quantum_changes_nothing() {
        let mut rng = fastrand::Rng::with_seed(1);
        let strikes: Vec<(Tick, u8)> =
            (0..60).map(|i| (i * 480 + rng.i64(-30..30).max(-i), 60 + rng.u8(..12))).collect();
        let by_one = play(&strikes, 28_800, || 1);
        let by_chance = play(&strikes, 28_800, || rng.i64(1..30));
        assert_eq!(by_one, by_chance);
        assert!(by_one.iter().any(|(_, chord)| *chord != by_one[20].1));
    }

    #[test]
    fn a_note_just_after_the_beat_counts_for_the_beat() {
        let phrase = [60, 64, 67, 64, 60, 64, 67, 64];
        let chord_after = |key: u8, late: Tick| {
            let phrase = phrase.iter().enumerate().map(|(i, key)| (i as Tick * 960, *key));
            let strikes: Vec<(Tick, u8)> = phrase.chain([(8 * 960 + late, key)]).collect();
            play(&strikes, 8 * 960 + 80, || 1).last().and_then(|(_, chord)| *chord)
        };
        let on_time = (60..72).map(|key| chord_after(key, 0));
        assert!(on_time.clone().eq((60..72).map(|key| chord_after(key, 30))));
        assert!(on_time.clone().any(|chord| chord != chord_after(60, 0)));
    }

    #[test]
    fn a_line_played_legato_downwards_is_heard_to_its_end() {
        let mut melody = Melody::new();
        melody.key_down(72, Some(72));
        melody.key_down(71, Some(72));
        assert_eq!(melody.sounding(), Some(0));
        melody.key_up(Some(71));
        assert_eq!(melody.sounding(), Some(11));
    }
}
