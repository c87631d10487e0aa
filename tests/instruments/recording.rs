//! Loudness and pictures.

use std::f64::consts::TAU;

use engine::{Part, Tick};

use crate::score::{BAR, C, F7, band, hits, note};
use crate::support::judge::Sounding;
use crate::support::loudness::loudness;
use crate::support::roll::{View, piano_roll};

fn tone(level: f64) -> Vec<f32> {
    let sample = |n: u32| (level * (TAU * 997.0 * f64::from(n) / 48_000.0).sin()) as f32;
    (0..48_000 * 4).flat_map(|n| [sample(n); 2]).collect()
}

#[test]
fn a_stereo_tone_of_997_hz_at_minus_twenty_is_minus_twenty_lufs() {
    // BS.1770: a 997 Hz sine at 0 dBFS in one channel reads -3.01 LUFS, so in two it reads 0.
    let heard = loudness(&tone(0.1), 48_000);
    assert!((heard.integrated + 20.0).abs() < 0.1, "{heard:?}");
    assert!((heard.sample_peak + 20.0).abs() < 0.1 && (heard.true_peak + 20.0).abs() < 0.2, "{heard:?}");
    assert_eq!(loudness(&[0.0; 96_000], 48_000).integrated, f64::NEG_INFINITY);
}

#[test]
fn the_picture_shows_each_note_in_its_span_the_chords_and_the_moves() {
    let moved = Sounding { moved: true, ..note(Part::Pads, 65, BAR, BAR) };
    let notes = [
        note(Part::Pads, 64, 0, BAR),
        moved,
        note(Part::Lead, 72, 0, 960),
        note(Part::Comp, 60, 9 * BAR, 10),
    ];
    let band = band(notes.into_iter().chain(hits(36, 90, [0, 1920])), &[(0, C), (BAR, F7)]);
    let (title, subtitle) = ("A title".to_owned(), String::new());
    let view = View { title, subtitle, from: 0, to: 2 * BAR as Tick, beat_width: 44.0, ruler: None };
    let svg = piano_roll(&band, &view);
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"));
    assert_eq!(svg.matches(" opacity=").count(), 5, "five notes lie in the span");
    assert_eq!(svg.matches("class=\"moved\"").count(), 1);
    assert!(svg.contains(">C</text>") && svg.contains(">F7</text>"));
    let balanced = svg.matches("<text").count() == svg.matches("</text>").count();
    assert!(balanced && !svg.contains("NaN"));
}
