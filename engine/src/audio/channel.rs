//! The channels of one instrument: each sounding pitch owns one, so that it can be bent and faded by itself.
//! Runs on the audio thread.

use crate::Frame;
use crate::sound::{Instrument, QUANTUM};

/// Melodic channels of an instrument.
pub const CHANNELS: usize = 15;

/// The MIDI channel of a slot: the kit's is left out.
const fn midi(slot: usize) -> u8 {
    if slot < Instrument::KIT as usize { slot as u8 } else { slot as u8 + 1 }
}

/// A value that glides to its goal in equal steps.
#[derive(Clone, Copy, Debug, Default)]
struct Glide {
    now: f32,
    goal: f32,
    step: f32,
}

impl Glide {
    fn at(value: f32) -> Glide {
        Glide { now: value, goal: value, step: 0.0 }
    }

    fn to(&mut self, goal: f32, quanta: f32) {
        *self = Glide { now: self.now, goal, step: (goal - self.now) / quanta.max(1.0) };
    }

    fn is_moving(&self) -> bool {
        self.now != self.goal
    }

    fn advance(&mut self) -> f32 {
        let left = self.goal - self.now;
        self.now = if left.abs() <= self.step.abs() * 1.001 { self.goal } else { self.now + self.step };
        self.now
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing, or the tail of a released note.
    Free,
    /// A key is down.
    Held,
    /// The note fades out and is then cut.
    Leaving,
}

#[derive(Clone, Copy, Debug)]
struct Channel {
    state: State,
    key: u8,
    bend: Glide,
    level: Glide,
    since: Frame,
}

/// The channels of a part.
#[derive(Debug)]
pub struct Channels {
    channels: [Channel; CHANNELS],
    quanta_per_ms: f32,
}

impl Channels {
    /// Free channels at a sample rate.
    pub fn new(rate: u32) -> Channels {
        let free =
            Channel { state: State::Free, key: 0, bend: Glide::at(0.0), level: Glide::at(1.0), since: 0 };
        Channels { channels: [free; CHANNELS], quanta_per_ms: rate as f32 / 1000.0 / QUANTUM as f32 }
    }

    /// A channel for a new note: the one that has been free for longest, one whose tail would not jump in pitch
    /// before one whose tail would. `None` if every channel is held or fading.
    fn free(&self) -> Option<usize> {
        let free = (0..CHANNELS).filter(|slot| self.channels[*slot].state == State::Free);
        free.min_by_key(|slot| {
            let channel = &self.channels[*slot];
            (channel.bend.now != 0.0 || channel.level.now != 1.0, channel.since)
        })
    }

    /// The channel that has sounded for longest.
    fn oldest(&self) -> usize {
        (0..CHANNELS).min_by_key(|slot| self.channels[*slot].since).unwrap_or(0)
    }

    /// Strikes a key; returns its channel, and whether a sounding note had to go. `fade_ms` > 0 fades it in.
    pub fn strike(
        &mut self,
        synth: &mut Instrument,
        key: u8,
        velocity: u8,
        fade_ms: f32,
        at: Frame,
    ) -> (usize, bool) {
        let free = self.free();
        let slot = free.unwrap_or_else(|| self.oldest());
        let channel = &mut self.channels[slot];
        if free.is_none() || channel.bend.now != 0.0 || channel.level.now != 1.0 {
            synth.silence(midi(slot));
        }
        *channel =
            Channel { state: State::Held, key, bend: Glide::at(0.0), level: Glide::at(1.0), since: at };
        if fade_ms > 0.0 {
            channel.level.now = 0.0;
            channel.level.to(1.0, fade_ms * self.quanta_per_ms);
        }
        synth.bend(midi(slot), 0.0);
        synth.level(midi(slot), channel.level.now);
        synth.note_on(midi(slot), key, velocity);
        (slot, free.is_none())
    }

    /// Releases a channel's key; its tail rings.
    pub fn release(&mut self, synth: &mut Instrument, slot: usize, at: Frame) {
        let channel = &mut self.channels[slot];
        if channel.state == State::Held {
            channel.state = State::Free;
            channel.since = at;
            synth.note_off(midi(slot), channel.key);
        }
    }

    /// Fades a channel out and cuts it.
    pub fn leave(&mut self, slot: usize, fade_ms: f32) {
        let quanta = fade_ms * self.quanta_per_ms;
        let channel = &mut self.channels[slot];
        channel.state = State::Leaving;
        channel.level.to(0.0, quanta);
    }

    /// The key that a channel struck.
    pub fn key(&self, slot: usize) -> u8 {
        self.channels[slot].key
    }

    /// Bends a channel to `semitones` from its key, over `ms`.
    pub fn bend(&mut self, slot: usize, semitones: f32, ms: f32) {
        self.channels[slot].bend.to(semitones, ms * self.quanta_per_ms);
    }

    /// Moves what glides by one quantum.
    pub fn advance(&mut self, synth: &mut Instrument, at: Frame) {
        for (slot, channel) in self.channels.iter_mut().enumerate() {
            if channel.bend.is_moving() {
                synth.bend(midi(slot), channel.bend.advance());
            }
            if channel.level.is_moving() {
                synth.level(midi(slot), channel.level.advance());
            } else if channel.state == State::Leaving {
                synth.silence(midi(slot));
                channel.state = State::Free;
                channel.since = at;
            }
        }
    }

    /// Every channel is free at once; the caller cuts the instrument.
    pub fn cut(&mut self, synth: &mut Instrument) {
        for (slot, channel) in self.channels.iter_mut().enumerate() {
            *channel =
                Channel { state: State::Free, bend: Glide::at(0.0), level: Glide::at(1.0), ..*channel };
            synth.bend(midi(slot), 0.0);
            synth.level(midi(slot), 1.0);
        }
    }
}
