//! What players leave out of a chord, and what they add to it without changing its name.

use crate::Quality::{self, *};

/// Semitones above the root of the usual shapes that are not the whole chord, by quality.
///
/// A shape is read this way only where no whole chord has the same notes: C-E-A is Am, never C6 without its
/// fifth. After the voicings that jazz piano methods teach: the fifth goes first, then the ninth of a
/// thirteenth; shapes with an altered fifth and ninth take the symbol that denies none of their notes.
#[rustfmt::skip]
pub(super) static FORMS: &[(Quality, &[&[u8]])] = &[
    (Dom7, &[&[0, 4, 10]]),
    (Maj7, &[&[0, 4, 11]]),
    (Min7, &[&[0, 3, 10]]),
    (MinMaj7, &[&[0, 3, 11]]),
    (SixNine, &[&[0, 2, 4, 9]]),
    (Min69, &[&[0, 2, 3, 9]]),
    (Dom9, &[&[0, 2, 4, 10]]),
    (Maj9, &[&[0, 2, 4, 11]]),
    (Min9, &[&[0, 2, 3, 10]]),
    (MinMaj9, &[&[0, 2, 3, 11]]),
    (Dom11, &[&[0, 2, 4, 5, 10], &[0, 4, 5, 7, 10], &[0, 4, 5, 10]]),
    (Min11, &[&[0, 2, 3, 5, 10]]),
    (Dom13, &[&[0, 4, 7, 9, 10], &[0, 2, 4, 9, 10], &[0, 4, 9, 10]]),
    (Maj13, &[&[0, 2, 4, 9, 11]]),
    (Min13, &[&[0, 3, 7, 9, 10], &[0, 2, 3, 9, 10], &[0, 3, 9, 10]]),
    (Dom7Flat9, &[&[0, 1, 4, 10]]),
    (Dom7Sharp9, &[&[0, 3, 4, 10]]),
    (Dom7Sharp11, &[&[0, 2, 4, 6, 7, 10], &[0, 2, 4, 6, 10], &[0, 2, 4, 6, 9, 10], &[0, 2, 4, 6, 7, 9, 10]]),
    (Dom7Flat13, &[&[0, 2, 4, 7, 8, 10], &[0, 1, 4, 7, 8, 10]]),
    (Dom13Flat9, &[&[0, 1, 4, 9, 10]]),
    (Dom7Flat5, &[&[0, 3, 4, 6, 10]]),
    (Dom7Sharp5, &[&[0, 2, 4, 8, 10], &[0, 1, 4, 8, 10], &[0, 3, 4, 8, 10]]),
    (Maj7Sharp11, &[&[0, 4, 6, 11], &[0, 2, 4, 6, 7, 11], &[0, 2, 4, 6, 11]]),
    (HalfDim, &[&[0, 2, 3, 6, 10]]),
    // Played whole, or not at all.
    (Maj, &[]), (Min, &[]), (Six, &[]), (Min6, &[]), (Add9, &[]), (MinAdd9, &[]), (Maj7Sharp5, &[]),
    (Dim, &[]), (Dim7, &[]), (Aug, &[]), (Sus2, &[]), (Sus4, &[]), (Dom7Sus4, &[]), (Dom9Sus4, &[]),
    (Power, &[]),
];
