//! One pitched part as it plays: what it holds, and how that follows the chord. Runs on the audio thread.

use crate::sound::Instrument;
use crate::{Frame, Moves, Note, Part, Role, Tick};

use super::channel::Channels;
use super::witness::Witness;

/// Voicings and notes that a part may hold at once.
const HITS: usize = 15;
/// Voices of a voicing.
pub const VOICES: usize = 6;
/// The farthest that a sounding note is bent; beyond it fades over into a new voice.
const MAX_BEND: i16 = 3;
/// Strikes of one hand within so many milliseconds are one grip.
const GRIP_MS: Frame = 25;
/// A bend takes this long.
const BEND_MS: f32 = 5.0;
/// A fade into a new voice takes this long; longer for pads and organ, and for a bass, whose low notes click in
/// less.
const FADE_MS: f32 = 8.0;
const LONG_FADE_MS: f32 = 30.0;

/// One voice of a hit.
#[derive(Clone, Copy, Debug)]
struct Voice {
    /// The pitch that sounds, or is about to.
    key: u8,
    /// Its channel, once it has been struck.
    channel: Option<u8>,
    /// When a strummed string is struck.
    start: Frame,
}

/// A note or a voicing that sounds.
#[derive(Clone, Copy, Debug)]
pub struct Hit {
    /// What was written.
    pub note: Note,
    until: Tick,
    voices: [Voice; VOICES],
    len: u8,
}

impl Hit {
    /// When it was struck.
    pub fn struck(&self) -> Frame {
        self.voices[0].start
    }

    /// Whether it holds all of these pitches.
    fn holds(&self, keys: &[u8]) -> bool {
        let (held, len) = self.keys();
        keys.iter().all(|key| held[..len].contains(key))
    }

    /// The pitches that it holds, in the order of its voices.
    pub fn keys(&self) -> ([u8; VOICES], usize) {
        (self.voices.map(|voice| voice.key), usize::from(self.len))
    }
}

/// A pitched part.
#[derive(Debug)]
pub struct Hand {
    part: Part,
    channels: Channels,
    hits: [Option<Hit>; HITS],
    moves: Moves,
    strum: Frame,
    /// Strikes within so many frames are one grip.
    grip: Frame,
}

impl Hand {
    /// A part that holds nothing.
    pub fn new(part: Part, rate: u32) -> Hand {
        let grip = Frame::from(rate) * GRIP_MS / 1000;
        Hand { part, channels: Channels::new(rate), hits: [None; HITS], moves: Moves::Quick, strum: 0, grip }
    }

    /// How held notes move, and the time between two strings of a strum.
    pub fn set(&mut self, moves: Moves, strum: Frame) {
        self.moves = moves;
        self.strum = strum;
    }

    /// Whether anything that is held was struck at or after `since`.
    pub fn has_struck(&self, since: Frame) -> bool {
        self.hits.iter().flatten().any(|hit| hit.struck() >= since)
    }

    /// Whether anything is held.
    pub fn is_playing(&self) -> bool {
        self.hits.iter().any(Option::is_some)
    }

    /// Strikes a note or a voicing. A voicing ends the one before it, a bass note the one before it, and any note
    /// the same pitch. A note whose key is already down in the same grip is not struck twice: two roles may be one tone.
    pub fn strike(
        &mut self,
        synth: &mut Instrument,
        out: &mut Witness,
        note: Note,
        keys: &[u8],
        until: Tick,
    ) {
        if self.is_in_grip(&note, keys, out.frame) {
            return;
        }
        self.make_room(synth, out, &note, keys);
        let strum = if matches!(note.role, Role::Shape { .. }) { self.strum } else { 0 };
        let at = |i: usize| out.frame + strum * i as Frame;
        let voices = std::array::from_fn(|i| Voice {
            key: keys.get(i).copied().unwrap_or(0),
            channel: None,
            start: at(i),
        });
        let hit = Hit { note, until, voices, len: keys.len().min(VOICES) as u8 };
        let Some(slot) = self.hits.iter().position(Option::is_none) else { return };
        self.hits[slot] = Some(hit);
        self.start_voices(synth, out);
    }

    fn is_in_grip(&self, note: &Note, keys: &[u8], now: Frame) -> bool {
        let is_single = self.part != Part::Bass && !matches!(note.role, Role::Shape { .. });
        let is_grip = |hit: &Hit| now <= hit.struck() + self.grip && hit.holds(keys);
        is_single && self.hits.iter().flatten().any(is_grip)
    }

    fn make_room(&mut self, synth: &mut Instrument, out: &mut Witness, note: &Note, keys: &[u8]) {
        let shape = |note: &Note| matches!(note.role, Role::Shape { .. });
        for slot in 0..HITS {
            let Some(hit) = &self.hits[slot] else { continue };
            let (held, len) = hit.keys();
            let same_voice = self.part == Part::Bass || shape(note) && shape(&hit.note);
            let shared = held[..len].iter().position(|key| keys.contains(key));
            match shared {
                _ if same_voice => self.release(synth, out, slot),
                Some(voice) if len > 1 => self.drop_voice(synth, out, slot, voice),
                Some(_) => self.release(synth, out, slot),
                None => {}
            }
        }
        if self.hits.iter().all(Option::is_some) {
            self.release(synth, out, 0);
            out.stolen();
        }
    }

