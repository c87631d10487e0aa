//! The walking bass: roots where chords change, a line with a direction between them, and a lead into what comes.
//!
//! A line is planned over the chord of the moment, and written as roles: if another chord is held by then, the
//! rhythm and the way into the next note stay, and the pitches are the new chord's.

use engine::{Approach, Chord, Part, Quality, Role};

use super::dice::Dice;
use super::draft::{Draft, Sketch};
use super::scene::Scene;
use super::talk;
use crate::rig::BassStyle;

/// Semitones of a scale's steps above the root, for planning only: the audio thread has the real scale.
const MAJOR: [i16; 7] = [0, 2, 4, 5, 7, 9, 10];
const MINOR: [i16; 7] = [0, 2, 3, 5, 7, 9, 10];
const DIMINISHED: [i16; 7] = [0, 2, 3, 5, 6, 8, 10];

/// The highest octave 0 of a bass line above its low key, as in `engine/src/audio/bind/line.rs`.
const HIGHEST_HOME: i16 = 17;

/// A planned note: its role, and where it lies above the part's low key.
#[derive(Clone, Copy, Debug)]
struct Planned {
    role: Role,
    height: i16,
    /// Octave 0 of the line, which the next note stays near.
    home: i16,
}

/// The walking note of a beat.
pub fn role(scene: &Scene<'_>, octave: i8) -> Role {
    if octave != 0 {
        return Role::Root { octave };
    }
    let line = Line::of(scene);
    line.walk(scene.place.beat).role
}

/// One bar of a line.
struct Line<'s, 'a> {
    scene: &'s Scene<'a>,
    dice: Dice,
    chord: Chord,
    low: i16,
    room: i16,
    rising: bool,
    /// The chord slot of the player's last note.
    sung: Option<u8>,
}

impl<'s, 'a> Line<'s, 'a> {
    fn of(scene: &'s Scene<'a>) -> Line<'s, 'a> {
        let dice = scene.dice.of("walk").at(scene.bar);
        let chord = scene.chord().unwrap_or(Chord::new(0, Quality::Dom7));
        let (low, high) = scene.rig.part(Part::Bass).range;
        let room = i16::from(high.saturating_sub(low).max(12));
        let sung = talk::sung(scene).filter(|_| scene.room() > 0.4);
        let line = Line { scene, dice, chord, low: i16::from(low), room, rising: true, sung };
        // Near the ends of its range a line turns.
        let rising = match line.root(0).height {
            start if start <= 3 => true,
            start if start >= 9 => dice.of("turn").chance(0.25),
            _ => dice.of("turn").chance(0.5),
        };
        Line { rising, ..line }
    }

    /// Where octave 0 of a pitch class lies when the line has been at `home`.
    fn home_of(&self, class: i16, home: i16) -> i16 {
        let lowest = (class - self.low).rem_euclid(12);
        let next = lowest + 12;
        let free = next <= HIGHEST_HOME.min(self.room);
        if free && (home - next).abs() < (home - lowest).abs() { next } else { lowest }
    }

    /// The note of a beat: the line runs from the bar line to it.
    fn walk(&self, place: i32) -> Planned {
        (1..=place).fold(self.root(0), |note, beat| self.after(note, beat))
    }

    fn root(&self, home: i16) -> Planned {
        let home = self.home_of(i16::from(self.chord.bass), home);
        Planned { role: Role::Root { octave: 0 }, height: home, home }
    }

    /// Whether a chord may well begin on a beat of the bar.
    fn is_arrival(&self, place: i32) -> bool {
        let per_bar = self.scene.grid.meter.beats_per_bar();
        let place = place % per_bar;
        place == 0
            || self.scene.listener.harmony.changes_on(place, self.scene.listener.now, &self.scene.grid) > 0.26
    }

    fn after(&self, before: Planned, beat: i32) -> Planned {
        let dice = self.dice.at(beat);
        if self.is_arrival(beat) {
            return self.root(before.home);
        }
        if self.is_arrival(beat + 1) {
            return self.lead_in(before, dice);
        }
        let per_bar = self.scene.grid.meter.beats_per_bar();
        let strong = beat * 2 == per_bar;
        self.candidates(before.home)
            .map(|note| (self.cost(note, before, strong, dice), note))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map_or(before, |best| best.1)
    }

