//! What a rig gives the audio thread: sounds, mix, form lengths, and the loop of last resort.

use crate::audio::melody::tables::STYLES;
use crate::sound::Instrument;
use crate::{Chunk, Level, Meter, Param, Part};

/// The sound of one part.
#[derive(Debug)]
pub struct Voice {
    /// What plays it, ready to sound.
    pub instrument: Instrument,
    /// Its General MIDI program, from 0, for MIDI files and MIDI out; of a kit, the number of the kit.
    pub program: u8,
    /// How a held note moves to another chord.
    pub moves: Moves,
    /// Milliseconds between the strings of a strummed shape; 0 for a keyboard.
    pub strum_ms: f32,
    /// The lowest and the highest key that the part plays.
    pub range: (u8, u8),
    /// Level that the rig asks for, as a gain.
    pub gain: f32,
}

/// How a sounding note follows the chord. By up to three semitones it is bent within 5 ms; beyond, it fades over into
/// a new voice. It never strikes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moves {
    /// Fades over 30 ms: pads, organ.
    Glide,
    /// Fades over 8 ms: piano, guitar.
    Quick,
    /// Moves only if its note is no chord tone of the new chord, and fades over 30 ms: bass.
    Bass,
}

/// What the audio thread needs of a rig. Built off the audio thread, swapped at a bar line, returned to be freed.
#[derive(Debug)]
pub struct Patch {
    /// Name of the rig.
    pub name: String,
    /// Which rig it is; the model thread is told when it takes over.
    pub id: u16,
    /// Beats a minute.
    pub bpm: f32,
    /// Time signature.
    pub meter: Meter,
    /// Knobs that the rig sets.
    pub knobs: Vec<(Param, f32)>,
    /// The sounds, in the order of [`Part::ALL`].
    pub voices: [Voice; Part::COUNT],
    /// Whether swing moves sixteenths (hip-hop) and not eighths (jazz).
    pub swing_sixteenths: bool,
    /// Bars of a groove unit: 2 where there is a clave or a two-bar pattern, else 1.
    pub unit_bars: u8,
    /// Bars of the intro, the break and the ending.
    pub intro_bars: u8,
    /// Bars of the break.
    pub break_bars: u8,
    /// Bars of the ending.
    pub ending_bars: u8,
    /// Where a chord that comes just before the bar takes bass and kick with it (latin, funk, pop), and not
    /// only comp and pads (a walking bass keeps its quarters).
    pub bass_pushes: bool,
    /// Whether the first bass note of a chord is the chord's bass, whatever was written; not so in one-drop, tumbao
    /// and Afrobeat.
    pub bass_roots: bool,
    /// Which kinds of music the melodies over it are likely of, in the order of [`tables`]; shares that sum to 1.
    ///
    /// [`tables`]: crate::audio::melody::tables
    pub melodies: [f32; STYLES],
    /// What the audio thread plays when nobody writes: whole bars of each main.
    pub loops: Loops,
}

/// The name of a rig as the event log keeps it: so short that the audio thread can copy it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RigName([u8; RigName::BYTES]);

impl RigName {
    /// The longest name, in bytes of UTF-8; a longer one is cut off.
    pub const BYTES: usize = 32;

    /// The name, or as much of it as fits.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn new(name: &str) -> RigName {
        let name = &name[..name.floor_char_boundary(RigName::BYTES)];
        let mut bytes = [0; RigName::BYTES];
        bytes[..name.len()].copy_from_slice(name.as_bytes());
        RigName(bytes)
    }

    /// The name, from the bytes of [`RigName::bytes`]; none where they are no text.
    pub fn from_bytes(bytes: [u8; RigName::BYTES]) -> Option<RigName> {
        std::str::from_utf8(&bytes).is_ok().then_some(RigName(bytes))
    }

    /// The name, followed by noughts.
    pub fn bytes(&self) -> &[u8; RigName::BYTES] {
        &self.0
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default().trim_end_matches('\0')
    }
}

/// The loop of last resort: whole bars of each main, a chunk a beat.
#[derive(Clone, Debug, Default)]
pub struct Loops {
    /// Chunks for each level, in order; a whole number of bars.
    pub mains: [Vec<Chunk>; 4],
}

impl Loops {
    /// The chunk for a beat counted from a bar line, if there is one.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn at(&self, level: Level, beat: i32) -> Option<&Chunk> {
        let bars = &self.mains[level.index()];
        (!bars.is_empty()).then(|| &bars[beat.rem_euclid(bars.len() as i32) as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_back_as_far_as_it_fits() {
        let back = |name: &str| RigName::from_bytes(*RigName::new(name).bytes()).unwrap().as_str().to_owned();
        assert_eq!(back("bossa-nova"), "bossa-nova");
        assert_eq!(back(""), "");
        assert_eq!(back(&"é".repeat(20)), "é".repeat(16));
        assert_eq!(back(&format!("a{}", "é".repeat(20))), format!("a{}", "é".repeat(15)));
        assert_eq!(RigName::from_bytes([0xFF; RigName::BYTES]), None);
    }
}
