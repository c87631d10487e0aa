//! The chord of the moment: what the hands and the melody say it is, and what moves with it. Runs on the audio thread.

use crate::sound::QUANTUM;
use crate::{Beat, Frame, Guesses, HeardKind, SoundedKind};

use super::renderer::Renderer;
use super::view::View;

/// How likely a chord is that came in the last passes of the form.
const FORM: f32 = 0.8;

impl Renderer {
    /// Binds what was heard, moves what sounds, and tells who must know.
    pub(super) fn harmonise(&mut self) {
        self.out.frame = self.frame;
        self.out.tick = self.transport.playhead();
        self.follow_melody();
        let changes = self.harmony.advance(self.frame, self.transport.playhead());
        if changes.bound {
            self.latest_bind = changes.last_key.map(|key| (self.frame, key));
            self.push_chord();
            if self.sync_armed && self.harmony.view().chord.is_some() {
                self.start(self.frame);
            }
        }
        if changes.settled {
            self.follow(changes.last_key);
        }
        if let Some((chord, since)) = changes.told {
            self.tell(since, HeardKind::Chord { chord, since });
            self.out.tell(SoundedKind::Chord { chord, since });
            self.measure_bind();
        }
        if let Some(key) = changes.key {
            self.tell(self.out.tick, HeardKind::Key(key));
        }
    }

    /// Lets the melody decide the chord of a beat that begins in this quantum, before anything sounds in it.
    fn follow_melody(&mut self) {
        let ticks = self.transport.coming(self.frame + QUANTUM as Frame);
        let plan = |beat: Beat| {
            let chunk = self.timeline.at(beat).filter(|chunk| !chunk.guesses.is_empty());
            let form = || {
                let before = self.timeline.at(beat.plus(-1))?;
                Some((Guesses::one(before.next?, FORM), before.heard))
            };
            chunk.map(|chunk| (chunk.guesses, chunk.heard)).or_else(form)
        };
        self.harmony.follow_melody(ticks, self.transport.grid(), plan);
    }

    /// Moves held notes to the settled chord.
    fn follow(&mut self, last_key: Option<Frame>) {
        let view = View { chord: self.harmony.settled(), ..self.view() };
        if view.chord.is_some()
            && self.band.follow(&mut self.patch, &mut self.out, &view)
            && let Some(key) = last_key
        {
            self.stats.held_move_ms.record(self.ms_since(self.frame, key));
        }
    }

    /// The harmony of the moment, for the binder.
    pub(super) fn view(&self) -> View {
        View { bass_sounds: self.band.bass_sounds(), ..self.harmony.view() }
    }
}
