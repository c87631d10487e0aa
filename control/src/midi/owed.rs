//! What sounded becomes MIDI messages, and each note that was begun is ended.

use engine::{Part, SoundedKind};

/// Controllers: sustain, all sound off, reset, all notes off.
const SUSTAIN: u8 = 64;
const ALL_SOUND_OFF: u8 = 120;
const RESET: u8 = 121;
const ALL_NOTES_OFF: u8 = 123;

/// The channel of each part, from 0, in the order of [`Part::ALL`]: those of arranger keyboards, with drums on
/// 10, bass on 11, comp on 12, pads on 14, the player on 1, and the click beside the drums.
const CHANNELS: [u8; Part::COUNT] = [9, 10, 11, 13, 0, 9];

/// The channels that are used, each once.
const USED: [u8; 5] = [9, 10, 11, 13, 0];

/// One message.
pub type Message = [u8; 3];

/// The notes that sound on the other side.
#[derive(Clone, Debug, Default)]
pub struct Owed {
    /// A bit for each key, by channel.
    keys: [u128; 16],
}

impl Owed {
    /// The messages with which a connection begins.
    pub fn begin(f: impl FnMut(Message)) {
        USED.map(|channel| [0xB0 | channel, RESET, 0]).into_iter().for_each(f);
    }

    /// The messages for what sounded.
    pub fn play(&mut self, kind: SoundedKind, mut f: impl FnMut(Message)) {
        match kind {
            SoundedKind::On { part, key, velocity, .. } => {
                let (channel, key) = (CHANNELS[part.index()], key & 127);
                // A second note-on of a key would need two note-offs on some devices and one on others.
                self.end(channel, key, &mut f);
                self.keys[usize::from(channel)] |= 1 << key;
                f([0x90 | channel, key, velocity.clamp(1, 127)]);
            }
            SoundedKind::Off { part, key } => self.end(CHANNELS[part.index()], key & 127, &mut f),
            SoundedKind::Controller { number, value } => {
                if number == SUSTAIN {
                }
                f([0xB0 | CHANNELS[Part::Lead.index()], number & 127, value & 127]);
            }
            SoundedKind::AllOff => {
                self.stop(&mut f);
                USED.map(|channel| [0xB0 | channel, ALL_SOUND_OFF, 0]).into_iter().for_each(f);
            }
            SoundedKind::Chord { .. }
            | SoundedKind::Section(_)
            | SoundedKind::Tempo(_)
            | SoundedKind::Meter(_) => {}
        }
    }

    /// Ends every note that is owed, lifts the pedal, and says so once more for all.
    pub fn stop(&mut self, mut f: impl FnMut(Message)) {
        for channel in USED {
            (0..128).for_each(|key| self.end(channel, key, &mut f));
            f([0xB0 | channel, SUSTAIN, 0]);
            f([0xB0 | channel, ALL_NOTES_OFF, 0]);
        }
    }

    fn end(&mut self, channel: u8, key: u8, f: &mut impl FnMut(Message)) {
        let keys = &mut self.keys[usize::from(channel)];
        if *keys & (1 << key) != 0 {
            *keys &= !(1 << key);
            f([0x80 | channel, key, 0]);
        }
    }
}
