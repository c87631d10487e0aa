//! Does the band support the melody? The consonant ratio, note by note.

use engine::Tick;

use super::{Band, Sounding};

/// How long, of the melody, each class of the consonant ratio sounds, in ticks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consonance {
    /// Notes with a note of the band a third, fifth, sixth or octave below them, at any distance: a fourth below is
    /// a fifth above, and counts as dissonant, as in the published code.
    pub consonant: Tick,
    /// Notes with none but others.
    pub dissonant: Tick,
    /// Notes with no note of bass, comp or pads at all.
    pub unsupported: Tick,
}

impl Consonance {
    /// The shares of consonant and of unsupported melody. Near its ceiling for any triad, so it says little without
    /// clash rate and margin.
    pub fn ratios(self) -> Option<(f64, f64)> {
        let all = (self.consonant + self.dissonant + self.unsupported) as f64;
        (all > 0.0).then(|| (self.consonant as f64 / all, self.unsupported as f64 / all))
    }
}

/// Intervals above a note of the band, as bits, that are consonances: octave, thirds, fifth and sixths.
const CONSONANCES: u16 = 0b0011_1001_1001;

/// The consonance of the performer's melody, the keys from `split` on.
pub fn consonance(band: &Band, split: u8) -> Consonance {
    let pitched: Vec<&Sounding> = band.notes.iter().filter(|note| note.part.is_pitched()).collect();
    let longest = pitched.iter().map(|note| note.off - note.on).max().unwrap_or(0);
    let mut sum = Consonance::default();
    for note in band.performer.iter().filter(|note| note.key >= split) {
        let first = pitched.partition_point(|other| other.on < note.on - longest);
        let near = pitched[first..].iter().take_while(|other| other.on < note.off);
        let with = near.filter(|other| other.within(note.on, note.off) > 0);
        let class = match with.fold(0, |set, other| set | 1_u16 << ((note.key + 120 - other.key) % 12)) {
            0 => &mut sum.unsupported,
            intervals if intervals & CONSONANCES != 0 => &mut sum.consonant,
            _ => &mut sum.dissonant,
        };
        *class += note.off - note.on;
    }
    sum
}
