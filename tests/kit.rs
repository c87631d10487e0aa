//! The kit as the audio thread plays it.

mod show;

use engine::{Anchor, Beat, Chunk, Frame, Heard, Level, Note, Part, Role, Section};
use models::{Accompanist, ModelError};
use show::{RATE, held_chord, play_with};

/// Strikes the kick so many ticks after each beat.
struct Kicks(&'static [i8]);

impl Accompanist for Kicks {
    fn hear(&mut self, _: Heard) {}

    fn rewind(&mut self, _: Beat) {}

    fn continue_into(&mut self, chunk: &mut Chunk) -> Result<(), ModelError> {
        chunk.section = Section::Main(Level::A);
        for micro in self.0 {
            chunk.push(Note {
                role: Role::Drum(36),
                anchor: Anchor::Now,
                part: Part::Drums,
                position: 0,
                micro: *micro,
                velocity: 90,
                length: 60,
            });
        }
        Ok(())
    }

    fn name(&self) -> &str {
        "kicks"
    }
}

#[test]
fn strokes_of_one_piece_that_meet_are_one_and_a_flam_is_two() {
    let strokes = |ticks: &'static [i8]| {
        let job = held_chord("rock", &[36, 43, 48, 52], 6.0);
        let show = play_with(&job, Box::new(Kicks(ticks)));
        let kicks = show.strikes(Part::Drums).into_iter().filter(|(_, key)| *key == 36);
        kicks.filter(|(frame, _)| *frame > Frame::from(RATE)).count()
    };
    // A tick is half a millisecond here.
    let single = strokes(&[0]);
    assert!(single > 6);
    assert_eq!(strokes(&[0, 8]), single);
    assert!(strokes(&[0, 56]) > 2 * single - 3);
}
