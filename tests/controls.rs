//! What a performer asks for happens, when it was promised to.

mod show;

use std::ops::Range;

use control::render::Job;
use engine::{Cue, EventKind, Frame, Knob, Level, Meter, Param, Part, Section, SoundedKind};
use show::{RATE, Show, held_chord, play};

const D_MINOR: [u8; 4] = [38, 45, 50, 53];

fn at(seconds: f64) -> Frame {
    (seconds * f64::from(RATE)) as Frame
}

/// A chord held over a rig at 120 beats a minute, so that a bar of four lasts two seconds.
fn show_with(rig: &str, seconds: f64, events: &[(f64, EventKind)]) -> Show {
    let mut job = held_chord(rig, &D_MINOR, seconds);
    let tempo = EventKind::Set { param: Param::of(Knob::Tempo), value: 120.0 };
    job.score.insert(0, (0, tempo));
    job.score.extend(events.iter().map(|(seconds, kind)| (at(*seconds), *kind)));
    play(&job)
}

fn rms(samples: &[f32], seconds: Range<f64>) -> f32 {
    let range = at(seconds.start) as usize * 2..at(seconds.end) as usize * 2;
    let samples = &samples[range];
    (samples.iter().map(|x| x * x).sum::<f32>() / samples.len() as f32).sqrt()
}

fn set(knob: Knob, part: Part, value: f32) -> EventKind {
    EventKind::Set { param: Param::on(knob, part), value }
}

#[test]
fn panic_cuts_notes_and_tails_and_the_band_resumes_on_the_bar() {
    let show = show_with("rock", 10.0, &[(4.7, EventKind::Panic)]);
    assert!(rms(&show.mix, 4.2..4.6) > 0.01);
    assert!(rms(&show.mix, 4.75..5.9) < 1e-4, "{}", rms(&show.mix, 4.75..5.9));
    assert!(rms(&show.mix, 6.0..6.2) > 0.01);
    assert_eq!(show.rendered.stats.notes_on.get(), show.rendered.stats.notes_off.get());
}

#[test]
fn panic_twice_within_a_second_stops_the_band() {
    let show = show_with("rock", 10.0, &[(4.7, EventKind::Panic), (5.2, EventKind::Panic)]);
    assert!(rms(&show.mix, 5.3..9.5) < 1e-4);
}

#[test]
fn a_main_takes_over_at_the_bar_with_a_fill_before_it() {
    let show = show_with("funk", 8.0, &[(2.6, EventKind::Cue(Cue::Main(Level::C)))]);
    let sections: Vec<_> = show
        .sounded
        .iter()
        .filter_map(|s| match s.kind {
            SoundedKind::Section(section) => Some((s.tick, section)),
            _ => None,
        })
        .collect();
    let (fill, main) = (Section::Fill(Level::C), Section::Main(Level::C));
    assert_eq!(sections[..3], [(0, Section::Main(Level::A)), (6 * 960, fill), (8 * 960, main)]);
}

#[test]
fn an_ending_stops_the_band_on_its_last_bar_line() {
    let show = show_with("bossa-nova", 16.0, &[(3.0, EventKind::Cue(Cue::Ending))]);
    let stop = show.sounded.iter().find(|s| s.kind == SoundedKind::Section(Section::Stopped));
    assert_eq!(stop.map(|s| s.tick), Some(3840 * 4));
    assert!(rms(&show.mix, 13.0..16.0) < 1e-3);
}

#[test]
fn mute_and_solo_act_at_once_and_the_others_play_on() {
    let muted = show_with("disco", 8.0, &[(4.0, set(Knob::Mute, Part::Drums, 1.0))]);
    assert!(rms(&muted.stems[Part::Drums.index()], 2.0..3.9) > 0.01);
    assert!(rms(&muted.stems[Part::Drums.index()], 4.1..7.9) < 1e-4);
    assert!(rms(&muted.stems[Part::Bass.index()], 4.1..7.9) > 0.005);
    let solo = show_with("disco", 8.0, &[(4.0, set(Knob::Solo, Part::Bass, 1.0))]);
    assert!(rms(&solo.stems[Part::Drums.index()], 4.1..7.9) < 1e-4);
    assert!(rms(&solo.stems[Part::Bass.index()], 4.1..7.9) > 0.005);
}

#[test]
fn a_fader_moves_its_part_and_nothing_jumps() {
    let show = show_with("pop-ballad", 8.0, &[(4.0, set(Knob::Volume, Part::Comp, 0.4))]);
    let comp = &show.stems[Part::Comp.index()];
    assert!(rms(comp, 5.0..7.9) < 0.4 * rms(comp, 1.0..3.9));
}

