//! Five hundred random chords, played into the renderer, are recognised.

mod support;

use engine::{Chord, Frame, Sounded, SoundedKind};
use support::judge::Share;
use support::random_take::{Manner, Struck, chords_in, events, same_sound};
use support::sine_font::{RATE, tempered};
use support::stage::{Stage, perform};

/// The frame of a time in seconds.
fn frame(seconds: f64) -> Frame {
    (seconds * f64::from(RATE)) as Frame
}

/// The chord that was told last before a frame.
fn told(sounded: &[Sounded], before: Frame) -> Option<Chord> {
    let earlier = sounded.iter().filter(|sounded| sounded.frame < before);
    earlier.rev().find_map(|sounded| match sounded.kind {
        SoundedKind::Chord { chord, .. } => chord,
        _ => None,
    })
}

/// How many of the chords the band plays, once they have been struck and before the next begins.
fn recognised(chords: &[Struck]) -> Share {
    let script: Vec<_> = events(chords).into_iter().map(|(at, kind)| (frame(at), kind)).collect();
    let stage = Stage { font: tempered(), block: 64, bpm: 120.0, score: Vec::new(), knobs: Vec::new() };
    let end = chords.last().map_or(0.0, |last| last.last() + 0.2);
    let sounded = perform(&stage, &script, frame(end) as usize).sounded;
    let nexts = chords.iter().skip(1).map(Struck::first).chain([end]);
    let share = Share::count(chords.iter().zip(nexts), |(struck, next)| {
        let heard = told(&sounded, frame(next));
        let right = heard.is_some_and(|heard| same_sound(heard, struck.chord));
        if !right {
            println!("{:?} was heard as {heard:?}", struck.chord);
        }
        right
    });
    println!("{} of {} recognised", share.hits, share.of);
    share
}

#[test]
fn five_hundred_random_chords_are_recognised() {
    let share = recognised(&chords_in(1, 500, &Manner::default()));
    assert!(share.of == 500 && share.hits * 100 >= share.of * 99, "{share:?}");
}

#[test]
fn keys_that_lie_over_into_the_next_chord_do_no_harm() {
    let share = recognised(&chords_in(2, 500, &Manner { overlap_ms: 30.0, ..Manner::default() }));
    assert!(share.of == 500 && share.hits * 100 >= share.of * 99, "{share:?}");
}

#[test]
fn chords_spread_over_forty_milliseconds_are_recognised() {
    let share = recognised(&chords_in(3, 500, &Manner { spread_ms: 40.0, ..Manner::default() }));
    assert!(share.of == 500 && share.hits * 100 >= share.of * 99, "{share:?}");
}
