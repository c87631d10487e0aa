//! What is shown and counted of the moment. Runs on the audio thread.

use crate::sound::QUANTUM;
use crate::{Frame, Knob, Now, Part, Section};

use super::renderer::Renderer;

impl Renderer {
    /// Counts silence where there should be none, and shows the moment. A groove may breathe for a beat; every block
    /// of a longer silence counts.
    pub(super) fn watch(&mut self, mean_square: f32, frames: usize) {
        const SILENT: f32 = 1e-7; // -70 dBFS
        if !self.should_sound() || mean_square >= SILENT {
            self.silence = (0, 0);
        } else {
            let (blocks, length) = (self.silence.0 + 1, self.silence.1 + frames as Frame);
            self.silence = (blocks, length);
            let beat = self.transport.frames_in(self.transport.grid().meter.ticks_per_beat());
            if length > beat {
                self.stats.silent_blocks.add(blocks);
                self.silence.0 = 0;
            }
        }
        self.show();
    }

    /// Whether the band plays a groove that nobody has turned down, and has begun to a moment ago.
    fn should_sound(&mut self) -> bool {
        let playing = self.transport.is_running()
            && self.muted_until.is_none()
            && matches!(self.form.now(), Section::Main(_) | Section::Fill(_));
        if !playing {
            self.started_at = self.frame;
        }
        let settled_in = self.frame - self.started_at > Frame::from(self.setup.rate) / 10;
        playing && settled_in && self.settings.get(Knob::Master) > 0.0 && self.any_part_open()
    }

    /// A chord has lived long enough to count: how long it took from its last key to the sound.
    pub(super) fn measure_bind(&mut self) {
        if let Some((bound, key)) = self.latest_bind.take() {
            self.stats.chord_to_sound_ms.record(self.ms_since(bound, key));
        }
    }

    /// Milliseconds from the arrival of a key that was due at `due` to the sound of a quantum at `frame`.
    pub(super) fn ms_since(&self, frame: Frame, due: Frame) -> f64 {
        let through_limiter = QUANTUM as Frame;
        let frames = (frame + through_limiter + self.setup.latency) as f64 - due as f64;
        frames.max(0.0) * 1000.0 / f64::from(self.setup.rate)
    }

    /// Shows the moment.
    pub(super) fn show(&mut self) {
        let (bar, beat) = self.transport.grid().place(self.transport.beat());
        self.stats.show(&Now {
            tick: self.transport.playhead(),
            bar,
            beat,
            running: self.transport.is_running(),
            chord: self.harmony.view().chord,
            section: self.form.now(),
            next: self.form.next().map(|(_, section)| section),
            bpm: self.transport.bpm(),
            lead: self.timeline.lead(),
        });
        for part in Part::ALL {
            self.stats.show_level(part, self.mixer.take_meter(part));
        }
    }

    /// Whether any part of the band is neither muted nor turned down.
    pub(super) fn any_part_open(&self) -> bool {
        Part::BAND.iter().any(|part| {
            self.settings.of(Knob::Mute, *part) < 0.5 && self.settings.of(Knob::Volume, *part) > 0.0
        })
    }
}
