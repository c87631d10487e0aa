//! Melody mode: nobody plays a chord, and the band has one.

mod show;

use engine::{Beat, Chord, EventKind, Frame, Grid, Knob, Meter, Param, Part, SoundedKind, Tick};
use show::{RATE, Show, job, play};

/// A key for each beat, in C.
const TUNE: [u8; 32] = [
    72, 72, 79, 79, 81, 81, 79, 79, 77, 77, 76, 76, 74, 74, 72, 72, //
    79, 79, 77, 77, 76, 76, 74, 74, 79, 79, 77, 77, 76, 76, 74, 74,
];

/// Plays a tune at 120 beats a minute over a rig, each note from `late` ticks after its beat on.
fn sing(rig: &str, keys: &[u8], late: Tick, block: usize) -> Show {
    let beat = Frame::from(RATE) / 2;
    let late = late as Frame * beat / 960;
    let mut job = job(rig, "first-take", keys.len() as f64 / 2.0);
    job.block = block;
    job.end = keys.len() as Frame * beat;
    job.knobs = vec![(Param::of(Knob::ChordSource), 2.0), (Param::of(Knob::Tempo), 120.0)];
    job.score = vec![(0, EventKind::Meter(Meter::COMMON))];
    for (i, key) in keys.iter().enumerate() {
        let at = i as Frame * beat + late;
        job.score.push((at, EventKind::NoteOn { key: *key, velocity: 90 }));
        job.score.push((at + beat * 9 / 10, EventKind::NoteOff { key: *key }));
    }
    play(&job)
}

/// The chords that were marked, with their ticks.
fn marked(show: &Show) -> Vec<(Tick, Chord)> {
    let chord = |sounded: &engine::Sounded| match sounded.kind {
        SoundedKind::Chord { chord, since } => Some((since, chord?)),
        _ => None,
    };
    show.sounded.iter().filter_map(chord).collect()
}

#[test]
fn a_tune_alone_gets_chords_that_hold_it_on_its_strong_beats() {
    let keys = [TUNE, TUNE].concat();
    let show = sing("medium-swing", &keys, 0, 64);
    let chords = marked(&show);
    let at = |tick: Tick| chords.iter().rev().find(|(since, _)| *since <= tick).map(|(_, chord)| *chord);
    let grid = Grid::new(Meter::COMMON);
    let held =
        (0..64).filter(|i| at(grid.tick_of(Beat(*i)) + 480).is_some_and(|c| c.holds(keys[*i as usize])));
    assert!(held.count() >= 48, "{chords:?}");
    let strong = chords.iter().filter(|(since, _)| since.rem_euclid(1920) == 0).count();
    assert!(chords.len() >= 8 && strong * 10 >= chords.len() * 8, "{chords:?}");
}

#[test]
fn the_band_is_on_the_melodys_chord() {
    let show = sing("pop-ballad", &[TUNE, TUNE].concat(), 0, 64);
    let chords = marked(&show);
    let at = |tick: Tick| chords.iter().rev().find(|(since, _)| *since <= tick).map(|(_, chord)| *chord);
    let comp = show.sounded.iter().filter_map(|sounded| match sounded.kind {
        SoundedKind::On { part: Part::Comp, key, moved: false, .. } => Some((sounded.tick, key)),
        _ => None,
    });
    let outside = comp.clone().filter(|(tick, key)| {
        // Colour tones of the key are welcome; notes a semitone above a chord tone are not.
        at(*tick).is_some_and(|chord| !chord.holds(*key) && chord.holds(key + 11))
    });
    assert!(comp.clone().count() > 16);
    assert!(outside.count() * 20 <= comp.count());
}

#[test]
fn notes_a_little_late_get_nearly_the_same_chords() {
    let [on_time, late] = [0, 30].map(|late| marked(&sing("bossa-nova", &TUNE, late, 64)));
    let names = |chords: &[(Tick, Chord)]| chords.iter().map(|(_, chord)| *chord).collect::<Vec<_>>();
    let common = names(&on_time).iter().filter(|chord| names(&late).contains(chord)).count();
    assert!(common * 4 >= on_time.len() * 3, "{on_time:?} {late:?}");
}

#[test]
fn the_size_of_a_block_changes_no_chord() {
    let [small, large] = [16, 1024].map(|block| marked(&sing("bossa-nova", &TUNE, 0, block)));
    assert_eq!(small, large);
}
