//! Beats, bars and sections: what is decided when, and what sounds at its tick. Runs on the audio thread.

use crate::sound::QUANTUM;
use crate::{Beat, Chunk, Frame, HeardKind, Knob, Note, Part, Role, Section, SoundedKind, Tick};

use super::agenda::Due;
use super::bind::Onset;
use super::renderer::Renderer;
use super::timeline::Origin;

impl Renderer {
    /// Plays what begins in this quantum.
    pub(super) fn play(&mut self) {
        if !self.transport.is_running() {
            return self.swap_patch(Beat(0));
        }
        let bpm = self.transport.bpm();
        let ticks = self.transport.advance(self.frame + QUANTUM as Frame);
        if self.transport.bpm() != bpm {
            self.out.tell(SoundedKind::Tempo(self.transport.bpm()));
        }
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

    pub(super) fn tick_of(&self, beat: Beat) -> Tick {
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
    pub(super) fn decide(&mut self, beat: Beat) {
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
}

impl Chunk {
    /// The first note of a part that does not itself lead to another.
    pub(super) fn first_of(&self, part: Part) -> Option<&Note> {
        let leads = |note: &Note| matches!(note.role, Role::Approach(_));
        let notes = self.notes().iter().filter(|note| note.part == part && !leads(note));
        notes.min_by_key(|note| (note.position, note.micro))
    }
}
