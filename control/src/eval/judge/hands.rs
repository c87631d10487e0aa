//! Could hands play it? Range, doubled keys, mud, and shapes on a guitar.

use engine::{Part, Tick};

use super::Band;

/// Keys that were struck or moved together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voicing {
    /// The tick of the first of them.
    pub tick: Tick,
    /// Every key of the part that sounds then, from low to high.
    pub keys: Vec<u8>,
}

/// How far the notes of one strum lie apart at most, in ticks.
const STRUM: Tick = 60;

/// A part's voicings: all that sounds once the notes that begin together have begun.
pub fn voicings(band: &Band, part: Part) -> Vec<Voicing> {
    let mut voicings: Vec<Voicing> = Vec::new();
    let onsets: Vec<Tick> = band.part(part).map(|note| note.on).collect();
    for &tick in &onsets {
        if voicings.last().is_some_and(|last| tick - last.tick <= STRUM) {
            continue;
        }
        let ready = onsets.iter().copied().filter(|&on| on <= tick + STRUM).max().unwrap_or(tick);
        let mut keys: Vec<u8> =
            band.part(part).filter(|note| note.sounds_at(ready)).map(|note| note.key).collect();
        keys.sort_unstable();
        if !keys.is_empty() {
            voicings.push(Voicing { tick, keys });
        }
    }
    voicings
}

/// What is wrong with a voicing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A key below or above the part's range.
    OutOfRange,
    /// One key twice: two voices met.
    Doubled,
    /// A semitone below E3, or a third or less below C3.
    Mud,
    /// More strings than six, or frets further apart than four.
    Unplayable,
}

impl Voicing {
    /// What is wrong with it on a keyboard with this range.
    pub fn faults(&self, range: (u8, u8)) -> Vec<Fault> {
        let inside = self.keys.iter().all(|key| (range.0..=range.1).contains(key));
        let doubled = self.keys.windows(2).any(|pair| pair[0] == pair[1]);
        let checks = [(!inside, Fault::OutOfRange), (doubled, Fault::Doubled), (self.is_muddy(), Fault::Mud)];
        checks.into_iter().filter_map(|(found, fault)| found.then_some(fault)).collect()
    }

    /// What is wrong with it on a guitar.
    pub fn faults_on_guitar(&self, range: (u8, u8)) -> Vec<Fault> {
        let mut faults = self.faults(range);
        faults.extend((!fits_a_guitar(&self.keys)).then_some(Fault::Unplayable));
        faults
    }

    fn is_muddy(&self) -> bool {
        const E3: u8 = 52;
        const C3: u8 = 48;
        self.keys.windows(2).any(|pair| match pair[1] - pair[0] {
            1 => pair[0] < E3,
            2..=4 => pair[0] < C3,
            _ => false,
        })
    }
}

/// Whether a hand can hold the keys on a guitar in standard tuning: each on a string of its own, the stopped
/// ones within four frets.
pub fn fits_a_guitar(keys: &[u8]) -> bool {
    const STRINGS: [u8; 6] = [40, 45, 50, 55, 59, 64];
    /// The highest fret of an acoustic guitar that is of use.
    const FRETS: u8 = 15;
    /// Puts the first key on each free string in turn, and the others behind it.
    fn place(keys: &[u8], strings: &[u8], lowest: u8) -> bool {
        let Some((key, rest)) = keys.split_first() else { return true };
        strings.iter().enumerate().any(|(i, open)| {
            let Some(fret) = key.checked_sub(*open) else { return false };
            let reachable = fret == 0 || (lowest..lowest + 4).contains(&fret);
            reachable && fret <= FRETS && place(rest, &strings[i + 1..], lowest)
        })
    }
    (1..=FRETS).any(|lowest| place(keys, &STRINGS, lowest))
}