    /// The last note before a chord: mostly an approach, which the audio thread aims when it knows the chord.
    fn lead_in(&self, before: Planned, dice: Dice) -> Planned {
        let way = match dice.unit() {
            roll if roll < 0.36 => Approach::HalfBelow,
            roll if roll < 0.68 => Approach::HalfAbove,
            roll if roll < 0.80 => Approach::Fifth,
            roll if roll < 0.90 => Approach::WholeBelow,
            _ => Approach::WholeAbove,
        };
        Planned { role: Role::Approach(way), ..before }
    }

    /// Chord tones and steps that lie in the range.
    fn candidates(&self, home: i16) -> impl Iterator<Item = Planned> {
        let root = i16::from(self.chord.root);
        let scale = match self.chord.quality.intervals() {
            tones if tones.contains(&6) && tones.contains(&3) => DIMINISHED,
            tones if tones.contains(&3) => MINOR,
            _ => MAJOR,
        };
        (0..7i8).flat_map(move |step| {
            let above = scale[step as usize];
            (0..2i8).filter_map(move |octave| {
                let (role, home, above) = match step {
                    0 => (Role::Root { octave }, self.home_of(root, home), 0),
                    2 | 4 | 6 => {
                        let role = Role::Chord { slot: step as u8 + 1, octave };
                        (role, self.home_of(root + above, home), 0)
                    }
                    _ => (Role::Scale { steps: step, octave }, self.home_of(root, home), above),
                };
                let height = home + above + 12 * i16::from(octave);
                (height <= self.room).then_some(Planned { role, height, home })
            })
        })
    }

    /// Whether the player has just sung this tone of the chord.
    fn doubles(&self, note: Planned) -> bool {
        match note.role {
            Role::Root { .. } => self.sung == Some(1),
            Role::Chord { slot, .. } => self.sung == Some(slot),
            _ => false,
        }
    }

    /// How ill a note follows another: steps and thirds in the line's direction cost least.
    fn cost(&self, note: Planned, before: Planned, strong: bool, dice: Dice) -> f32 {
        let ahead = if self.rising { 1.0 } else { -1.0 };
        let step = f32::from(note.height - before.height) * ahead;
        let stepwise = (step - 3.0).abs() * if step < 0.0 { 1.4 } else { 1.0 };
        let is_chord_tone = !matches!(note.role, Role::Scale { .. });
        let colour = if is_chord_tone {
            0.0
        } else if strong {
            4.0
        } else {
            0.6
        };
        let root_again = if matches!(note.role, Role::Root { octave: 0 }) { 3.0 } else { 0.0 };
        let repeated = if note.height == before.height { 6.0 } else { 0.0 };
        let doubled = if self.doubles(note) { 4.0 } else { 0.0 };
        stepwise + colour + root_again + repeated + doubled + 3.0 * dice.at(i64::from(note.height)).unit()
    }
}

/// Now and then a walking bass skips: a soft eighth between two quarters, at bars 4 and 8 for certain.
pub fn skip(scene: &Scene<'_>, draft: &mut Draft) {
    if scene.rig.bass_style != BassStyle::Walking || scene.dynamics.silent || scene.surprise() == 0.0 {
        return;
    }
    let dice = scene.dice.of("skip").at(scene.bar);
    let wanted = if scene.is_turn() { 0.9 } else { 0.12 * scene.variety() };
    let here = dice.of("where").pick(scene.grid.meter.beats_per_bar() as usize) as i32 == scene.place.beat;
    let position = if scene.grid.meter.is_compound() { 8 } else { 6 };
    let room = draft.has(Part::Bass, 0) && !draft.of(Part::Bass).any(|note| note.position > 0);
    if !here || !room || !dice.chance(wanted) {
        return;
    }
    draft.make_room(Part::Bass, position, scene.ticks_per_position());
    draft.push(Sketch {
        velocity: 64.0,
        length: scene.ticks_per_position() * 3,
        ..Draft::bass(Role::Same, position)
    });
}
