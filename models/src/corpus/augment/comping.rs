//! A left hand that holds the chords: most songs of the corpus tell only their melody.

use engine::Chord;
use fastrand::Rng;

use super::Changes;
use super::hands::{Loudness, SPLIT};
use crate::corpus::parts::Played;

/// How much softer than the melody the hand plays.
const SOFTER: f32 = 8.0;

/// How a hand plays its chords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Strikes what changes and holds it.
    Hold,
    /// Strikes at each change and each bar.
    Bars,
    /// Strikes in each beat.
    Beats,
    /// Strikes a rhythm, bar after bar.
    Rhythm(&'static [(i32, u8)]),
    /// Strikes each change short, and lifts.
    Tap,
}

/// Rhythms: beat of the bar, position.
static RHYTHMS: [&[(i32, u8)]; 5] =
    [&[(0, 0), (1, 6)], &[(0, 6), (2, 6)], &[(1, 0), (3, 0)], &[(0, 0), (1, 6), (3, 0)], &[(0, 0), (2, 0)]];

impl Way {
    fn draw(rng: &mut Rng) -> Way {
        match rng.u8(0..10) {
            0..4 => Way::Hold,
            4..6 => Way::Bars,
            6 => Way::Beats,
            7 | 8 => Way::Rhythm(RHYTHMS[rng.usize(0..RHYTHMS.len())]),
            _ => Way::Tap,
        }
    }

    /// Where it strikes in a beat; `place` is the beat of the bar.
    fn strikes(self, place: i32, changes: bool) -> Vec<u8> {
        match self {
            Way::Hold | Way::Tap if changes => vec![0],
            Way::Hold | Way::Tap => Vec::new(),
            Way::Bars if changes || place == 0 => vec![0],
            Way::Bars => Vec::new(),
            Way::Beats => vec![0],
            Way::Rhythm(rhythm) => rhythm.iter().filter(|at| at.0 == place).map(|at| at.1).collect(),
        }
    }
}

/// The chord hand of a performance: what it strikes, over what the band hears.
pub fn comping(
    changes: &Changes,
    beats: usize,
    per_bar: i32,
    loudness: &Loudness,
    rng: &mut Rng,
) -> Vec<Played> {
    let way = Way::draw(rng);
    let mut onsets: Vec<(i32, u8, Chord)> = Vec::new();
    let mut chord = None;
    let mut coming = changes.iter().peekable();
    for beat in 0..beats as i32 {
        let mut has_changed = false;
        while let Some((_, next)) = coming.next_if(|change| change.0 <= beat) {
            (chord, has_changed) = (next, true);
        }
        let Some(chord) = chord else { continue };
        onsets.extend(way.strikes(beat % per_bar, has_changed).into_iter().map(|at| (beat, at, chord)));
    }
    strike(&onsets, beats, way, loudness, rng)
}

/// The keys of the onsets, each held until shortly before the next.
fn strike(
    onsets: &[(i32, u8, Chord)],
    beats: usize,
    way: Way,
    loudness: &Loudness,
    rng: &mut Rng,
) -> Vec<Played> {
    let place = |beat: i32, position: u8| beat * 12 + i32::from(position);
    let mut notes = Vec::new();
    for (i, (beat, position, chord)) in onsets.iter().enumerate() {
        let next = onsets.get(i + 1).map_or(beats as i32 * 12, |next| place(next.0, next.1));
        let until_next = next - place(*beat, *position);
        let length = if way == Way::Tap { until_next.min(4) } else { until_next };
        let velocity = loudness.at(*beat as f32) - SOFTER + 10.0 * (rng.f32() - 0.5);
        notes.extend(keys(*chord).map(|key| Played {
            beat: *beat,
            position: *position,
            key,
            velocity: velocity.clamp(12.0, 127.0) as u8,
            length: length as u16,
        }));
    }
    notes
}

/// A close voicing in the octave below the split.
fn keys(chord: Chord) -> impl Iterator<Item = u8> {
    (SPLIT - 12..SPLIT).filter(move |key| chord.holds(*key))
}