#[test]
fn stop_and_start_begin_again_on_the_first_bar() {
    let show = show_with("rock", 12.0, &[(3.3, EventKind::Stop), (6.0, EventKind::Start)]);
    assert!(rms(&show.mix, 5.0..5.9) < 1e-3);
    let first = |from: f64| show.strikes(Part::Drums).into_iter().find(|(frame, _)| *frame >= at(from));
    let (Some((begun, _)), Some((again, _))) = (first(0.0), first(5.9)) else { panic!("no drums") };
    assert_eq!(again - begun, at(6.0));
}

#[test]
fn the_count_in_clicks_and_the_band_waits() {
    let mut job = held_chord("rock", &D_MINOR, 8.0);
    job.score.insert(0, (0, EventKind::Set { param: Param::of(Knob::Tempo), value: 120.0 }));
    job.score.insert(1, (0, EventKind::Set { param: Param::of(Knob::CountIn), value: 1.0 }));
    let show = play(&job);
    assert_eq!(show.strikes(Part::Click).len(), 4);
    assert!(show.strikes(Part::Drums).iter().all(|(frame, _)| *frame + 4000 > at(2.0)));
}

#[test]
fn every_meter_is_played_without_a_gap() {
    let quarters = (2..=7).map(|n| (n, 4));
    for (numerator, denominator) in quarters.chain([(6, 8), (9, 8), (12, 8)]) {
        let meter = Meter::new(numerator, denominator).unwrap();
        let mut job = held_chord("soul-rnb", &D_MINOR, 10.0);
        job.score.insert(0, (0, EventKind::Meter(meter)));
        let show = play(&Job { end: at(10.0), ..job });
        let stats = &show.rendered.stats;
        assert_eq!(stats.silent_blocks.get(), 0, "{meter}");
        assert_eq!(stats.fresh.get(), stats.played.get(), "{meter}");
        let first_beats = show.strikes(Part::Drums).len();
        assert!(first_beats > 15, "{meter}: {first_beats}");
    }
}

#[test]
fn a_tempo_ramp_keeps_every_note_at_its_place_in_the_bar() {
    let show = show_with("disco", 20.0, &[(2.0, EventKind::Ramp { bpm: 180.0, bars: 4.0 })]);
    let tempos: Vec<f32> = show
        .sounded
        .iter()
        .filter_map(|s| match s.kind {
            SoundedKind::Tempo(bpm) => Some(bpm),
            _ => None,
        })
        .collect();
    assert!(tempos.len() > 100 && tempos.last() == Some(&180.0), "the recording has the ramp: {tempos:?}");
    let kicks = show.strikes(Part::Drums).into_iter().filter(|(_, key)| matches!(key, 35 | 36));
    let frames: Vec<Frame> = kicks.map(|(frame, _)| frame).collect();
    let gaps: Vec<i64> =
        frames.windows(2).map(|w| w[1] as i64 - w[0] as i64).filter(|gap| *gap > 9000).collect();
    let slower = gaps.windows(2).filter(|w| w[1] > w[0] + 900).count();
    assert!(slower <= gaps.len() / 5, "{gaps:?}");
    assert!((gaps[gaps.len() - 2] - 16_000).abs() < 700, "{gaps:?}");
}

#[test]
fn a_push_before_a_stop_takes_nothing_from_the_beats_after_it() {
    let chord = |keys: [u8; 4]| keys.map(|key| EventKind::NoteOn { key, velocity: 90 });
    let pushed = [36, 43, 48, 52];
    // The chord comes on the off-beat before bar 2, and the band is stopped and started again.
    let mut events: Vec<_> = chord(pushed).map(|kind| (1.8, kind)).to_vec();
    events.splice(0..0, D_MINOR.map(|key| (1.75, EventKind::NoteOff { key })));
    let (stop, start) = ((3.0, EventKind::Stop), (4.0, EventKind::Start));
    events.extend([stop, start]);
    let again = show_with("disco", 10.0, &events);
    let comp_and_bass = |from: f64| {
        let strikes = [Part::Comp, Part::Pads, Part::Bass].map(|part| again.strikes(part)).concat();
        strikes.into_iter().filter(|(frame, _)| frame.abs_diff(at(from)) < at(0.06)).count()
    };
    assert!(comp_and_bass(6.0) > 0, "nobody strikes on the second bar after the start");
}
