//! Beats, bars and sections: what is decided when, and what sounds at its tick. Runs on the audio thread.

use crate::sound::QUANTUM;
use crate::wires::Logged;
use crate::{Beat, Chunk, Frame, HeardKind, Knob, Note, Now, Part, Role, Section, SoundedKind, Tick};

use super::agenda::Due;
use super::bind::Onset;
use super::mixer::Stereo;
use super::push::takes_part;
use super::renderer::Renderer;
use super::timeline::Origin;

/// Quanta over which the rig before fades out.
const HAND_OVER: u32 = 200;

impl Renderer {
    /// Plays what begins in this quantum.
    pub(super) fn play(&mut self) {
        if !self.transport.is_running() {
            return self.swap_patch(Beat(0));
        }
        let ticks = self.transport.advance(self.frame + QUANTUM as Frame);
        while self.tick_of(self.next_decision) - Note::MAX_EARLY < ticks.end {
            self.decide(self.next_decision);
        }
        while self.transport.is_running() && self.tick_of(self.next_beat) < ticks.end {
            self.enter(self.next_beat);
        }
        while let Some((tick, due)) = self.agenda.pop_before(ticks.end) {
            self.out.tick = tick;
            self.perform_due(tick, due);
        }
        self.out.tick = ticks.end - 1;
        let view = self.view();
        let given_up = self.band.serve_waiting(&mut self.patch, &mut self.out, &view);
        self.stats.notes_unbound.add(given_up);
    }

    fn tick_of(&self, beat: Beat) -> Tick {
        self.transport.grid().tick_of(beat)
    }

    fn perform_due(&mut self, tick: Tick, due: Due) {
        match due {
            Due::Cut(parts) => self.band.release(&mut self.patch, &mut self.out, parts),
            Due::Strike(note) => self.strike(note, tick),
        }
    }

    /// Strikes a note over the chord of the moment.
    pub(super) fn strike(&mut self, note: Note, tick: Tick) {
        let grid = self.transport.grid();
        let beat = grid.beat_at(tick.max(0));
        let (bar, place) = grid.place(beat);
        let target = self.agenda.target(note.part).or_else(|| self.planned_target(note.part));
        let onset = Onset {
            note: &note,
            target: target.as_ref().map(|(_, note)| note),
            same_chord: target.is_some_and(|(tick, _)| grid.place(grid.beat_at(tick)).0 == bar),
            bar_start: place == 0 && note.position == 0,
        };
        let view = self.view();
        self.band.strike(&mut self.patch, &mut self.out, &onset, &view, tick);
    }

    /// The first note of a part in the next beat, which is planned but not decided.
    fn planned_target(&self, part: Part) -> Option<(Tick, Note)> {
        let chunk = self.timeline.planned(self.next_decision)?;
        Some((self.tick_of(chunk.beat), *chunk.first_of(part)?))
    }

    /// Decides what plays at a beat, just before its earliest note may sound.
    fn decide(&mut self, beat: Beat) {
        self.next_decision = beat.plus(1);
        let section = self.form.at(beat);
        if beat < Beat(0) || section == Section::Stopped || self.muted_until.is_some_and(|until| beat < until)
        {
            return;
        }
        let grid = *self.transport.grid();
        let (chunk, origin) =
            self.timeline.decide(beat, section, &grid, &self.patch.loops, self.patch.unit_bars);
        if let Some(chunk) = chunk {
            let mut chunk = *chunk;
            self.push.thin(&mut chunk);
            let (swing, sixteenths) = (self.settings.get(Knob::Swing), self.patch.swing_sixteenths);
            self.agenda.add(&chunk, &grid, swing, sixteenths);
            if origin == Origin::Fresh && chunk.heard.0 > i32::MIN {
                self.stats.heard_lag_beats.record(f64::from(beat.0 - chunk.heard.0));
            }
        }
        self.count(origin);
    }

    fn count(&self, origin: Origin) {
        let stats = &self.stats;
        stats.played.add(1);
        match origin {
            Origin::Fresh => stats.fresh.add(1),
            Origin::Older => stats.older.add(1),
            Origin::Vamp => stats.vamped.add(1),
            Origin::Loop => stats.groove.add(1),
            Origin::Nothing => {}
        }
    }

    /// The playhead enters a beat.
    fn enter(&mut self, beat: Beat) {
        self.next_beat = beat.plus(1);
        let tick = self.tick_of(beat);
        self.out.tick = tick;
        if self.transport.grid().place(beat).1 == 0 {
            self.swap_patch(beat);
        }
        if self.transport.enter(beat) {
            let grid = *self.transport.grid();
            self.tell(tick, HeardKind::Grid(grid));
            self.out.tell(SoundedKind::Meter(grid.meter));
        }
        let (bar, place) = self.transport.grid().place(beat);
        if bar < 0 {
            let until = tick + self.transport.grid().meter.ticks_per_beat() / 2;
            return self.band.count(&mut self.patch, &mut self.out, place == 0, until);
        }
        self.stats.lead_beats.record(f64::from(self.timeline.lead()));
        self.tell(tick, HeardKind::Beat { beat, bpm: self.transport.bpm() });
        self.harmony.beat(self.transport.grid(), beat, self.transport.frames_in(self.beat_ticks()));
        self.enter_section(beat);
        if self.muted_until.is_some_and(|until| beat >= until) {
            self.muted_until = None;
        }
    }

    fn beat_ticks(&self) -> Tick {
        self.transport.grid().meter.ticks_per_beat()
    }

    fn enter_section(&mut self, beat: Beat) {
        let Some(section) = self.form.enter(beat) else { return };
        self.out.tell(SoundedKind::Section(section));
        if section == Section::Stopped {
            self.stop();
        }
    }

