//! Between the stream's words and the sketches that the band writes: the one place where notes become tokens and back.

use engine::{Anchor, Part, Role, Tick};

use crate::groove::draft::{Draft, Sketch};
use crate::tokens::{Hit, Length, Ornament, Tone, Touch, sayable, velocity_bin, velocity_of};

/// The pitched parts of the band, in the order of a line.
pub const PITCHED: [Part; 3] = [Part::Bass, Part::Comp, Part::Pads];

/// Grid positions in a beat, as ticks count them.
const POSITIONS: Tick = engine::POSITIONS as Tick;

/// How long things last at the tempo and meter of a beat.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Ticks in a grid position.
    pub position: Tick,
    /// Ticks in a millisecond.
    pub ms: f32,
    /// Ticks that a note may last: two bars.
    pub longest: Tick,
}

impl Pace {
    fn beat(&self) -> Tick {
        self.position * POSITIONS
    }

    /// The milliseconds of a grid position.
    fn position_ms(&self) -> f32 {
        self.position as f32 / self.ms
    }
}

/// The strokes of a draft, by position and key; grace notes become ornaments.
pub fn hits(draft: &Draft) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    for sketch in draft.of(Part::Drums) {
        let Role::Drum(key) = sketch.role else { continue };
        let same = |hit: &&mut Hit| hit.key == key && hit.position == sketch.position;
        let ornament = ornament(draft, sketch);
        match hits.iter_mut().find(same) {
            Some(hit) if sketch.offset_ms == 0.0 => hit.velocity = velocity_bin(sketch.velocity),
            Some(_) => {}
            None => hits.push(Hit {
                position: sketch.position,
                key,
                velocity: velocity_bin(sketch.velocity),
                ornament,
            }),
        }
    }
    hits.sort_by_key(|hit| (hit.position, hit.key));
    hits
}

/// What the strokes of the same drum off the grid make of a stroke.
fn ornament(draft: &Draft, stroke: &Sketch) -> Option<Ornament> {
    let same = |other: &&Sketch| other.role == stroke.role && other.position == stroke.position;
    let graces = draft.of(Part::Drums).filter(same).filter(|other| other.offset_ms < 0.0).count();
    let buzzes = draft.of(Part::Drums).filter(same).any(|other| other.offset_ms > 0.0);
    match graces {
        0 if buzzes => Some(Ornament::Roll),
        0 => None,
        1 => Some(Ornament::Flam),
        _ => Some(Ornament::Drag),
    }
}

/// Writes strokes with their grace notes into a draft.
pub fn push_hits(draft: &mut Draft, hits: &[Hit], pace: &Pace) {
    for hit in hits {
        let velocity = velocity_of(hit.velocity);
        let stroke =
            Sketch { position: hit.position, velocity, ghost: hit.velocity == 0, ..Draft::stroke(hit.key) };
        let graces: &[f32] = match hit.ornament {
            Some(Ornament::Flam) => &[-26.0],
            Some(Ornament::Drag) => &[-56.0, -28.0],
            Some(Ornament::Roll) => &[0.5],
            None => &[],
        };
        for grace in graces {
            let offset_ms = if *grace > 0.0 { grace * pace.position_ms() } else { *grace };
            draft.push(Sketch { velocity: 0.6 * velocity, offset_ms, length: 60, ..stroke });
        }
        draft.push(stroke);
    }
}

/// The notes of a pitched part of a draft in the order of the stream; what cannot be said is left out.
pub fn tones(draft: &Draft, part: Part, pace: &Pace) -> Vec<Tone> {
    let mut tones: Vec<Tone> = draft
        .of(part)
        .filter_map(|sketch| {
            let touch =
                Touch { velocity: velocity_bin(sketch.velocity), length: length(draft, sketch, pace) };
            let push = sketch.anchor == Anchor::Next;
            Some(Tone { position: sketch.position, push, touch, role: sayable(part, sketch.role)? })
        })
        .collect();
    crate::tokens::sort(&mut tones);
    tones
}

