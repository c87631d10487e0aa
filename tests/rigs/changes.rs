//! Chord progressions for a player's left hand, in the language of a rig: triads, sevenths, ninths, slash chords.

use engine::{Chord, Meter, Quality, Tick};
use fastrand::Rng;

/// A chord from its tick on.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// Where it is meant.
    pub tick: Tick,
    /// What is meant.
    pub chord: Chord,
}

/// Semitones of the degrees of a major key above its tonic.
const DEGREES: [u8; 6] = [0, 2, 4, 5, 7, 9];

/// Degrees that follow each degree, in tonal music of any of the styles; twice is twice as likely.
const FOLLOW: [&[usize]; 6] =
    [&[1, 3, 3, 4, 5, 2], &[4, 4, 3], &[5, 5, 3], &[4, 0, 1, 4], &[0, 0, 5], &[1, 3, 4]];

/// Qualities of the degrees, by how rich the rig's chords are.
fn qualities(colour: f32) -> [&'static [Quality]; 6] {
    use Quality::{Dom7, Dom9, Maj, Maj7, Maj9, Min, Min7, Min9};
    match colour {
        c if c < 0.5 => [&[Maj], &[Min], &[Min], &[Maj], &[Maj, Dom7], &[Min]],
        c if c < 1.5 => [&[Maj, Maj7], &[Min7], &[Min7], &[Maj7, Maj], &[Dom7], &[Min7, Min]],
        _ => [&[Maj7, Maj9], &[Min7, Min9], &[Min7, Dom7], &[Maj7], &[Dom7, Dom9], &[Min7, Dom7]],
    }
}

/// A progression over `bars` bars: a chord a bar, in a third of them another one half way.
///
/// One chord in eight stands on its third or its fifth, one in twenty over its fourth degree above: F/G.
pub fn changes(rng: &mut Rng, meter: Meter, colour: f32, bars: Tick) -> Vec<Change> {
    let tonic = rng.u8(0..12);
    let mut degree = 0;
    let mut changes: Vec<Change> = Vec::new();
    let beats = Tick::from(meter.beats_per_bar());
    // Three beats have no half: there the chord comes early on the last one.
    let half = (beats + 1) / 2 * meter.ticks_per_beat();
    for bar in 0..bars {
        let ticks = if rng.u8(0..3) == 0 { &[0, half][..] } else { &[0] };
        for tick in ticks {
            let plain = draw(rng, tonic, degree, colour);
            let chord = slashed(rng, plain);
            changes.push(Change { tick: bar * meter.ticks_per_bar() + tick, chord });
            degree = *pick(rng, FOLLOW[degree]);
        }
    }
    changes
}

fn draw(rng: &mut Rng, tonic: u8, degree: usize, colour: f32) -> Chord {
    Chord::new((tonic + DEGREES[degree]) % 12, *pick(rng, qualities(colour)[degree]))
}

fn slashed(rng: &mut Rng, chord: Chord) -> Chord {
    let is_plain = chord.quality.intervals().len() <= 4;
    match rng.u8(0..40) {
        roll if roll < 5 && is_plain => {
            chord.over((chord.root + chord.quality.intervals()[1 + usize::from(roll % 2)]) % 12)
        }
        roll if roll < 7 && chord.quality == Quality::Maj => chord.over((chord.root + 2) % 12),
        _ => chord,
    }
}

/// One of several.
pub fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> &'a T {
    &from[rng.usize(0..from.len())]
}
