//! Pushes: a chord that comes just before a strong beat belongs to it. Runs on the audio thread.

use crate::{Beat, Chunk, Frame, Grid, Knob, Note, Part, Role, Section, Tick};

use super::renderer::Renderer;

use super::feel::swung;

/// Remembers which beat was anticipated, so that nobody strikes twice for one chord.
#[derive(Debug, Default)]
pub struct Push {
    taken: Option<(Beat, bool)>,
}

impl Push {
    /// The strong beat (the bar line, or the middle of a bar of four) to which a chord at `tick` belongs, if it
    /// lies in the last eighth before it (with swing: the last triplet) and has not been anticipated yet.
    pub fn belongs_to(&self, tick: Tick, grid: &Grid, swing: f32) -> Option<Beat> {
        let beat = grid.beat_at(tick).plus(1);
        let per_bar = grid.meter.beats_per_bar();
        let place = grid.place(beat).1;
        let strong = place == 0 || per_bar % 2 == 0 && place == per_bar / 2;
        let off_beat = swung(6, grid.meter.ticks_per_beat(), swing, false);
        // An off-beat is played a little early as often as late.
        let slack = grid.meter.ticks_per_beat() / 16;
        let late_enough = tick >= grid.tick_of(beat.plus(-1)) + off_beat - slack;
        let fresh = self.taken.is_none_or(|(taken, _)| taken != beat);
        (strong && late_enough && fresh && tick >= 0).then_some(beat)
    }

    /// Notes that the beat was anticipated, by bass and kick too if `with_bass`.
    pub fn took(&mut self, beat: Beat, with_bass: bool) {
        self.taken = Some((beat, with_bass));
    }

    /// Takes out of a beat what sounded early.
    pub fn thin(&self, chunk: &mut Chunk) {
        let Some((beat, with_bass)) = self.taken else { return };
        if beat == chunk.beat {
            chunk.retain(|note| note.position > 0 || !takes_part(note, with_bass));
        }
    }
}

/// Whether a note goes with a push: comp and pads always, bass and kick where the style has it.
pub fn takes_part(note: &Note, with_bass: bool) -> bool {
    match note.part {
        Part::Comp | Part::Pads => true,
        Part::Bass => with_bass,
        Part::Drums => with_bass && matches!(note.role, Role::Drum(35 | 36)),
        _ => false,
    }
}

impl Renderer {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Meter;

    #[test]
    fn only_the_last_eighth_before_a_strong_beat_belongs_to_it() {
        let (push, grid) = (Push::default(), Grid::new(Meter::COMMON));
        assert_eq!(push.belongs_to(3840 - 480, &grid, 0.5), Some(Beat(4)));
        assert_eq!(push.belongs_to(3840 - 600, &grid, 0.5), None);
        assert_eq!(push.belongs_to(1920 - 300, &grid, 0.667), Some(Beat(2)));
        assert_eq!(push.belongs_to(960 - 100, &grid, 0.5), None);
        assert_eq!(push.belongs_to(3840, &grid, 0.5), None);
    }

    #[test]
    fn a_beat_is_anticipated_once() {
        let (mut push, grid) = (Push::default(), Grid::new(Meter::COMMON));
        push.took(Beat(4), false);
        assert_eq!(push.belongs_to(3840 - 100, &grid, 0.5), None);
    }
}