/// The class of a note's length.
fn length(draft: &Draft, sketch: &Sketch, pace: &Pace) -> Length {
    let end = Tick::from(sketch.position) * pace.position + sketch.length;
    if end >= pace.beat() + 3 * pace.position / 2 {
        return Length::Tied;
    }
    let later =
        draft.of(sketch.part).map(|note| note.position).filter(|position| *position > sketch.position);
    let next = later.min().map_or(pace.beat(), |position| Tick::from(position) * pace.position);
    match sketch.length {
        _ if end + 3 * pace.position / 2 >= next => Length::Full,
        ticks if ticks >= 3 * pace.position => Length::Half,
        ticks if ticks >= 5 * pace.position / 4 => Length::Short,
        _ => Length::Dead,
    }
}

/// Writes the notes of a pitched part into a draft.
pub fn push_tones(draft: &mut Draft, part: Part, tones: &[Tone], pace: &Pace) {
    for tone in tones {
        let later = tones.iter().map(|other| other.position).filter(|position| *position > tone.position);
        let room = pace.position * Tick::from(later.min().unwrap_or(engine::POSITIONS) - tone.position);
        draft.push(Sketch {
            role: tone.role,
            anchor: if tone.push { Anchor::Next } else { Anchor::Now },
            part,
            position: tone.position,
            offset_ms: 0.0,
            velocity: velocity_of(tone.touch.velocity),
            ghost: tone.touch.velocity == 0,
            length: ticks(tone.touch.length, room, pace),
        });
    }
}

/// Ticks that a note lasts which has `room` until the next onset of its part.
fn ticks(length: Length, room: Tick, pace: &Pace) -> Tick {
    match length {
        Length::Dead => room.min(pace.position),
        Length::Short => room.min(2 * pace.position),
        Length::Half => room.min(4 * pace.position),
        Length::Full => room * 96 / 100,
        Length::Tied => pace.longest,
    }
}

/// What the pitched parts hold over the end of a beat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holds {
    /// Ticks that each part sounds on after the beat.
    beyond: [Tick; 3],
}

impl Holds {
    /// Takes in a beat; returns whether each part goes on in it with what it held.
    pub fn enter(&mut self, draft: &Draft, pace: &Pace) -> [bool; 3] {
        let ties = self.beyond.map(|ticks| ticks >= 3 * pace.position / 2);
        for (beyond, part) in self.beyond.iter_mut().zip(PITCHED) {
            let struck = draft.of(part).map(|n| Tick::from(n.position) * pace.position + n.length).max();
            // A new onset ends what was held.
            *beyond = (struck.unwrap_or(*beyond) - pace.beat()).max(0);
        }
        ties
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { position: 80, ms: 1.92, longest: 7680 };

    #[test]
    fn strokes_come_back_with_their_ornaments() {
        let ornaments = [None, Some(Ornament::Flam), Some(Ornament::Drag), Some(Ornament::Roll)];
        let hit = |(i, ornament)| Hit { position: 3 * i, key: 36 + i, velocity: i, ornament };
        let all: Vec<Hit> = (0..).zip(ornaments).map(hit).collect();
        let mut draft = Draft::default();
        push_hits(&mut draft, &all, &PACE);
        assert_eq!(hits(&draft), all);
    }

    #[test]
    fn tones_come_back_with_their_lengths() {
        let lengths = [Length::Dead, Length::Short, Length::Half, Length::Full, Length::Tied];
        for length in lengths {
            for push in [false, true] {
                let tone = |position, length| Tone {
                    position,
                    push,
                    touch: Touch { velocity: 1, length },
                    role: Role::Chord { slot: 5, octave: 0 },
                };
                let all = [tone(0, Length::Full), tone(3, length)];
                let mut draft = Draft::default();
                push_tones(&mut draft, Part::Comp, &all, &PACE);
                assert_eq!(tones(&draft, Part::Comp, &PACE), all, "{length:?}");
            }
        }
    }

    #[test]
    fn a_tie_lasts_until_its_note_ends_or_another_begins() {
        let long = Tone {
            position: 6,
            push: false,
            touch: Touch { velocity: 2, length: Length::Full },
            role: Role::Root { octave: 0 },
        };
        let mut draft = Draft::default();
        push_tones(&mut draft, Part::Bass, &[long], &PACE);
        draft.notes[0].length = 480 + 960 + 480;
        let mut holds = Holds::default();
        assert_eq!(holds.enter(&draft, &PACE), [false; 3]);
        assert_eq!(holds.enter(&Draft::default(), &PACE), [true, false, false]);
        assert_eq!(holds.enter(&Draft::default(), &PACE), [true, false, false]);
        assert_eq!(holds.enter(&Draft::default(), &PACE), [false; 3]);
    }
}
