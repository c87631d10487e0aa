//! The pictures of the listening page show what the program plays today.
//!
//! `UPDATE_LISTENING=1 cargo test --test listening` draws them again; then look at them.

mod show;
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use control::render::Job;
use control::rig;
use engine::{Part, TICKS_PER_QUARTER, Tick};
use support::judge::Band;
use support::roll::{Ruler, View, piano_roll};

/// Beats a minute of the takes.
const SWING_BPM: f64 = 132.0;
const BOSSA_BPM: f64 = 102.0;
/// Ticks of a bar.
const BAR: Tick = 4 * TICKS_PER_QUARTER;

/// Rigs, pictures and the page.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("presets/listening")
}

/// A rig of the pictures under a take, from its first bar to the bar line after `bars`.
fn band(name: &str, take: &str, bpm: f64, bars: Tick) -> Band {
    let seconds = (4 * (bars + 1)) as f64 * 60.0 / bpm;
    let file = folder().join(format!("{name}.toml"));
    let rig = Arc::new(rig::find(&file.display().to_string(), &[]).unwrap());
    let job = Job { rig, ..show::job("medium-swing", take, seconds) };
    Band::collect(&show::play(&job).sounded)
}

/// A view of some bars, counted from 1.
fn bars(title: &str, subtitle: &str, first: Tick, last: Tick) -> View {
    View {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        from: (first - 1) * BAR,
        to: last * BAR,
        beat_width: 56.0,
        ruler: None,
    }
}

/// The last key of the chord hand before a tick.
fn last_key(band: &Band, before: Tick) -> Tick {
    let keys = band.performer.iter().filter(|note| note.key < 54 && note.on < before);
    keys.map(|note| note.on).max().unwrap()
}

/// When held notes of comp and pads moved, from a tick on.
fn moves(band: &Band, from: Tick) -> impl Iterator<Item = Tick> {
    let held = band.notes.iter().filter(move |note| note.moved && note.on >= from && note.part != Part::Bass);
    held.map(|note| note.on)
}

/// A close-up of the first move from a bar line on, in milliseconds after the last key of the chord.
fn close_up(band: &Band, from: Tick, bpm: f64) -> View {
    let ms_per_tick = 60_000.0 / bpm / TICKS_PER_QUARTER as f64;
    let moved = moves(band, from).min().unwrap();
    let zero = last_key(band, moved);
    let ticks = |ms: f64| (ms / ms_per_tick) as Tick;
    let ms = |ticks: Tick| ticks as f64 * ms_per_tick;
    View {
        title: format!("Corner Table, the first beat of bar {}", from / BAR + 1),
        subtitle: format!(
            "the chord is complete {:.0} ms after the beat: what the band has struck moves, once",
            ms(zero - from)
        ),
        from: zero - ticks(70.0),
        to: zero + ticks(110.0),
        beat_width: 5.0 * ms_per_tick * TICKS_PER_QUARTER as f64,
        ruler: Some(Ruler {
            zero,
            ms_per_tick,
            marks: vec![
                (zero, "the last key of the chord".to_owned()),
                (moved, format!("held notes move: {:.1} ms", ms(moved - zero))),
            ],
        }),
    }
}

/// Compares a picture with the one that ships, or takes its place where that is wanted.
fn ships(name: &str, svg: &str) {
    let file = folder().join(format!("{name}.svg"));
    if std::env::var_os("UPDATE_LISTENING").is_some() {
        fs::write(&file, svg).unwrap();
    }
    let shipped = fs::read_to_string(&file).unwrap_or_default();
    assert!(shipped == svg, "{name}.svg is out of date: UPDATE_LISTENING=1 cargo test --test listening");
}

#[test]
fn the_pictures_of_swing_are_what_is_played() {
    let band = band("medium-swing", "first-take", SWING_BPM, 8);
    let subtitle = "medium swing at 132: chords change under held notes, on the beat and between";
    let view = bars("Corner Table, bars 5 to 8", subtitle, 5, 8);
    ships("medium-swing", &piano_roll(&band, &view));
    ships("close-up", &piano_roll(&band, &close_up(&band, 6 * BAR, SWING_BPM)));
}

#[test]
fn the_picture_of_bossa_nova_is_what_is_played() {
    let band = band("bossa-nova", "push-and-pull", BOSSA_BPM, 8);
    let subtitle = "bossa nova at 102: chords come a sixteenth or an eighth before the bar";
    ships("bossa-nova", &piano_roll(&band, &bars("Push and Pull, bars 5 to 8", subtitle, 5, 8)));
}
