//! A chord in tokens: a family and what the family does not say, so that chords that were never met can be read.

use engine::Quality;
use engine::Quality::*;

/// What the family does not say, in the order of the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are the usual ones")]
#[rustfmt::skip]
pub enum Alteration { Sixth, Seventh, MajorSeventh, Ninth, Eleventh, Thirteenth, FlatFifth, SharpFifth, FlatNinth, SharpNinth, SharpEleventh, FlatThirteenth, Second }

use Alteration::{
    Eleventh, FlatFifth, FlatNinth, FlatThirteenth, MajorSeventh, Ninth, Second, Seventh, SharpEleventh,
    SharpFifth, SharpNinth, Sixth, Thirteenth,
};

/// Families: major, major seventh, minor, minor seventh, dominant, diminished, suspended, power.
const MAJOR: u8 = 0;
const MAJOR_SEVENTH: u8 = 1;
const MINOR: u8 = 2;
const MINOR_SEVENTH: u8 = 3;
const DOMINANT: u8 = 4;
const DIMINISHED: u8 = 5;
const SUSPENDED: u8 = 6;
const POWER: u8 = 7;

/// Every quality with its family and alterations; each combination once.
#[rustfmt::skip]
static SPELLINGS: [(Quality, u8, &[Alteration]); Quality::COUNT] = [
    (Maj, MAJOR, &[]), (Min, MINOR, &[]), (Dom7, DOMINANT, &[]), (Maj7, MAJOR_SEVENTH, &[]),
    (Min7, MINOR_SEVENTH, &[]), (MinMaj7, MINOR, &[MajorSeventh]), (Six, MAJOR, &[Sixth]), (Min6, MINOR, &[Sixth]),
    (SixNine, MAJOR, &[Sixth, Ninth]), (Min69, MINOR, &[Sixth, Ninth]), (Add9, MAJOR, &[Ninth]),
    (MinAdd9, MINOR, &[Ninth]), (Dom9, DOMINANT, &[Ninth]), (Maj9, MAJOR_SEVENTH, &[Ninth]),
    (Min9, MINOR_SEVENTH, &[Ninth]), (MinMaj9, MINOR, &[MajorSeventh, Ninth]), (Dom11, DOMINANT, &[Eleventh]),
    (Min11, MINOR_SEVENTH, &[Eleventh]), (Dom13, DOMINANT, &[Thirteenth]), (Maj13, MAJOR_SEVENTH, &[Thirteenth]),
    (Min13, MINOR_SEVENTH, &[Thirteenth]), (Dom7Flat9, DOMINANT, &[FlatNinth]), (Dom7Sharp9, DOMINANT, &[SharpNinth]),
    (Dom7Sharp11, DOMINANT, &[SharpEleventh]), (Dom7Flat13, DOMINANT, &[FlatThirteenth]),
    (Dom13Flat9, DOMINANT, &[Thirteenth, FlatNinth]), (Dom7Flat5, DOMINANT, &[FlatFifth]),
    (Dom7Sharp5, DOMINANT, &[SharpFifth]), (Maj7Sharp5, MAJOR_SEVENTH, &[SharpFifth]),
    (Maj7Sharp11, MAJOR_SEVENTH, &[SharpEleventh]), (HalfDim, DIMINISHED, &[Seventh]), (Dim, DIMINISHED, &[]),
    (Dim7, DIMINISHED, &[Sixth]), (Aug, MAJOR, &[SharpFifth]), (Sus2, SUSPENDED, &[Second]), (Sus4, SUSPENDED, &[]),
    (Dom7Sus4, SUSPENDED, &[Seventh]), (Dom9Sus4, SUSPENDED, &[Seventh, Ninth]), (Power, POWER, &[]),
];

/// Family and alterations of a quality, each alteration by its number, ascending.
pub fn spell(quality: Quality) -> (u8, impl Iterator<Item = u16>) {
    let (_, family, alterations) = SPELLINGS[quality as usize];
    (family, alterations.iter().map(|alteration| *alteration as u16))
}

/// The quality with this family and these alterations; none if there is no such chord.
pub fn quality(family: u8, alterations: &[u16]) -> Option<Quality> {
    let fits = |row: &&(Quality, u8, &[Alteration])| {
        row.1 == family && row.2.iter().map(|a| *a as u16).eq(alterations.iter().copied())
    };
    SPELLINGS.iter().find(fits).map(|row| row.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quality_comes_back_from_its_spelling() {
        for (i, kind) in Quality::all().enumerate() {
            assert_eq!(SPELLINGS[i].0, kind);
            let (family, alterations) = spell(kind);
            assert_eq!(quality(family, &alterations.collect::<Vec<_>>()), Some(kind));
        }
    }
}
