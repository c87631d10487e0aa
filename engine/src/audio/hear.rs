//! What the performer did reaches its place: sound, chord, form, transport, knobs. Runs on the audio thread.

use crate::sound::QUANTUM;
use crate::wires::Logged;
use crate::{Beat, Cue, Event, EventKind, Frame, HeardKind, Knob, Listener, Param, SoundedKind, Source};

use super::renderer::Renderer;

/// The sustain pedal.
const SUSTAIN: u8 = 64;

impl Renderer {
    /// Plays what is due in this quantum, in the order in which it arrived, and passes it on to the model.
    pub(super) fn hear(&mut self) {
        let end = self.frame + QUANTUM as Frame;
        while let Some((event, due)) = self.pop_due(end) {
            let frame = due.max(self.frame);
            self.log(Logged::Event { frame, event });
            self.out.frame = self.frame;
            self.out.tick = self.transport.playhead();
            self.obey(event, frame);
            if self.model_hears(event.kind) {
                self.tell(self.out.tick, HeardKind::Event(event));
            }
        }
    }

    /// The earliest event of all inputs that is due before `end`.
    fn pop_due(&mut self, end: Frame) -> Option<(Event, Frame)> {
        let latency = self.setup.latency;
        let head = |queue: &rtrb::Consumer<Event>| queue.peek().ok().map(|event| event.arrival + latency);
        let (place, due) = self
            .inputs
            .iter()
            .enumerate()
            .filter_map(|(place, queue)| Some((place, head(queue)?)))
            .min_by_key(|(_, due)| *due)
            .filter(|(_, due)| *due < end)?;
        let event = self.inputs[place].pop().ok()?;
        Some((event, due))
    }

    fn model_hears(&self, kind: EventKind) -> bool {
        !matches!(kind, EventKind::Set { param, .. } if param.knob.spec().listener == Listener::Audio)
    }

    fn obey(&mut self, event: Event, frame: Frame) {
        match event.kind {
            EventKind::NoteOn { .. }
            | EventKind::NoteOff { .. }
            | EventKind::Controller { .. }
            | EventKind::PitchBend(_)
            | EventKind::AllNotesOff => self.perform(event.source, event.kind, frame),
            EventKind::Set { param, value } => self.set(param, value, frame),
            EventKind::Ramp { bpm, bars } => self.transport.glide(frame, Knob::Tempo.spec().clamp(bpm), bars),
            EventKind::Meter(meter) => self.set_meter(meter, frame),
            EventKind::Chord(chord) => self.harmony.sent(chord, frame),
            EventKind::Cue(cue) => self.cue(cue),
            EventKind::Start => self.start(frame),
            EventKind::Stop => self.stop(),
            EventKind::Continue => self.resume(frame),
            EventKind::Restart => self.restart(frame),
            EventKind::Panic => self.panic(),
        }
    }

    fn perform(&mut self, source: Source, kind: EventKind, frame: Frame) {
        match kind {
            EventKind::NoteOn { key, velocity } => self.harmony.key_down(source, key, velocity, frame),
            EventKind::NoteOff { key } => self.harmony.key_up(source, key, frame),
            EventKind::AllNotesOff => self.harmony.source_gone(source, frame),
            EventKind::Controller { number, value } => {
                if number == SUSTAIN {
                    self.harmony.sustain(value >= 64);
                }
                self.out.tell(SoundedKind::Controller { number, value });
            }
            _ => {}
        }
        if self.only_leads(source, kind) {
            self.out.played(kind);
        } else {
            self.band.perform(&mut self.patch, &mut self.out, source, kind);
        }
    }

    /// Whether a key leads the band and does not sound itself: one that is struck in the chord zone, and its release
    /// wherever the split has moved to. Where the melody decides the chord, there is no chord zone.
    fn only_leads(&self, source: Source, kind: EventKind) -> bool {
        const FULL_KEYBOARD: f32 = 3.0;
        const MELODY: f32 = 2.0;
        match kind {
            EventKind::NoteOn { key, .. } => {
                let full = self.settings.get(Knob::Fingering) >= FULL_KEYBOARD
                    || self.settings.get(Knob::ChordSource) == MELODY;
                f32::from(key) < self.settings.get(Knob::Split) && !full
            }
            EventKind::NoteOff { key } => !self.band.performs(source, key),
            _ => false,
        }
    }

    /// Turns a knob.
    pub(super) fn set(&mut self, param: Param, value: f32, frame: Frame) {
        let value = self.settings.set(param, value);
        if param.knob == Knob::Tempo {
            self.transport.set_tempo(frame, value);
            self.out.tell(SoundedKind::Tempo(value));
        }
        if param.knob.spec().listener != Listener::Model {
            self.harmony.apply(&self.settings);
            self.mixer.apply(&self.settings);
        }
    }

    fn set_meter(&mut self, meter: crate::Meter, frame: Frame) {
        self.transport.set_meter(frame, meter);
        if !self.transport.is_running() {
            self.rest(Beat(0));
        }
    }

    /// Takes a change of the form in, and opens a revision for what it changes.
    pub(super) fn cue(&mut self, cue: Cue) {
        let auto_fill = self.settings.is_on(Knob::AutoFill);
        let (beat, lengths) = (self.transport.beat(), self.lengths());
        if let Some(from) = self.form.cue(cue, beat, self.transport.grid(), lengths, auto_fill) {
            self.revise(from);
        }
    }

    /// Cuts every note, tail and plan; the band resumes on the bar. Twice within a second also stops.
    fn panic(&mut self) {
        let again = self.panicked_at.is_some_and(|at| self.frame - at < Frame::from(self.setup.rate));
        self.panicked_at = Some(self.frame);
        self.band.cut(&mut self.patch, &mut self.out);
        self.mixer.cut();
        self.agenda.clear();
        self.harmony.reset();
        self.out.tell(SoundedKind::AllOff);
        if again {
            self.stop();
        } else if self.transport.is_running() {
            let resume = self.transport.grid().next_bar(self.transport.beat().plus(1));
            self.muted_until = Some(resume);
            self.revise(resume);
        }
    }
}
