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

/// One message; of a program change the last byte is not sent.
pub type Message = [u8; 3];

/// The bytes of a message that are sent.
pub fn bytes(message: &Message) -> &[u8] {
    const PROGRAM: u8 = 0xC0;
    if message[0] & 0xF0 == PROGRAM { &message[..2] } else { message }
}

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
            // The click has no channel of its own, so its sound is the drums'.
            SoundedKind::Program { part: Part::Click, .. } => {}
            SoundedKind::Program { part, program } => f([0xC0 | CHANNELS[part.index()], program & 127, 0]),
            SoundedKind::Controller { number, value } => {
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

#[cfg(test)]
mod tests {
    use super::*;
    use SoundedKind::{AllOff, Off, On};

    fn on(part: Part, key: u8, moved: bool) -> SoundedKind {
        On { part, key, velocity: 90, moved }
    }

    fn play(owed: &mut Owed, kinds: &[SoundedKind]) -> Vec<Message> {
        let mut sent = Vec::new();
        kinds.iter().for_each(|kind| owed.play(*kind, |message| sent.push(message)));
        sent
    }

    #[test]
    fn each_part_has_its_channel() {
        let sent =
            play(&mut Owed::default(), &Part::ALL.map(|part| on(part, 60 + part.index() as u8, false)));
        let channels: Vec<u8> = sent.iter().map(|message| (message[0] & 15) + 1).collect();
        assert_eq!(channels, [10, 11, 12, 14, 1, 10]);
        assert!(sent.iter().all(|message| message[0] & 0xF0 == 0x90));
    }

    #[test]
    fn a_retune_is_an_off_and_an_on() {
        let kinds = [on(Part::Pads, 64, false), Off { part: Part::Pads, key: 64 }, on(Part::Pads, 63, true)];
        let sent = play(&mut Owed::default(), &kinds);
        assert_eq!(sent, [[0x9D, 64, 90], [0x8D, 64, 0], [0x9D, 63, 90]]);
    }

    #[test]
    fn whatever_happened_nothing_sounds_after_a_stop() {
        let mut rng = fastrand::Rng::with_seed(6);
        for _ in 0..200 {
            let (mut owed, mut sounding, mut sent) = (Owed::default(), [[0_i32; 128]; 16], Vec::new());
            for _ in 0..rng.usize(..100) {
                let (part, key) = (Part::ALL[rng.usize(..Part::COUNT)], rng.u8(50..60));
                let kind = if rng.bool() { on(part, key, rng.bool()) } else { Off { part, key } };
                owed.play(kind, |message| sent.push(message));
            }
            owed.stop(|message| sent.push(message));
            for [status, key, _] in sent {
                let count = &mut sounding[usize::from(status & 15)][usize::from(key)];
                match status & 0xF0 {
                    0x90 => *count += 1,
                    0x80 => *count -= 1,
                    _ => continue,
                }
                assert!((0..=1).contains(count), "a key is struck once and released once");
            }
            assert!(sounding.as_flattened().iter().all(|count| *count == 0));
        }
    }

    #[test]
    fn a_stop_lifts_the_pedal_and_a_panic_cuts_the_tails() {
        let mut owed = Owed::default();
        let mut sent = Vec::new();
        owed.stop(|message| sent.push(message));
        assert!(sent.contains(&[0xB0, 64, 0]) && sent.contains(&[0xB9, 123, 0]));
        assert!(!sent.iter().any(|message| message[1] == ALL_SOUND_OFF));
        let cut = play(&mut owed, &[AllOff]);
        assert!(USED.iter().all(|channel| cut.contains(&[0xB0 | channel, ALL_SOUND_OFF, 0])));
    }
}