    /// A chord that comes within the last eighth before a strong beat belongs to that beat: who would strike there
    /// strikes now, and not again.
    pub(super) fn push_chord(&mut self) {
        let swing = self.settings.get(Knob::Swing);
        let Some(beat) = self.push.belongs_to(self.transport.playhead(), self.transport.grid(), swing) else {
            return;
        };
        if !self.transport.is_running() || self.form.at(beat) == Section::Stopped || beat < self.next_decision
        {
            return;
        }
        let Some(chunk) = self.timeline.planned(beat).copied() else { return };
        let now = self.transport.playhead();
        let early = self.tick_of(beat) - now;
        let with_bass = self.patch.bass_pushes;
        if with_bass {
            self.agenda.drop_approaches(Part::Bass);
        }
        for note in chunk.notes().iter().filter(|note| note.position == 0 && takes_part(note, with_bass)) {
            if !self.strikes_anyway(note) {
                let length = note.length.saturating_add(early as u16);
                self.strike(Note { length, micro: 0, ..*note }, now);
            }
        }
        self.push.took(beat, with_bass);
    }

    /// Whether a part strikes just now by itself: then that is its push.
    fn strikes_anyway(&self, note: &Note) -> bool {
        const SIXTEENTH: Tick = 240;
        let soon = self.transport.playhead() + SIXTEENTH;
        let lately = self.frame.saturating_sub(Frame::from(self.setup.rate) / 16);
        self.agenda.strikes_before(note, soon) || self.band.has_struck(note.part, lately)
    }

    /// Tells the model what is planned from `from` on, and that it must write it again.
    pub(super) fn revise(&mut self, from: Beat) {
        let at = self.transport.playhead();
        let section = self.form.at(from);
        self.tell(at, HeardKind::Section { section, from });
        let later: [Option<(Beat, Section)>; 3] = {
            let mut pending = self.form.pending().filter(|(beat, _)| *beat > from);
            std::array::from_fn(|_| pending.next())
        };
        for (from, section) in later.into_iter().flatten() {
            self.tell(at, HeardKind::Section { section, from });
        }
        let revision = self.timeline.revise(from);
        self.tell(at, HeardKind::Revision(revision));
        self.stats.revisions.add(1);
    }

    /// Rests, and plans the start from `beat` on.
    pub(super) fn rest(&mut self, beat: Beat) {
        self.transport.stop();
        self.agenda.clear();
        self.timeline.clear(beat);
        let (grid, lengths) = (*self.transport.grid(), self.lengths());
        self.form.rest(beat, &grid, lengths);
        self.next_decision = beat;
        self.next_beat = beat;
        self.muted_until = None;
        let at = self.transport.playhead();
        self.tell(at, HeardKind::Stopped);
        self.tell(at, HeardKind::Grid(grid));
        self.revise(beat);
    }

    /// Starts from the first bar, by the count-in that is set.
    pub(super) fn start(&mut self, frame: Frame) {
        if self.transport.is_running() {
            return;
        }
        let count_in = if self.sync_armed { 0 } else { self.settings.get(Knob::CountIn) as u8 };
        self.transport.start(frame, count_in);
        self.go();
    }

    /// Goes on from the bar where the band stopped.
    pub(super) fn resume(&mut self, frame: Frame) {
        if !self.transport.is_running() {
            self.transport.resume(frame);
            self.go();
        }
    }

    /// Makes `frame` the first beat of a bar.
    pub(super) fn restart(&mut self, frame: Frame) {
        self.transport.restart(frame);
        self.agenda.clear();
        self.go();
    }

    fn go(&mut self) {
        self.sync_armed = false;
        let beat = self.transport.beat();
        self.next_decision = beat;
        self.next_beat = beat;
        self.out.tick = self.transport.playhead();
        self.tell(self.out.tick, HeardKind::Started);
        self.out.tell(SoundedKind::Tempo(self.transport.bpm()));
        let meter = self.transport.grid().meter;
        self.out.tell(SoundedKind::Meter(meter));
    }

    /// Stops the band at once; the performer plays on.
    pub(super) fn stop(&mut self) {
        self.band.rest(&mut self.patch, &mut self.out);
        self.out.tell(SoundedKind::AllOff);
        self.transport.stop();
        self.transport.rewind();
        self.rest(Beat(0));
    }

    /// Takes the next rig up at `beat` if one is waiting and its predecessor can be sent back. Until the model has
    /// written for it, its loop plays.
    fn swap_patch(&mut self, beat: Beat) {
        if self.outgoing.is_some() || self.retired.is_full() {
            return;
        }
        let Ok(patch) = self.patches.pop() else { return };
        self.band.hand_over(&mut self.patch, &mut self.out);
        let before = std::mem::replace(&mut self.patch, patch);
        self.outgoing = Some((before, HAND_OVER));
        self.take_up_patch();
        self.log(Logged::Patch { frame: self.frame });
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
        self.mixer.set_patch_gains(std::array::from_fn(|i| self.patch.voices[i].gain));
        for i in 0..self.patch.knobs.len() {
            let (param, value) = self.patch.knobs[i];
            self.set(param, value, self.frame);
        }
        let bpm = self.patch.bpm;
        self.set(crate::Param::of(Knob::Tempo), bpm, self.frame);
        self.transport.set_meter(self.frame, self.patch.meter);
        self.harmony.apply(&self.settings);
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
}

impl Chunk {
    /// The first note of a part that does not itself lead to another.
    pub(super) fn first_of(&self, part: Part) -> Option<&Note> {
        let leads = |note: &Note| matches!(note.role, Role::Approach(_));
        let notes = self.notes().iter().filter(|note| note.part == part && !leads(note));
        notes.min_by_key(|note| (note.position, note.micro))
    }
}
