//! Measures of the chords and of how the band supports the melody.

use engine::Part;

use super::Measure;
use crate::eval::judge::changes;
use crate::eval::judge::clash::clash_rate;
use crate::eval::judge::consonance::consonance;
use crate::eval::judge::harmony::{bass_on_root, voice_motion};
use crate::eval::performing::split;

/// Which chords, and how they move.
pub static CHORDS: [Measure; 8] = [
    Measure::new(
        "in_chord",
        3,
        "share of the melody's sixteenths whose pitch class is in the chord",
        &[],
        |it| it.frames.in_chord().ratio(),
    ),
    Measure::new(
        "chord_pcs",
        2,
        "pitch classes of a chord under the melody: in_chord is cheap where they are many",
        &[],
        |it| it.frames.chord_size(),
    ),
    Measure::new(
        "no_chord",
        3,
        "share of the melody's sixteenths without a chord, but for the first eight",
        &[],
        |it| it.frames.without_chord().ratio().filter(|_| it.is_asked(!it.band.spans().is_empty())),
    ),
    Measure::new("roots_bar", 2, "changes of root in a bar", &[], |it| {
        changes::root_changes_per_bar(it.band)
    }),
    Measure::new("chord_len", 2, "beats of the median chord", &[], |it| changes::median_beats(it.band)),
    Measure::new("long", 3, "share of chords longer than 32 sixteenths", &[], |it| {
        changes::long(it.band).ratio()
    }),
    Measure::new(
        "margin",
        2,
        "log-odds of in_chord above those of the same chords moved by every other interval",
        &[],
        |it| it.frames.margin(),
    ),
    Measure::new("margin>0", 2, "1 where the margin is above 0", &[], |it| {
        it.frames.margin().map(|margin| f64::from(margin > 0.0))
    }),
];

/// What the band does with the chord.
pub static SUPPORT: [Measure; 9] = [
    Measure::new(
        "clash",
        3,
        "share of strong beats on which a key of the player's rubs against the band for an eighth or more",
        &[],
        |it| {
            let pitched = [Part::Bass, Part::Comp, Part::Pads];
            clash_rate(it.band).ratio().filter(|_| pitched.iter().any(|part| !it.absent.contains(part)))
        },
    ),
    Measure::new(
        "bass_root",
        3,
        "share of chords whose first bass note is the root or the slash bass",
        &[Part::Bass],
        |it| bass_on_root(it.band).ratio(),
    ),
    Measure::new(
        "comp_move",
        2,
        "semitones that a voice of the comp moves from one chord to the next",
        &[Part::Comp],
        |it| voice_motion(it.band, Part::Comp),
    ),
    Measure::new("pads_move", 2, "the same of the pads", &[Part::Pads], |it| {
        voice_motion(it.band, Part::Pads)
    }),
    Measure::new(
        "in_sound",
        3,
        "share of the melody's sixteenths whose pitch class bass, comp or pads sound",
        &[],
        |it| it.frames.in_sound().ratio(),
    ),
    Measure::new("sound_pcs", 2, "pitch classes that they sound under the melody", &[], |it| {
        it.frames.sound_size()
    }),
    Measure::new(
        "silence",
        3,
        "share of the melody's sixteenths without bass, comp and pads, but for the first eight",
        &[],
        |it| it.frames.without_sound().ratio().filter(|_| it.is_asked(it.frames.sound_size().is_some())),
    ),
    Measure::new(
        "consonant",
        3,
        "share of the melody with a consonance in the band: near its ceiling, so read clash and margin first",
        &[],
        |it| {
            Some(consonance(it.band, split()).ratios()?.0)
                .filter(|_| it.is_asked(it.frames.sound_size().is_some()))
        },
    ),
    Measure::new(
        "unsupport",
        3,
        "share of the melody over which bass, comp and pads never sound",
        &[],
        |it| {
            Some(consonance(it.band, split()).ratios()?.1)
                .filter(|_| it.is_asked(it.frames.sound_size().is_some()))
        },
    ),
];
