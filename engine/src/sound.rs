//! Sounds: a SoundFont, and the player of one part. The only file that names the SoundFont library.

use std::fmt;
use std::io::Read;
use std::sync::Arc;

use rustysynth_ext::{SoundFont, Synthesizer, SynthesizerSettings};

/// Frames after which a message to an [`Instrument`] takes effect at the latest: the quantum of the renderer.
pub const QUANTUM: usize = 16;

/// How far a note can be bent either way, in semitones (RPN 0).
const BEND_RANGE: f32 = 12.0;

/// The sound could not be made.
#[derive(Debug)]
pub struct SoundError(String);

impl fmt::Display for SoundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl std::error::Error for SoundError {}

/// A loaded SoundFont, SF2 or SF3.
#[derive(Clone, Debug)]
pub struct Font(Arc<SoundFont>);

impl Font {
    /// Reads a font.
    ///
    /// Thread: any but audio. Real-time: no.
    ///
    /// # Errors
    /// What is wrong with the data.
    pub fn read(mut data: impl Read) -> Result<Font, SoundError> {
        let font =
            SoundFont::new(&mut data).map_err(|e| SoundError(format!("not a usable SoundFont: {e}")))?;
        Ok(Font(Arc::new(font)))
    }

    /// Bank and program of every preset.
    pub fn presets(&self) -> impl Iterator<Item = (u8, u8, &str)> {
        self.0
            .get_presets()
            .iter()
            .map(|p| (p.get_bank_number() as u8, p.get_patch_number() as u8, p.get_name()))
    }

    /// Whether the font has this preset.
    pub fn has(&self, bank: u8, program: u8) -> bool {
        self.presets().any(|(b, p, _)| (b, p) == (bank, program))
    }
}

/// Plays one part. Each of its 15 melodic channels may be bent by itself; channel 9 is for kits.
///
/// Messages take effect at the next multiple of [`QUANTUM`] frames.
pub struct Instrument {
    synth: Synthesizer,
}

impl fmt::Debug for Instrument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instrument").finish_non_exhaustive()
    }
}

impl Instrument {
    /// Channels of an instrument.
    pub const CHANNELS: u8 = 16;
    /// The channel of kits.
    pub const KIT: u8 = 9;

    /// A player of one preset of a font.
    ///
    /// Thread: any but audio. Real-time: no.
    ///
    /// # Errors
    /// If the sample rate is out of the synth's range.
    pub fn new(font: &Font, bank: u8, program: u8, rate: u32) -> Result<Instrument, SoundError> {
        let mut settings = SynthesizerSettings::new(rate as i32);
        settings.block_size = QUANTUM;
        settings.maximum_polyphony = 96;
        settings.enable_reverb_and_chorus = false;
        let synth = Synthesizer::new(&font.0, &settings).map_err(|e| SoundError(e.to_string()))?;
        let mut instrument = Instrument { synth };
        for channel in 0..Instrument::CHANNELS {
            // A kit's bank is implied by its channel.
            instrument.controller(channel, 0, if bank >= 128 { 0 } else { bank });
            instrument.synth.process_midi_message(i32::from(channel), 0xC0, i32::from(program), 0);
            for (number, value) in [(101, 0), (100, 0), (6, BEND_RANGE as u8), (38, 0), (7, 127), (11, 127)] {
                instrument.controller(channel, number, value);
            }
        }
        Ok(instrument)
    }

    /// Strikes a note.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn note_on(&mut self, channel: u8, key: u8, velocity: u8) {
        self.synth.note_on(i32::from(channel), i32::from(key), i32::from(velocity));
    }

    /// Releases a note.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn note_off(&mut self, channel: u8, key: u8) {
        self.synth.note_off(i32::from(channel), i32::from(key));
    }

    /// Sets a controller of a channel.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn controller(&mut self, channel: u8, number: u8, value: u8) {
        self.synth.process_midi_message(i32::from(channel), 0xB0, i32::from(number), i32::from(value));
    }

    /// Sets the level of a channel, 0 to 1, as an amplitude.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn level(&mut self, channel: u8, amplitude: f32) {
        // Expression is squared by the synth (as in General MIDI), in 14 bits.
        let value = (amplitude.clamp(0.0, 1.0).sqrt() * 16_383.0) as u16;
        self.controller(channel, 11, (value >> 7) as u8);
        self.controller(channel, 43, (value & 127) as u8);
    }

    /// Bends a channel by up to 12 semitones either way.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn bend(&mut self, channel: u8, semitones: f32) {
        let value = (8192.0 + semitones / BEND_RANGE * 8192.0).round().clamp(0.0, 16_383.0) as i32;
        self.synth.process_midi_message(i32::from(channel), 0xE0, value & 127, value >> 7);
    }

    /// Silences a channel at once, tails too. Inaudible only where its level is 0.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn silence(&mut self, channel: u8) {
        self.controller(channel, 120, 0);
    }

    /// Silences everything at once, tails too.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn cut(&mut self) {
        self.synth.note_off_all(true);
    }

    /// Renders the next samples, replacing what the buffers hold.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn render(&mut self, left: &mut [f32; QUANTUM], right: &mut [f32; QUANTUM]) {
        self.synth.render(left, right);
    }
}
