//! Never silent: whatever the model does, the band plays.

mod show;

use engine::{Beat, Chunk, Cue, EventKind, Frame, Heard, Knob, Param, Part};
use models::{Accompanist, Groove, ModelError};
use show::{RATE, Show, held_chord, play_with, rig_named};

const C_MAJOR: [u8; 4] = [36, 43, 48, 52];

/// Plays like `Groove` until a beat; what it does from there on is up to the test.
struct Failing {
    groove: Groove,
    from: Beat,
    how: How,
}

enum How {
    /// Answers nothing that could be used, for some beats.
    Stall(i32),
    Panic,
    Error,
}

impl Failing {
    fn new(rig: &str, from: i32, how: How) -> Box<Failing> {
        Box::new(Failing { groove: Groove::new(rig_named(rig), 1), from: Beat(from), how })
    }
}

impl Accompanist for Failing {
    fn hear(&mut self, heard: Heard) {
        self.groove.hear(heard);
    }

    fn rewind(&mut self, from: Beat) {
        self.groove.rewind(from);
    }

    fn continue_into(&mut self, chunk: &mut Chunk) -> Result<(), ModelError> {
        let late = chunk.beat >= self.from;
        match self.how {
            How::Stall(beats) if late && chunk.beat < self.from.plus(beats) => {
                // A beat that is over is refused as late: as good as no answer.
                chunk.beat = Beat(-100);
                Ok(())
            }
            How::Panic if late => panic!("the model panics, as the test wants it to"),
            How::Error if late => Err(ModelError::Inference("as the test wants it to".into())),
            _ => self.groove.continue_into(chunk),
        }
    }

    fn name(&self) -> &str {
        "failing"
    }
}

/// No stretch of a beat is silent while the band plays.
fn assert_never_silent(show: &Show, seconds: std::ops::Range<f64>) {
    let at = |s: f64| (s * f64::from(RATE)) as usize * 2;
    for (i, half_second) in show.mix[at(seconds.start)..at(seconds.end)].chunks(RATE as usize).enumerate() {
        let power = half_second.iter().map(|x| x * x).sum::<f32>() / half_second.len() as f32;
        assert!(power > 1e-6, "silent {} s after the start", seconds.start + i as f64 / 2.0);
    }
    assert_eq!(show.rendered.stats.silent_blocks.get(), 0);
}

#[test]
fn a_model_that_stalls_for_ten_seconds_leaves_the_groove_going() {
    let job = held_chord("medium-swing", &C_MAJOR, 20.0);
    let show = play_with(&job, Failing::new("medium-swing", 12, How::Stall(24)));
    assert_never_silent(&show, 1.0..19.0);
    let stats = &show.rendered.stats;
    assert!(stats.vamped.get() >= 18, "{} beats were vamped", stats.vamped.get());
    assert!(stats.fresh.get() >= 12);
    assert_eq!(show.rendered.model, "failing", "it has come back");
}

#[test]
fn a_model_that_never_answers_leaves_the_rigs_loop() {
    let job = held_chord("rock", &C_MAJOR, 12.0);
    let show = play_with(&job, Failing::new("rock", 0, How::Stall(1000)));
    assert_never_silent(&show, 0.5..11.0);
    assert!(show.rendered.stats.groove.get() > 0 && show.rendered.stats.fresh.get() == 0);
}

#[test]
fn a_model_that_panics_or_fails_gives_its_chair_to_groove_without_a_gap() {
    for how in [How::Panic, How::Error] {
        let job = held_chord("bossa-nova", &C_MAJOR, 12.0);
        let show = play_with(&job, Failing::new("bossa-nova", 8, how));
        assert_never_silent(&show, 1.0..11.0);
        assert_eq!(show.rendered.model, "groove");
        assert_eq!(show.rendered.stats.model_failures.get(), 1);
        assert_eq!(show.rendered.stats.fresh.get(), show.rendered.stats.played.get());
    }
}

#[test]
fn whoever_takes_over_finds_the_knobs_where_the_player_left_them() {
    let drums_after = |density: Option<f32>| {
        let mut job = held_chord("bossa-nova", &C_MAJOR, 12.0);
        job.knobs.extend(density.map(|density| (Param::on(Knob::Density, Part::Drums), density)));
        let show = play_with(&job, Failing::new("bossa-nova", 8, How::Error));
        show.strikes(Part::Drums).into_iter().filter(|(frame, _)| *frame > 8 * Frame::from(RATE)).count()
    };
    assert!(drums_after(None) > 0);
    assert_eq!(drums_after(Some(0.0)), 0, "the drums were laid out");
}

#[test]
fn a_model_that_answers_late_is_refused_and_counted_and_the_band_goes_on() {
    for latency in [400.0, 900.0, 2500.0] {
        let mut job = held_chord("funk", &C_MAJOR, 12.0);
        job.model_latency_ms = latency;
        let show = play_with(&job, Box::new(Groove::new(job.rig.clone(), 1)));
        assert_never_silent(&show, 1.0..11.0);
        let stats = &show.rendered.stats;
        let played = [&stats.fresh, &stats.older, &stats.vamped, &stats.groove].map(|count| count.get());
        assert_eq!(played.iter().sum::<u64>(), stats.played.get(), "{latency} ms: {played:?}");
        assert!(latency < 2000.0 || stats.refused_late.get() > 0, "{latency} ms: {played:?}");
    }
}

#[test]
fn after_a_stall_during_a_fill_the_vamp_is_no_fill() {
    let mut job = held_chord("rock", &C_MAJOR, 16.0);
    let beat = (60.0 / f64::from(job.rig.bpm) * f64::from(RATE)) as Frame;
    job.score.push((beat * 12, EventKind::Cue(Cue::Fill)));
    let show = play_with(&job, Failing::new("rock", 14, How::Stall(1000)));
    let toms = show.strikes(Part::Drums).into_iter().filter(|(frame, key)| {
        *frame > beat * 16 + 2000 && matches!(key, 41 | 43 | 45 | 47 | 48 | 50 | 49 | 57)
    });
    assert_eq!(toms.collect::<Vec<_>>(), []);
    assert!(show.rendered.stats.vamped.get() > 4);
    assert_never_silent(&show, 1.0..15.0);
}
