//! How much of what humans play stands in the rigs already: the model shall not learn the rigs by heart through them.

use std::collections::{HashMap, HashSet};

use crate::tokens::{Hit, Line, SEATS, Seat};

/// Bars of humans and of the teacher by their skeletons: where kick and snare fall, and the bass.
#[derive(Clone, Debug, Default)]
pub struct Copies {
    kit: Found,
    band: Found,
}

/// Skeletons that the teacher played, and how often humans played each.
#[derive(Clone, Debug, Default)]
struct Found {
    teacher: HashSet<u64>,
    human: HashMap<u64, u64>,
}

impl Found {
    fn add(&mut self, is_human: bool, skeleton: u64) {
        if is_human {
            *self.human.entry(skeleton).or_default() += 1;
        } else {
            self.teacher.insert(skeleton);
        }
    }

    /// Bars of humans, and how many of them the teacher plays too.
    fn counted(&self) -> (u64, u64) {
        let all = self.human.values().sum();
        let found = self.human.iter().filter(|(skeleton, _)| self.teacher.contains(skeleton));
        (all, found.map(|(_, bars)| bars).sum())
    }
}

impl Copies {
    /// Counts the bars of an item.
    pub fn count(&mut self, lines: &[Line]) {
        let mut seats = [Seat::Tacet; SEATS];
        for bar in lines.chunk_by(|_, next| next.place != 0) {
            seats = bar.iter().rev().find_map(|line| line.head.as_ref()).map_or(seats, |head| head.seats);
            let humans = seats.map(|seat| match seat {
                Seat::Human(_) => Some(true),
                Seat::Teacher(_) => Some(false),
                _ => None,
            });
            let Some(is_human) = humans[0] else { continue };
            self.kit.add(is_human, skeleton(bar, false));
            if humans[1] == humans[0] {
                self.band.add(is_human, skeleton(bar, true));
            }
        }
    }

    /// Bars of human drums, and of them those whose kick and snare a rig plays too; then the same with the bass, where
    /// it is human too.
    pub fn counted(&self) -> [(u64, u64); 2] {
        [self.kit.counted(), self.band.counted()]
    }
}

/// A hash of where kick and snare fall in a bar, ghost notes left out, and of where the bass falls.
fn skeleton(bar: &[Line], with_bass: bool) -> u64 {
    let is_struck = |hit: &&Hit| (35..=40).contains(&hit.key) && hit.velocity > 0;
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for line in bar {
        let strokes =
            line.drums.iter().filter(is_struck).map(|hit| (hit.position, 1 + u8::from(hit.key > 36)));
        let bass = line.tones[0].iter().filter(|_| with_bass).map(|tone| (tone.position, 3));
        for (position, voice) in strokes.chain(bass) {
            for n in [line.place, position, voice] {
                hash = (hash ^ u64::from(n)).wrapping_mul(0x0100_0000_01b3_u64);
            }
        }
    }
    hash
}