    /// Takes one voice out of a voicing, because another note needs its pitch.
    fn drop_voice(&mut self, synth: &mut Instrument, out: &mut Witness, slot: usize, voice: usize) {
        let Some(mut hit) = self.hits[slot] else { return };
        self.end_voice(synth, out, &hit.voices[voice]);
        hit.voices.copy_within(voice + 1.., voice);
        hit.len -= 1;
        self.hits[slot] = Some(hit);
    }

    /// Strikes the strings of a strum whose time has come.
    fn start_voices(&mut self, synth: &mut Instrument, out: &mut Witness) {
        let (channels, part) = (&mut self.channels, self.part);
        for hit in self.hits.iter_mut().flatten() {
            let velocity = hit.note.velocity;
            for voice in &mut hit.voices[..usize::from(hit.len)] {
                if voice.channel.is_none() && voice.start <= out.frame {
                    let (slot, stolen) = channels.strike(synth, voice.key, velocity, 0.0, out.frame);
                    voice.channel = Some(slot as u8);
                    out.on(part, voice.key, velocity, false);
                    if stolen {
                        out.stolen();
                    }
                }
            }
        }
    }

    fn release(&mut self, synth: &mut Instrument, out: &mut Witness, slot: usize) {
        let Some(hit) = self.hits[slot].take() else { return };
        for voice in &hit.voices[..usize::from(hit.len)] {
            self.end_voice(synth, out, voice);
        }
    }

    /// Ends the notes whose time is over, strikes what is left of a strum, and moves what glides.
    pub fn advance(&mut self, synth: &mut Instrument, out: &mut Witness, running: bool) {
        for slot in 0..HITS {
            if running && self.hits[slot].is_some_and(|hit| hit.until <= out.tick) {
                self.release(synth, out, slot);
            }
        }
        self.start_voices(synth, out);
        self.channels.advance(synth, out.frame);
    }

    /// Ends everything; tails ring.
    pub fn release_all(&mut self, synth: &mut Instrument, out: &mut Witness) {
        (0..HITS).for_each(|slot| self.release(synth, out, slot));
    }

    /// Ends everything at once, tails too.
    pub fn cut(&mut self, synth: &mut Instrument, out: &mut Witness) {
        self.release_all(synth, out);
        self.channels.cut(synth);
    }

    /// How many places for hits there are.
    pub const fn slots(&self) -> usize {
        HITS
    }

    /// What sounds at a place, for re-binding.
    pub fn hit(&self, slot: usize) -> Option<&Hit> {
        self.hits.get(slot)?.as_ref()
    }

    /// Moves the voices of a hit to other pitches without striking again; returns whether any moved.
    ///
    /// A single note that would meet another one ends: a key sounds once.
    pub fn follow(&mut self, synth: &mut Instrument, out: &mut Witness, slot: usize, keys: &[u8]) -> bool {
        let Some(mut hit) = self.hits[slot] else { return false };
        if self.would_meet(slot, &hit, keys) {
            self.release(synth, out, slot);
            return true;
        }
        let (stay, leave) =
            hit.voices[..usize::from(hit.len)].split_at_mut(keys.len().min(usize::from(hit.len)));
        let mut moved = !leave.is_empty();
        for (voice, key) in stay.iter_mut().zip(keys) {
            if voice.key != *key {
                self.move_voice(synth, out, voice, *key, hit.note.velocity);
                moved = true;
            }
        }
        // A shape of fewer voices (a guitar over another chord) leaves the rest out.
        for voice in leave.iter() {
            self.end_voice(synth, out, voice);
        }
        hit.len = stay.len() as u8;
        self.hits[slot] = Some(hit);
        moved
    }

    fn would_meet(&self, slot: usize, hit: &Hit, keys: &[u8]) -> bool {
        let is_single = !keys.is_empty() && !matches!(hit.note.role, Role::Shape { .. });
        let holds = |other: &Option<Hit>| other.as_ref().is_some_and(|other| other.holds(keys));
        is_single && self.hits.iter().enumerate().any(|(at, other)| at != slot && holds(other))
    }

    fn end_voice(&mut self, synth: &mut Instrument, out: &mut Witness, voice: &Voice) {
        let Some(channel) = voice.channel else { return };
        self.channels.release(synth, usize::from(channel), out.frame);
        out.off(self.part, voice.key);
    }

    fn move_voice(
        &mut self,
        synth: &mut Instrument,
        out: &mut Witness,
        voice: &mut Voice,
        key: u8,
        velocity: u8,
    ) {
        let from = std::mem::replace(&mut voice.key, key);
        let Some(channel) = voice.channel.map(usize::from) else { return };
        let bend = i16::from(key) - i16::from(self.channels.key(channel));
        let near = (i16::from(key) - i16::from(from)).abs() <= MAX_BEND && bend.abs() <= 2 * MAX_BEND;
        if near {
            self.channels.bend(channel, f32::from(bend), BEND_MS);
        } else {
            let fade = if self.moves == Moves::Quick { FADE_MS } else { LONG_FADE_MS };
            self.channels.leave(channel, fade);
            let (slot, stolen) = self.channels.strike(synth, key, velocity, fade, out.frame);
            voice.channel = Some(slot as u8);
            if stolen {
                out.stolen();
            }
        }
        out.off(self.part, from);
        out.on(self.part, key, velocity, true);
    }
}
