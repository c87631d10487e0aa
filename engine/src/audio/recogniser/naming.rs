//! The name of a set of keys over a bass, and what decides where there are several. Thread: audio.

use super::table::{Reading, Set, notes, readings};
use crate::{Chord, Quality};

/// What sounds lowest, and what that means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lowest {
    /// The lowest key is the bass of the chord.
    Bass(u8),
    /// The lowest key only decides between names; the root is the bass.
    Hint(u8),
}

/// How good a name is; less is better. The order of the variants is the order of the published table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// A whole chord whose root is lowest.
    Root,
    /// A whole chord over another of its notes.
    Inversion,
    /// A chord with notes left out or added, its root lowest: it has its third and its seventh or sixth.
    PartRoot,
    /// A whole plain chord over a bass that is none of its notes.
    Slash,
    /// A whole chord over its ninth: C/D says the same as Cadd9/D, and is what players write.
    OverNinth,
    /// A whole sus, augmented or diminished chord over a bass that is none of its notes.
    VagueSlash,
    /// A chord with notes left out, over another of its notes.
    PartInversion,
    /// A chord with notes left out over a bass that is none of its notes.
    PartSlash,
}

impl Rank {
    /// Whether all notes are accounted for by a chord over one of its own notes.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Rank::Root | Rank::Inversion)
    }
}

/// A chord, and how good a name it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The chord.
    pub chord: Chord,
    /// How good the name is.
    pub rank: Rank,
}

/// Where the bass and the previous chord do not decide, these names win over the others.
pub(super) static USUAL: [Quality; 5] =
    [Quality::Min7, Quality::HalfDim, Quality::Sus4, Quality::SixNine, Quality::Maj13];

/// How surprising a root is after another, by semitones upwards: staying, up a fourth, up a fifth, a whole
/// tone, a minor third down or up, a major third, a semitone down, a semitone up, a tritone.
pub(super) static SURPRISE: [u8; 12] = [0, 7, 3, 5, 5, 1, 8, 2, 5, 4, 3, 6];

/// The best name for a set of pitch classes, or `None` for an unknown shape.
///
/// Thread: audio. Real-time: yes.
pub(super) fn named(set: Set, lowest: Lowest, previous: Option<Chord>) -> Option<Named> {
    let within = readings(set).map(|reading| over_own_note(reading, set, lowest));
    let foreign = match lowest {
        Lowest::Bass(bass) => set & !(1 << bass),
        Lowest::Hint(_) => 0,
    };
    let over = readings(foreign).filter_map(|reading| over_foreign_note(reading, foreign, lowest));
    within.chain(over).min_by_key(|name| (name.rank, surprise(previous, name.chord), unusual(name.chord)))
}

fn over_own_note(reading: Reading, set: Set, lowest: Lowest) -> Named {
    let (Lowest::Bass(low) | Lowest::Hint(low)) = lowest;
    let chord = Chord::new(reading.root, reading.quality);
    let whole = notes(reading) == set;
    let interval = (low + 12 - reading.root) % 12;
    let ninth = matches!(lowest, Lowest::Bass(_)) && matches!(interval, 1 | 2) && set.count_ones() > 3;
    let rank = match (whole, interval) {
        (true, 0) => Rank::Root,
        (true, _) if ninth => Rank::OverNinth,
        (true, _) => Rank::Inversion,
        (false, 0) => Rank::PartRoot,
        (false, _) => Rank::PartInversion,
    };
    Named { chord: if matches!(lowest, Lowest::Bass(_)) { chord.over(low) } else { chord }, rank }
}

fn over_foreign_note(reading: Reading, set: Set, lowest: Lowest) -> Option<Named> {
    use Quality::*;
    let (Lowest::Bass(low) | Lowest::Hint(low)) = lowest;
    let rank = match reading.quality {
        Power => return None,
        _ if notes(reading) != set => Rank::PartSlash,
        Sus2 | Sus4 | Dim | Dim7 | Aug => Rank::VagueSlash,
        _ => Rank::Slash,
    };
    Some(Named { chord: Chord::new(reading.root, reading.quality).over(low), rank })
}

fn surprise(previous: Option<Chord>, chord: Chord) -> u8 {
    previous.map_or(0, |p| SURPRISE[usize::from((chord.root + 12 - p.root) % 12)])
}

fn unusual(chord: Chord) -> (bool, Quality) {
    (!USUAL.contains(&chord.quality), chord.quality)
}
