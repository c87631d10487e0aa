//! A rig and its sounds to what the audio thread plays.

use std::sync::Arc;

use engine::{Knob, Moves, Param, Part, Patch, Voice};
use models::{BassStyle, PartSource, PartSpec, Rig};

use crate::sounds::{Sounds, SoundsError};

/// Builds what the audio thread needs of a rig. `id` is its number in this show.
///
/// Thread: any but audio. Real-time: no.
///
/// # Errors
/// If a sound is unknown or cannot be loaded.
pub fn build(rig: &Arc<Rig>, sounds: &Sounds, rate: u32, id: u16) -> Result<Box<Patch>, SoundsError> {
    let names: Vec<&str> = Part::ALL.iter().map(|part| rig.part(*part).sound.as_str()).collect();
    sounds.prepare(&names)?;
    let mut voices = Vec::with_capacity(Part::COUNT);
    for part in Part::ALL {
        voices.push(voice(part, rig.part(part), sounds, rate)?);
    }
    let voices: [Voice; Part::COUNT] = match voices.try_into() {
        Ok(voices) => voices,
        Err(_) => unreachable!("one voice was made for each part"),
    };
    Ok(Box::new(Patch {
        name: rig.name.clone(),
        id,
        bpm: rig.bpm,
        meter: rig.meter,
        knobs: knobs(rig),
        voices,
        swing_sixteenths: rig.swing_sixteenths,
        unit_bars: rig.unit_bars,
        intro_bars: rig.intro.bars,
        break_bars: rig.break_.bars,
        ending_bars: rig.ending.bars,
        bass_pushes: rig.bass_pushes,
        bass_roots: rig.bass_style != BassStyle::Free,
        melodies: models::melodies(models::style_of(rig)),
        loops: models::loops(rig),
    }))
}

fn voice(part: Part, spec: &PartSpec, sounds: &Sounds, rate: u32) -> Result<Voice, SoundsError> {
    let usual = match part {
        Part::Bass => Moves::Bass,
        Part::Pads => Moves::Glide,
        _ => Sounds::sound(&spec.sound)?.moves,
    };
    Ok(Voice {
        instrument: sounds.instrument(&spec.sound, rate)?,
        program: Sounds::sound(&spec.sound)?.program,
        moves: spec.moves.unwrap_or(usual),
        strum_ms: spec.strum_ms,
        range: spec.range,
        gain: 10.0_f32.powf(spec.gain_db / 20.0),
    })
}

/// Every knob of the mix and of swing stands where the rig says; its own knobs come after.
fn knobs(rig: &Rig) -> Vec<(Param, f32)> {
    let mut knobs = vec![(Param::of(Knob::Swing), rig.swing)];
    for part in Part::ALL {
        let spec = rig.part(part);
        let off = spec.source == PartSource::Off;
        knobs.push((Param::on(Knob::Pan, part), spec.pan));
        knobs.push((Param::on(Knob::Reverb, part), spec.reverb));
        knobs.push((Param::on(Knob::Mute, part), f32::from(u8::from(off))));
    }
    knobs.extend(rig.knobs.iter().copied());
    knobs
}
