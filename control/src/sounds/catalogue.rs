//! The catalogue: every sound that a rig may name, and where it is found. Plain data, any thread.

use engine::Moves;
use engine::Moves::{Bass, Glide, Quick};

/// A sound that rigs name by a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sound {
    /// The word.
    pub name: &'static str,
    /// The built-in font that holds it: the name of a file in `presets/sounds`, without suffix.
    pub family: &'static str,
    /// Bank, General MIDI; 128 for kits.
    pub bank: u8,
    /// Program, General MIDI, counted from 0.
    pub program: u8,
    /// How a held note moves to another chord.
    pub moves: Moves,
    /// Milliseconds between the strings of a strummed shape unless the rig says otherwise; 0 for keyboards.
    pub strum_ms: f32,
}

impl Sound {
    /// Whether it is a kit: keys are pieces, and nothing is bent.
    pub const fn is_kit(&self) -> bool {
        self.bank == KIT
    }
}

const KIT: u8 = 128;

const fn sound(name: &'static str, family: &'static str, bank: u8, program: u8, moves: Moves) -> Sound {
    Sound { name, family, bank, program, moves, strum_ms: 0.0 }
}

const fn strummed(name: &'static str, family: &'static str, program: u8, strum_ms: f32) -> Sound {
    Sound { name, family, bank: 0, program, moves: Quick, strum_ms }
}

/// Every sound, by family. Programs are those of General MIDI 1, kits those of General MIDI 2.
pub const SOUNDS: &[Sound] = &[
    sound("kit-standard", "kits", KIT, 0, Quick),
    sound("kit-electronic", "kits", KIT, 24, Quick),
    sound("kit-808", "kits", KIT, 25, Quick),
    sound("kit-jazz", "kits", KIT, 32, Quick),
    sound("kit-brush", "kits", KIT, 40, Quick),
    sound("acoustic-bass", "bass-acoustic", 0, 32, Bass),
    sound("finger-bass", "bass-finger", 0, 33, Bass),
    sound("fretless-bass", "bass-fretless", 0, 35, Bass),
    sound("synth-bass", "bass-synth", 0, 38, Bass),
    sound("warm-synth-bass", "bass-synth", 0, 39, Bass),
    sound("piano", "piano", 0, 0, Quick),
    sound("epiano", "epiano", 0, 4, Quick),
    sound("clav", "clav", 0, 7, Quick),
    sound("vibes", "vibes", 0, 11, Quick),
    sound("marimba", "marimba", 0, 12, Quick),
    sound("organ", "organ", 0, 16, Glide),
    sound("rock-organ", "organ", 0, 18, Glide),
    sound("accordion", "accordion", 0, 21, Glide),
    strummed("nylon", "guitar-nylon", 24, 12.0),
    strummed("steel", "guitar-steel", 25, 14.0),
    strummed("jazz-guitar", "guitar-clean", 26, 8.0),
    strummed("clean-guitar", "guitar-clean", 27, 10.0),
    strummed("muted-guitar", "guitar-muted", 28, 5.0),
    strummed("overdrive", "guitar-drive", 29, 10.0),
    sound("strings", "strings", 0, 48, Glide),
    sound("slow-strings", "strings", 0, 49, Glide),
    sound("choir", "choir", 0, 52, Glide),
    sound("brass", "brass", 0, 61, Glide),
    sound("fantasia", "pads", 0, 88, Glide),
    sound("warm-pad", "pads", 0, 89, Glide),
    sound("trumpet", "trumpet", 0, 56, Glide),
    sound("alto-sax", "sax", 0, 65, Glide),
    sound("flute", "flute", 0, 73, Glide),
    sound("square-lead", "leads", 0, 80, Glide),
    sound("saw-lead", "leads", 0, 81, Glide),
];

/// The sound with this name.
pub fn named(name: &str) -> Option<&'static Sound> {
    SOUNDS.iter().find(|sound| sound.name == name)
}

/// The name most like a mistaken one, if any is near.
pub fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |sound: &Sound| strsim::jaro_winkler(name, sound.name);
    let best = SOUNDS.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) > 0.7).then_some(best.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_names_two_sounds() {
        for (at, sound) in SOUNDS.iter().enumerate() {
            assert!(SOUNDS[..at].iter().all(|other| other.name != sound.name), "{}", sound.name);
        }
    }

    #[test]
    fn a_slip_of_the_pen_finds_the_sound_that_was_meant() {
        for (slip, meant) in
            [("pinao", "piano"), ("kit_brush", "kit-brush"), ("acoustic bass", "acoustic-bass")]
        {
            assert_eq!(nearest(slip), Some(meant));
        }
        assert_eq!(nearest("zzzz"), None);
    }
}
