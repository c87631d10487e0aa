//! Does the band rub against the player? Counted on strong beats only.

use engine::{Chord, Part, Tick};

use super::harmony::chord_and_tensions;
use super::{Band, Share, Sounding};

/// An eighth note, in ticks.
const EIGHTH: Tick = 480;

/// On how many strong beats a note of the player's clashes with a pitched note of the band: a minor second, a
/// minor ninth or a tritone, for an eighth or more, unless the player's note belongs to the chord or is a
/// tension of it. Beats on which the player does not sound are not counted.
pub fn clash_rate(band: &Band) -> Share {
    let strong = (0..).map(|n| n * strong_every(band)).take_while(|tick| *tick < band.end);
    let played = strong.filter_map(|tick| {
        let held: Vec<&Sounding> = band.performer.iter().filter(|note| note.sounds_at(tick)).collect();
        (!held.is_empty()).then_some((tick, held))
    });
    Share::count(played, |(tick, held)| held.iter().any(|note| clashes(band, note, tick)))
}

/// Ticks between strong beats: half a bar where the bar has an even number of beats, else a bar.
pub(super) fn strong_every(band: &Band) -> Tick {
    let beats = band.grid.meter.beats_per_bar();
    if beats % 2 == 0 && beats > 2 { band.bar() / 2 } else { band.bar() }
}

fn clashes(band: &Band, player: &Sounding, tick: Tick) -> bool {
    let belongs = |chord: Chord| chord_and_tensions(chord) >> (player.key % 12) & 1 == 1;
    if band.chord_at(tick).is_some_and(belongs) {
        return false;
    }
    let pitched = band.notes.iter().filter(|note| note.part != Part::Drums && note.part != Part::Click);
    pitched.filter(|note| note.sounds_at(tick)).any(|note| {
        let apart = i32::from(note.key) - i32::from(player.key);
        let rubs = matches!(apart.abs(), 1 | 13 | 25) || apart.rem_euclid(12) == 6;
        rubs && note.within(player.on, player.off) >= EIGHTH
    })
}
