//! Chord shapes that a hand can hold on a guitar in standard tuning.

use crate::Quality;

/// Frets on the strings E A D G B E, relative to the fret of the root on the lowest string that is played.
pub type Shape = [i8; 6];

/// A string that is not played.
pub const X: i8 = i8::MIN;

/// Movable shapes of each quality, in the order of [`Quality`]: with the root on the E, the A and the D string.
///
/// At most four fingers, four frets and one damped string inside; every shape holds third, seventh and what else the
/// symbol names (a thirteenth chord may go without its ninth), found by a search over all fingerings and the usual
/// jazz grips. Where a shape would put a third below C3 the choice passes it over.
#[rustfmt::skip]
static MOVABLE: [&[Shape]; Quality::COUNT] = [
    &[[0, 2, 2, 1, 0, 0], [X, 0, 2, 2, 2, 0], [X, X, 0, 2, 3, 2]], // Maj
    &[[0, 2, 2, 0, 0, 0], [X, 0, 2, 2, 1, 0], [X, X, 0, 2, 3, 1]], // Min
    &[[0, 2, 0, 1, 0, 0], [X, 0, 2, 0, 2, 0], [X, X, 0, 2, 1, 2]], // Dom7
    &[[0, 2, 1, 1, 0, 0], [X, 0, 2, 1, 2, 0], [X, X, 0, 2, 2, 2]], // Maj7
    &[[0, 2, 0, 0, 0, 0], [X, 0, 2, 0, 1, 0], [X, X, 0, 2, 1, 1]], // Min7
    &[[0, 2, 1, 0, 0, 0], [X, 0, 2, 1, 1, 0], [X, X, 0, 2, 2, 1]], // MinMaj7
    &[[0, 2, 2, 1, 2, 0], [X, 0, 2, 2, 2, 2], [X, X, 0, 2, 0, 2]], // Six
    &[[0, 2, 2, 0, 2, 0], [X, 0, 2, 2, 1, 2], [X, X, 0, 2, 0, 1]], // Min6
    &[[0, 2, 2, 1, 2, 2], [X, X, 0, -1, 0, 0], [X, 0, -1, -1, 0, 0]], // SixNine
    &[[0, 2, 2, 0, 2, 2], [X, X, 0, -2, 0, 0]], // Min69
    &[[0, 2, 2, 1, 0, 2], [X, X, 0, -1, -2, 0]], // Add9
    &[[0, 2, 2, 0, 0, 2], [X, X, 0, -2, -2, 0]], // MinAdd9
    &[[0, 2, 0, 1, 0, 2], [X, X, 0, -1, 1, 0], [X, 0, -1, 0, 0, 0]], // Dom9
    &[[0, X, 1, 1, 0, 2], [X, X, 0, -1, 2, 0], [X, 0, -1, 1, 0, X]], // Maj9
    &[[0, 2, 0, 0, 0, 2], [X, X, 0, -2, 1, 0], [X, 0, -2, 0, 0, X]], // Min9
    &[[0, 2, 1, 0, 0, 2], [X, 0, -2, 1, 0, X]], // MinMaj9
    &[[0, 2, 0, 2, 0, 0], [X, 0, 0, 0, 0, 0], [X, X, 0, 2, 1, 3]], // Dom11
    &[[0, 0, 0, 0, 0, 0], [X, 0, 0, 0, 1, 0], [X, X, 0, 0, 1, 1]], // Min11
    &[[0, X, 0, 1, 2, 2], [X, 0, 2, 0, 2, 2], [X, 0, -1, 0, 0, 2]], // Dom13
    &[[0, X, 1, 1, 2, 0], [X, 0, 2, 1, 2, 2]], // Maj13
    &[[0, 2, 0, 0, 2, 0], [X, 0, 2, 0, 1, 2]], // Min13
    &[[0, 2, 0, 1, 0, 1], [X, 0, X, 3, 2, 3], [X, X, 0, -1, 1, -1], [X, 0, -1, 0, -1, X]], // Dom7Flat9
    &[[0, 2, 0, 1, 0, 3], [X, X, 0, -1, 1, 1], [X, 0, -1, 0, 1, X]], // Dom7Sharp9
    &[[0, 1, 0, 1, 0, 0], [X, 0, 1, 0, 2, 0], [X, X, 0, 1, 1, 2]], // Dom7Sharp11
    &[[0, 2, 0, 1, 1, 0], [X, 0, 2, 0, 2, 1], [X, X, 0, 3, 1, 2]], // Dom7Flat13
    &[[0, X, 0, 1, 2, 1], [X, 0, -1, 0, -1, 2]], // Dom13Flat9
    &[[0, 1, 0, 1, 3, 0], [X, 0, 1, 0, 2, X], [X, X, 0, 1, 1, 2]], // Dom7Flat5
    &[[0, 3, 0, 1, 1, 0], [X, 0, 3, 0, 2, 1], [X, X, 0, 3, 1, 2]], // Dom7Sharp5
    &[[0, X, 1, 1, 1, 0], [X, 0, 3, 1, 2, X], [X, X, 0, 3, 2, 2]], // Maj7Sharp5
    &[[0, 1, 1, 1, 0, 0], [X, 0, 1, 1, 2, 0], [X, X, 0, 1, 2, 2]], // Maj7Sharp11
    &[[0, 1, 2, 0, 3, 0], [X, 0, 1, 0, 1, X], [X, X, 0, 1, 1, 1]], // HalfDim
    &[[0, 1, 2, 0, X, X], [X, 0, 1, 2, 1, X], [X, X, 0, 1, 3, 1]], // Dim
    &[[0, 1, 2, 0, 2, 0], [X, 0, 1, -1, 1, -1], [X, X, 0, 1, 0, 1]], // Dim7
    &[[0, X, 2, 1, 1, X], [X, 0, 3, 2, 2, X], [X, X, 0, 3, 3, 2]], // Aug
    &[[0, 2, 2, -1, 0, X], [X, 0, 2, 2, 0, 0], [X, X, 0, 2, 3, 0]], // Sus2
    &[[0, 2, 2, 2, 0, 0], [X, 0, 2, 2, 3, 0], [X, X, 0, 2, 3, 3]], // Sus4
    &[[0, 2, 0, 2, 0, 0], [X, 0, 2, 0, 3, 0], [X, X, 0, 2, 1, 3]], // Dom7Sus4
    &[[0, 0, 0, -1, 0, 0], [X, 0, 0, 0, 0, 0], [X, X, 0, 0, 1, 0]], // Dom9Sus4
    &[[0, 2, 2, X, 0, 0], [X, 0, 2, 2, X, X], [X, X, 0, 2, 3, X]], // Power
];

