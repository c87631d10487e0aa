//! What the performer's hands did, beat by beat.

use std::collections::BTreeMap;

use engine::Tick;

/// Beats that are remembered.
const KEPT: i32 = 256;

/// Onsets of one hand closer than this, in ticks, are one chord.
const TOGETHER: Tick = 60;

/// A key that the performer struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Struck {
    /// Grid position in the beat.
    pub position: u8,
    /// MIDI key.
    pub key: u8,
    /// 1 to 127.
    pub velocity: u8,
    /// Above the split: no chord hand.
    pub lead: bool,
    /// Alone or the first of a chord.
    pub first: bool,
}

/// One beat of the performer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Onsets above the split; a chord counts once.
    pub lead: u8,
    /// Onsets below the split; a chord counts once.
    pub chord: u8,
    /// The sum of the velocities of the onsets.
    pub velocity: u16,
    /// Whether a key above the split was down when the beat began.
    pub lead_held: bool,
    /// Whether any key was down.
    pub present: bool,
    /// Where loud onsets fell: grid position and velocity.
    pub accents: Vec<(u8, u8)>,
    /// Every key that was struck, in order.
    pub struck: Vec<Struck>,
}

impl Tally {
    /// Onsets of both hands.
    pub fn onsets(&self) -> u8 {
        self.lead.saturating_add(self.chord)
    }
}

/// The performer, as far as they have been heard.
#[derive(Clone, Debug, Default)]
pub struct Player {
    beats: BTreeMap<i32, Tally>,
    /// Keys that are down, by input, so that two keyboards do not lift each other's keys.
    down: Vec<(u8, u8)>,
    split: u8,
    /// The last onset of the lead and of the chord hand.
    last: [Option<Tick>; 2],
    /// The last beat that began.
    entered: Option<i32>,
}

impl Player {
    /// Sets where the chord zone ends.
    pub fn split_at(&mut self, key: u8) {
        self.split = key;
    }

    /// A key went down in a beat.
    pub fn on(&mut self, at: Tick, beat: i32, position: u8, source: u8, key: u8, velocity: u8) {
        self.off(source, key);
        self.down.push((source, key));
        let hand = usize::from(key < self.split);
        let fresh = self.last[hand].is_none_or(|last| (at - last).abs() > TOGETHER);
        let tally = self.beats.entry(beat).or_default();
        tally.present = true;
        tally.struck.push(Struck { position, key, velocity, lead: hand == 0, first: fresh });
        if !fresh {
            return;
        }
        self.last[hand] = Some(at);
        let count = if hand == 1 { &mut tally.chord } else { &mut tally.lead };
        *count = count.saturating_add(1);
        tally.velocity = tally.velocity.saturating_add(u16::from(velocity));
        tally.accents.push((position, velocity));
    }

    /// A key went up.
    pub fn off(&mut self, source: u8, key: u8) {
        self.down.retain(|held| *held != (source, key));
    }

    /// Every key of an input went up.
    pub fn all_off(&mut self, source: Option<u8>) {
        self.down.retain(|held| source.is_some_and(|source| held.0 != source));
    }

    /// A beat begins. One that was there before is lived again.
    pub fn enter(&mut self, beat: i32) {
        if self.entered.is_some_and(|entered| beat <= entered) {
            self.beats.split_off(&beat);
        }
        self.entered = Some(beat);
        self.beats = self.beats.split_off(&(beat - KEPT));
        let tally = self.beats.entry(beat).or_default();
        tally.present |= !self.down.is_empty();
        tally.lead_held |= self.down.iter().any(|held| held.1 >= self.split);
    }

    /// Forgets what was played, not what is held.
    pub fn clear(&mut self) {
        self.beats.clear();
        self.last = [None; 2];
        self.entered = None;
    }

    /// What was done in a beat; none before the first that was listened to.
    pub fn tally(&self, beat: i32) -> Option<&Tally> {
        self.beats.get(&beat)
    }

    /// Whether anything was ever played.
    pub fn has_played(&self) -> bool {
        self.beats.values().any(|tally| tally.onsets() > 0)
    }

    /// The beats from `from` up to but without `to`.
    pub fn between(&self, from: i32, to: i32) -> impl Iterator<Item = (i32, &Tally)> {
        self.beats.range(from..to.max(from)).map(|(beat, tally)| (*beat, tally))
    }

    /// Onsets a beat and their mean velocity in a span of beats; no velocity where nothing was played.
    pub fn pace(&self, from: i32, to: i32) -> (f32, Option<f32>) {
        let (mut onsets, mut velocity, mut beats) = (0.0, 0.0, 0.0);
        for (_, tally) in self.between(from, to) {
            beats += 1.0;
            onsets += f32::from(tally.onsets());
            velocity += f32::from(tally.velocity);
        }
        (if beats > 0.0 { onsets / beats } else { 0.0 }, (onsets > 0.0).then(|| velocity / onsets))
    }

    /// Onsets of the chord hand a beat in a span of beats.
    pub fn chord_pace(&self, from: i32, to: i32) -> f32 {
        let onsets: f32 = self.between(from, to).map(|(_, tally)| f32::from(tally.chord)).sum();
        onsets / (to - from).max(1) as f32
    }
}
