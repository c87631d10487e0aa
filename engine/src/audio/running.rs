//! Start, stop, and what the model is told of the plan. Runs on the audio thread.

use crate::{Beat, Frame, HeardKind, Knob, Section, SoundedKind};

use super::push::Push;
use super::renderer::Renderer;

impl Renderer {
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
        // Beats are counted anew, so one that was anticipated before the stop is another beat now.
        self.push = Push::default();
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

    /// Starts again at once, without a count-in.
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
}
