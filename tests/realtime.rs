//! The renderer allocates nothing, frees nothing and blocks on nothing, whatever performers do to it.

mod show;

use assert_no_alloc::AllocDisabler;
use control::render::Job;
use engine::{Cue, EventKind, Frame, Knob, Level, Param, Part, Quality};
use show::{RATE, job, play};

#[global_allocator]
static GUARD: AllocDisabler = AllocDisabler;

/// Everything that a performer can do, at random.
fn anything(rng: &mut fastrand::Rng) -> EventKind {
    let key = rng.u8(24..96);
    let part = Part::ALL[rng.usize(..Part::COUNT)];
    match rng.u8(..24) {
        0..=8 => EventKind::NoteOn { key, velocity: rng.u8(1..128) },
        9..=15 => EventKind::NoteOff { key },
        16 => EventKind::Controller { number: rng.u8(..128), value: rng.u8(..128) },
        17 => EventKind::PitchBend(rng.i16(-8192..8192)),
        18 => EventKind::Set { param: Param::on(Knob::Volume, part), value: rng.f32() },
        19 => EventKind::Cue([Cue::Fill, Cue::Break, Cue::Main(Level::at(rng.usize(..4)))][rng.usize(..3)]),
        20 => EventKind::Ramp { bpm: 60.0 + rng.f32() * 180.0, bars: rng.f32() * 2.0 },
        21 => EventKind::Chord(
            Quality::all().nth(rng.usize(..Quality::COUNT)).map(|q| engine::Chord::new(key, q)),
        ),
        22 if rng.u8(..20) == 0 => {
            [EventKind::Panic, EventKind::AllNotesOff, EventKind::Restart][rng.usize(..3)]
        }
        _ => EventKind::Set { param: Param::of(Knob::Settle), value: rng.f32() * 60.0 },
    }
}

#[test]
fn a_minute_of_dense_playing_allocates_nothing() {
    let mut rng = fastrand::Rng::with_seed(11);
    let mut score: Vec<(Frame, EventKind)> =
        (0..6000).map(|_| (rng.u64(..u64::from(RATE) * 60), anything(&mut rng))).collect();
    score.sort_by_key(|(frame, _)| *frame);
    let show = play(&Job { score, end: Frame::from(RATE) * 60, ..job("samba", "first-take", 60.0) });
    assert!(show.rendered.stats.notes_on.get() > 2000);
    assert_eq!(show.rendered.stats.notes_on.get(), show.rendered.stats.notes_off.get(), "a note is stuck");
    assert!(show.mix.iter().all(|x| x.is_finite() && x.abs() <= engine::audio::CEILING));
}

#[test]
fn every_rig_plays_a_take_without_an_allocation() {
    for name in control::rig::embedded() {
        let show = play(&job(name, "push-and-pull", 6.0));
        assert_eq!(show.rendered.stats.silent_blocks.get(), 0, "{name}");
    }
}

#[test]
fn an_allocation_under_the_guard_aborts() {
    let abort = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "allocates_under_the_guard"])
        .output()
        .unwrap();
    assert!(!abort.status.success(), "the guard is inert in this profile");
}

/// Run by the test above in a process of its own, which must not survive it.
#[test]
#[ignore = "aborts the process"]
fn allocates_under_the_guard() {
    let kept = assert_no_alloc::assert_no_alloc(|| Box::new(1));
    assert_eq!(*kept, 1);
}
