//! The notes and the symbol of each quality.

use super::Quality;
use Quality::*;

/// Symbol and semitones above the root, in the order of [`Quality`].
#[rustfmt::skip]
static QUALITIES: [(Quality, &str, &[u8]); Quality::COUNT] = [
    (Maj, "", &[0, 4, 7]), (Min, "m", &[0, 3, 7]), (Dom7, "7", &[0, 4, 7, 10]),
    (Maj7, "maj7", &[0, 4, 7, 11]), (Min7, "m7", &[0, 3, 7, 10]), (MinMaj7, "mMaj7", &[0, 3, 7, 11]),
    (Six, "6", &[0, 4, 7, 9]), (Min6, "m6", &[0, 3, 7, 9]), (SixNine, "69", &[0, 2, 4, 7, 9]),
    (Min69, "m69", &[0, 2, 3, 7, 9]), (Add9, "add9", &[0, 2, 4, 7]), (MinAdd9, "madd9", &[0, 2, 3, 7]),
    (Dom9, "9", &[0, 2, 4, 7, 10]), (Maj9, "maj9", &[0, 2, 4, 7, 11]), (Min9, "m9", &[0, 2, 3, 7, 10]),
    (MinMaj9, "mMaj9", &[0, 2, 3, 7, 11]), (Dom11, "11", &[0, 2, 4, 5, 7, 10]),
    (Min11, "m11", &[0, 2, 3, 5, 7, 10]), (Dom13, "13", &[0, 2, 4, 7, 9, 10]),
    (Maj13, "maj13", &[0, 2, 4, 7, 9, 11]), (Min13, "m13", &[0, 2, 3, 7, 9, 10]),
    (Dom7Flat9, "7b9", &[0, 1, 4, 7, 10]), (Dom7Sharp9, "7#9", &[0, 3, 4, 7, 10]),
    (Dom7Sharp11, "7#11", &[0, 4, 6, 7, 10]), (Dom7Flat13, "7b13", &[0, 4, 7, 8, 10]),
    (Dom13Flat9, "13b9", &[0, 1, 4, 7, 9, 10]), (Dom7Flat5, "7b5", &[0, 4, 6, 10]),
    (Dom7Sharp5, "7#5", &[0, 4, 8, 10]), (Maj7Sharp5, "maj7#5", &[0, 4, 8, 11]),
    (Maj7Sharp11, "maj7#11", &[0, 4, 6, 7, 11]), (HalfDim, "m7b5", &[0, 3, 6, 10]),
    (Dim, "dim", &[0, 3, 6]), (Dim7, "dim7", &[0, 3, 6, 9]), (Aug, "aug", &[0, 4, 8]),
    (Sus2, "sus2", &[0, 2, 7]), (Sus4, "sus4", &[0, 5, 7]), (Dom7Sus4, "7sus4", &[0, 5, 7, 10]),
    (Dom9Sus4, "9sus4", &[0, 2, 5, 7, 10]), (Power, "5", &[0, 7]),
];

impl Quality {
    /// How many qualities there are.
    pub const COUNT: usize = Quality::Power as usize + 1;

    /// Every quality, in the order of the table.
    pub fn all() -> impl Iterator<Item = Quality> {
        QUALITIES.iter().map(|row| row.0)
    }

    /// Its semitones above the root, ascending, from 0.
    pub const fn intervals(self) -> &'static [u8] {
        QUALITIES[self as usize].2
    }

    /// How it is written after the root: `m7b5`.
    pub fn symbol(self) -> &'static str {
        QUALITIES[self as usize].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_qualities() {
        assert!(QUALITIES.iter().enumerate().all(|(i, row)| row.0 as usize == i));
    }
}
