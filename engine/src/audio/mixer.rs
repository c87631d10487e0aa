//! Parts to stereo: gain, pan, mute, solo, the reverb, the limiter, and what the tape gets. Runs on the audio thread.

use std::sync::Arc;

use ringbuf::traits::{Observer, Producer as _};

use crate::sound::QUANTUM;
use crate::wires::{SamplesIn, TAPE_CHANNELS};
use crate::{Knob, Part, Settings, Stats, fader_gain};

use super::limiter::Limiter;
use super::peak::Peak;
use super::reverb::Reverb;
use super::smooth::Smooth;

/// What lifts the mix of a band to -16 LUFS or so: 5 dB. The limiter takes the peaks.
const MAKE_UP: f32 = 1.78;

/// A stereo quantum.
pub type Stereo = [[f32; QUANTUM]; 2];

/// One part's strip.
#[derive(Debug)]
struct Strip {
    left: Smooth,
    right: Smooth,
    send: Smooth,
    meter: Peak,
}

/// The mixer.
#[allow(missing_debug_implementations, reason = "ringbuf's ends have none")]
pub struct Mixer {
    strips: [Strip; Part::COUNT],
    master: Smooth,
    reverb: Reverb,
    limiter: Limiter,
    patch_gains: [f32; Part::COUNT],
    tape: Option<SamplesIn>,
    stats: Arc<Stats>,
}

impl Mixer {
    /// A mixer with every fader at its default. Allocates, so not on the audio thread.
    pub fn new(rate: u32, tape: SamplesIn, stats: Arc<Stats>) -> Mixer {
        let strip = || Strip {
            left: Smooth::new(1.0, rate),
            right: Smooth::new(1.0, rate),
            send: Smooth::new(0.0, rate),
            meter: Peak::default(),
        };
        Mixer {
            strips: std::array::from_fn(|_| strip()),
            master: Smooth::new(MAKE_UP, rate),
            reverb: Reverb::new(rate),
            limiter: Limiter::new(rate),
            patch_gains: [1.0; Part::COUNT],
            tape: (tape.capacity().get() > TAPE_CHANNELS).then_some(tape),
            stats,
        }
    }

    /// The levels that the rig asks for.
    pub fn set_patch_gains(&mut self, gains: [f32; Part::COUNT]) {
        self.patch_gains = gains;
    }

    /// Reads the knobs.
    pub fn apply(&mut self, settings: &Settings) {
        let any_solo = Part::ALL.iter().any(|part| settings.of(Knob::Solo, *part) >= 0.5);
        for (part, strip) in Part::ALL.into_iter().zip(&mut self.strips) {
            let silent =
                settings.of(Knob::Mute, part) >= 0.5 || any_solo && settings.of(Knob::Solo, part) < 0.5;
            let level = fader_gain(settings.of(Knob::Volume, part)) * self.patch_gains[part.index()];
            let gain = if silent { 0.0 } else { level };
            let pan = settings.of(Knob::Pan, part) * 2.0 - 1.0;
            // The sounds are stereo, so pan is a balance: the far side goes down, the near side stays.
            strip.left.set(gain * (1.0 - pan.max(0.0)));
            strip.right.set(gain * (1.0 + pan.min(0.0)));
            strip.send.set(settings.of(Knob::Reverb, part));
        }
        self.master.set(MAKE_UP * fader_gain(settings.get(Knob::Master)));
    }

    /// Mixes one quantum of every part into `out`, which the limiter makes one quantum late.
    pub fn mix(&mut self, parts: &mut [Stereo; Part::COUNT]) -> Stereo {
        let mut out = [[0.0; QUANTUM]; 2];
        let mut send = [0.0; QUANTUM];
        for (strip, stereo) in self.strips.iter_mut().zip(parts.iter_mut()) {
            strip.add(stereo, &mut out, &mut send);
        }
        let [left, right] = &mut out;
        self.reverb.add(&send, left, right);
        let (from, to) = self.master.step();
        for i in 0..QUANTUM {
            let gain = from + (to - from) * i as f32 / QUANTUM as f32;
            left[i] *= gain;
            right[i] *= gain;
        }
        self.limiter.step(left, right);
        self.record(&out, parts);
        out
    }

    /// Sends the mix and the stems to the tape, all or nothing: what finds a full ring is lost and counted.
    fn record(&mut self, out: &Stereo, parts: &[Stereo; Part::COUNT]) {
        let Some(tape) = &mut self.tape else { return };
        let mut frames = [0.0; QUANTUM * TAPE_CHANNELS];
        for (i, frame) in frames.chunks_exact_mut(TAPE_CHANNELS).enumerate() {
            let stereo = std::iter::once(out).chain(parts.iter());
            for (pair, sides) in frame.chunks_exact_mut(2).zip(stereo) {
                pair[0] = sides[0][i];
                pair[1] = sides[1][i];
            }
        }
        if tape.vacant_len() >= frames.len() {
            tape.push_slice(&frames);
        } else {
            self.stats.tape_dropped.add(1);
        }
    }

    /// The peak of a part since it was last asked for.
    pub fn take_meter(&mut self, part: Part) -> f32 {
        std::mem::take(&mut self.strips[part.index()].meter).level()
    }

    /// Ends the reverb's tail at once.
    pub fn cut(&mut self) {
        self.reverb.cut();
    }
}

impl Strip {
    /// Applies the strip to a part, in place, and adds it to the mix.
    fn add(&mut self, part: &mut Stereo, out: &mut Stereo, send: &mut [f32; QUANTUM]) {
        let gains = [self.left.step(), self.right.step()];
        let (_, amount) = self.send.step();
        for ((samples, out), (from, to)) in part.iter_mut().zip(out).zip(gains) {
            for (i, sample) in samples.iter_mut().enumerate() {
                *sample *= from + (to - from) * i as f32 / QUANTUM as f32;
            }
            for ((sample, out), send) in samples.iter().zip(out).zip(send.iter_mut()) {
                *out += sample;
                *send += sample * amount * 0.5;
            }
            self.meter.add(samples);
        }
    }
}