/// Shapes with open strings: root, quality, and the frets as guitarists write them.
#[rustfmt::skip]
static OPEN: [(u8, Quality, &[u8; 6]); 62] = [
    (0, Quality::Maj, b"x32010"), (2, Quality::Maj, b"xx0232"), (4, Quality::Maj, b"022100"),
    (5, Quality::Maj, b"xx3211"), (7, Quality::Maj, b"3x0003"), (9, Quality::Maj, b"x02220"),
    (2, Quality::Min, b"xx0231"), (4, Quality::Min, b"022000"), (9, Quality::Min, b"x02210"),
    (0, Quality::Dom7, b"x32310"), (2, Quality::Dom7, b"xx0212"), (4, Quality::Dom7, b"022130"),
    (7, Quality::Dom7, b"3x0001"), (9, Quality::Dom7, b"x02020"),
    (0, Quality::Maj7, b"x32000"), (2, Quality::Maj7, b"xx0222"), (4, Quality::Maj7, b"0x1100"),
    (5, Quality::Maj7, b"xx3210"), (7, Quality::Maj7, b"3x0002"), (9, Quality::Maj7, b"x02120"),
    (2, Quality::Min7, b"xx0211"), (4, Quality::Min7, b"022030"), (9, Quality::Min7, b"x02010"),
    (0, Quality::Six, b"x32210"), (2, Quality::Six, b"xx0202"), (4, Quality::Six, b"022120"),
    (7, Quality::Six, b"3x0000"), (9, Quality::Six, b"x02222"),
    (2, Quality::Min6, b"xx0201"), (4, Quality::Min6, b"022020"), (9, Quality::Min6, b"x02212"),
    (0, Quality::Add9, b"x32030"), (2, Quality::Add9, b"xx4230"), (4, Quality::Add9, b"022102"),
    (7, Quality::Add9, b"3x0203"), (9, Quality::Add9, b"x02420"),
    (2, Quality::MinAdd9, b"xx3230"), (4, Quality::MinAdd9, b"022002"), (9, Quality::MinAdd9, b"x02410"),
    (0, Quality::Dom9, b"x30310"), (4, Quality::Dom9, b"0x0102"), (7, Quality::Dom9, b"3x0201"),
    (2, Quality::HalfDim, b"xx0111"), (4, Quality::HalfDim, b"012030"), (9, Quality::HalfDim, b"x01213"),
    (2, Quality::Dim7, b"xx0101"), (4, Quality::Dim7, b"012020"), (9, Quality::Dim7, b"x01212"),
    (0, Quality::Sus2, b"x30013"), (2, Quality::Sus2, b"xx0230"), (9, Quality::Sus2, b"x02200"),
    (0, Quality::Sus4, b"x33011"), (2, Quality::Sus4, b"xx0233"), (4, Quality::Sus4, b"022200"),
    (7, Quality::Sus4, b"3x0013"), (9, Quality::Sus4, b"x02230"),
    (2, Quality::Dom7Sus4, b"xx0213"), (4, Quality::Dom7Sus4, b"020200"), (9, Quality::Dom7Sus4, b"x02030"),
    (4, Quality::Power, b"022xxx"), (9, Quality::Power, b"x022xx"), (2, Quality::Power, b"xx023x"),
];

