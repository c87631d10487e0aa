//! One rig takes over from another at a bar line. Runs on the audio thread.

use crate::sound::QUANTUM;
use crate::wires::Logged;
use crate::{Beat, HeardKind, Knob, Param, Part, RigName, SoundedKind};

use super::mixer::Stereo;
use super::renderer::Renderer;

/// Quanta over which the rig before fades out.
const HAND_OVER: u32 = 200;

impl Renderer {
    /// Takes the next rig up at `beat` if one is waiting and its predecessor can be sent back. Until the model has
    /// written for it, its loop plays.
    pub(super) fn swap_patch(&mut self, beat: Beat) {
        if self.outgoing.is_some() || self.retired.is_full() {
            return;
        }
        let Ok(patch) = self.patches.pop() else { return };
        self.band.hand_over(&mut self.patch, &mut self.out);
        let before = std::mem::replace(&mut self.patch, patch);
        self.outgoing = Some((before, HAND_OVER));
        self.take_up_patch();
        self.log(Logged::Patch { frame: self.frame, rig: RigName::new(&self.patch.name) });
        if !self.transport.is_running() {
            return self.rest(Beat(0));
        }
        self.agenda.clear();
        self.timeline.clear(beat);
        self.revise(beat);
        self.decide(beat);
    }

    /// Sets knobs, sounds, tempo and meter by the rig.
    pub(super) fn take_up_patch(&mut self) {
        self.band.set(&self.patch, self.setup.rate);
        for part in Part::ALL {
            let program = self.patch.voices[part.index()].program;
            self.out.tell(SoundedKind::Program { part, program });
        }
        self.mixer.set_patch_gains(std::array::from_fn(|i| self.patch.voices[i].gain));
        for i in 0..self.patch.knobs.len() {
            let (param, value) = self.patch.knobs[i];
            self.set(param, value, self.frame);
        }
        let bpm = self.patch.bpm;
        self.set(Param::of(Knob::Tempo), bpm, self.frame);
        self.transport.set_meter(self.frame, self.patch.meter);
        self.harmony.apply(&self.settings);
        self.harmony.lean_to(self.patch.melodies);
        self.mixer.apply(&self.settings);
        let (at, id) = (self.transport.playhead(), self.patch.id);
        self.tell(at, HeardKind::Rig(id));
    }

    /// Lets the rig before ring out under the new one, then sends it back to be freed.
    pub(super) fn fade_outgoing(&mut self, parts: &mut [Stereo; Part::COUNT]) {
        let Some((patch, left)) = &mut self.outgoing else { return };
        let (from, to) = (*left as f32 / HAND_OVER as f32, (*left - 1) as f32 / HAND_OVER as f32);
        for (voice, part) in patch.voices.iter_mut().zip(parts) {
            let mut old: Stereo = [[0.0; QUANTUM]; 2];
            let [l, r] = &mut old;
            voice.instrument.render(l, r);
            for (side, old) in part.iter_mut().zip(&old) {
                for i in 0..QUANTUM {
                    side[i] += old[i] * (from + (to - from) * i as f32 / QUANTUM as f32);
                }
            }
        }
        *left -= 1;
        if *left == 0
            && let Some((patch, _)) = self.outgoing.take()
        {
            // Room was checked when the rig was taken up, and nobody else sends.
            let _ = self.retired.push(patch);
        }
    }
}
