//! Does the band play the chord? Bass on the root, comp and pads in chord and scale, voices that move little.

use std::collections::BTreeSet;

use engine::{Chord, Part, Tick};

use super::clash::strong_every;
use super::{Band, Share, Sounding};

/// How late a note may be for a chord change and still belong to it: an eighth of a beat.
const GRACE_PER_BEAT: Tick = 8;

/// A sixteenth note, in ticks.
pub const SIXTEENTH: Tick = 240;

/// At how many chord changes the first bass note of the chord is its bass.
///
/// That note is the one that sounds at the change, tied in or anticipated by up to one and a half beats; else
/// the next one that begins before the following change. A chord that is pushed, by up to half a beat before a strong
/// beat, belongs to that beat, where a bass in quarters may answer it. A chord with no bass note is not counted.
pub fn bass_on_root(band: &Band) -> Share {
    let firsts = band.spans().into_iter().filter_map(|(from, to, chord)| {
        let at_once = first_bass(band, from, to)?;
        let on_the_beat =
            pushed_to(band, from).filter(|beat| *beat < to).and_then(|beat| first_bass(band, beat, to));
        Some((at_once, on_the_beat.unwrap_or(at_once), chord))
    });
    let says = |note: Sounding, chord: Chord| note.key % 12 == chord.bass || note.key % 12 == chord.root;
    Share::count(firsts, |(at_once, on_the_beat, chord)| says(at_once, chord) || says(on_the_beat, chord))
}

/// The strong beat to which a chord that comes before it belongs.
fn pushed_to(band: &Band, from: Tick) -> Option<Tick> {
    let strong = strong_every(band);
    let beat = (from + strong - 1).div_euclid(strong) * strong;
    (beat - from <= band.beat() / 2).then_some(beat)
}

/// The first bass note of a chord that is played from `from` to `to`.
fn first_bass(band: &Band, from: Tick, to: Tick) -> Option<Sounding> {
    let ready = (from + band.beat() / GRACE_PER_BEAT).min(to - 1);
    let earliest = from - band.beat() * 3 / 2;
    let tied = band.part(Part::Bass).filter(|note| note.sounds_at(ready) && note.on >= earliest).last();
    tied.or_else(|| band.part(Part::Bass).find(|note| note.on >= from && note.on < to)).copied()
}

/// A note that sounds against a chord.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The note.
    pub note: Sounding,
    /// The chord.
    pub chord: Chord,
    /// How long it sounds against it, in ticks.
    pub ticks: Tick,
}

/// Notes of a part outside what `allowed` gives as pitch classes (bit 0 = C) for the chord, for longer than a
/// sixteenth.
pub fn strays(band: &Band, part: Part, allowed: impl Fn(Chord) -> u16) -> Vec<Stray> {
    let mut strays = Vec::new();
    for (from, to, chord) in band.spans() {
        let allowed = allowed(chord);
        let outside = band.part(part).filter(|note| allowed >> (note.key % 12) & 1 == 0);
        let against = outside.map(|note| Stray { note: *note, chord, ticks: note.within(from, to) });
        strays.extend(against.filter(|stray| stray.ticks > SIXTEENTH));
    }
    strays
}

/// The pitch classes of a chord and of the tensions that never hurt it: 9 and 13 over what has a natural
/// fifth, 11 over what has no major third, and #11 over what has one.
pub fn chord_and_tensions(chord: Chord) -> u16 {
    let chord_tones = chord.pcs();
    let has = |interval: u8| chord_tones >> ((chord.root + interval) % 12) & 1 == 1;
    let mut set = chord_tones;
    let mut allow = |interval: u8, fits: bool| set |= u16::from(fits) << ((chord.root + interval) % 12);
    let altered = has(1) || (has(3) && has(4)) || has(8);
    allow(2, has(7) && !altered);
    allow(9, has(7) && !altered);
    allow(5, !has(4));
    allow(6, has(4) && !has(5));
    set
}

/// How far a part's voices travel from one chord to the next, in semitones: for each key under the new chord, how far
/// off the nearest one under the old chord was. `None` below two chords.
///
/// What lies under a chord is all that sounds in its first bar, struck at once or broken: an arpeggio moves from
/// chord to chord as far as the block of its tones does.
pub fn voice_motion(band: &Band, part: Part) -> Option<f64> {
    let grips: Vec<Vec<u8>> =
        band.spans().into_iter().map(|(from, to, _)| grip(band, part, from, to)).collect();
    let motions: Vec<f64> = grips.windows(2).filter_map(|pair| motion(&pair[0], &pair[1])).collect();
    (!motions.is_empty()).then(|| motions.iter().sum::<f64>() / motions.len() as f64)
}

/// The keys that a part has under a chord from `from` to `to`, once each. What was struck before and is let go within a
/// sixteenth belongs to the chord before.
fn grip(band: &Band, part: Part, from: Tick, to: Tick) -> Vec<u8> {
    let to = to.min(from + band.bar());
    let is_here = |note: &&Sounding| (from..to).contains(&note.on) || note.within(from, to) > SIXTEENTH;
    BTreeSet::from_iter(band.part(part).filter(is_here).map(|note| note.key)).into_iter().collect()
}

fn motion(old: &[u8], new: &[u8]) -> Option<f64> {
    let nearest = |key: &u8| old.iter().map(|old| old.abs_diff(*key)).min().map(f64::from);
    let far: Option<Vec<f64>> = new.iter().map(nearest).collect();
    far.filter(|far| !far.is_empty()).map(|far| far.iter().sum::<f64>() / far.len() as f64)
}