/// The movable shapes of a quality.
pub fn movable(quality: Quality) -> &'static [Shape] {
    MOVABLE[quality as usize]
}

/// The open shapes of a chord, in frets from the nut.
pub fn open(root: u8, quality: Quality) -> impl Iterator<Item = Shape> {
    let of_chord = OPEN.iter().filter(move |row| row.0 == root && row.1 == quality);
    of_chord.map(|row| row.2.map(|fret| if fret == b'x' { X } else { (fret - b'0') as i8 }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::voicing::guitar::{LAST_FRET, STRINGS};

    fn spans_four_frets(shape: &Shape) -> bool {
        let fretted = shape.iter().filter(|fret| **fret != X && **fret != 0);
        let (low, high) =
            fretted.fold((i8::MAX, i8::MIN), |(low, high), fret| (low.min(*fret), high.max(*fret)));
        high == i8::MIN || high - low <= 3
    }

    #[test]
    fn every_shape_holds_only_tones_of_its_chord_within_four_frets() {
        for quality in Quality::all() {
            for shape in movable(quality) {
                let string = shape.iter().position(|fret| *fret != X).unwrap();
                assert_eq!(shape[string], 0, "{quality:?} {shape:?} does not start on its root");
                let played = shape.iter().zip(STRINGS).filter(|(fret, _)| **fret != X);
                let tones: Vec<i16> = played.map(|(fret, open)| i16::from(open) + i16::from(*fret)).collect();
                let above = |key: &i16| (key - i16::from(STRINGS[string])).rem_euclid(12) as u8;
                assert!(
                    tones.iter().all(|key| quality.intervals().contains(&above(key))),
                    "{quality:?} {shape:?}"
                );
                let frets = shape.map(|fret| if fret == X { X } else { fret + 5 });
                assert!(spans_four_frets(&frets), "{quality:?} {shape:?}");
            }
        }
    }

    #[test]
    fn every_open_shape_spells_its_chord() {
        for (root, quality, frets) in OPEN {
            let chord = crate::Chord::new(root, quality);
            for shape in open(root, quality) {
                assert!(spans_four_frets(&shape), "{chord}");
                let played = shape.iter().zip(STRINGS).filter(|(fret, _)| **fret != X);
                let pcs = played.fold(0u16, |set, (fret, open)| set | 1 << ((open + *fret as u8) % 12));
                assert_eq!(pcs & !chord.pcs(), 0, "{chord} {frets:?}");
                assert!(shape.iter().all(|fret| *fret <= LAST_FRET));
            }
        }
    }
}
