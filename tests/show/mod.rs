//! A show on the virtual clock, and everything that came out of it.
#![allow(dead_code, reason = "each test uses its own part")]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use control::model::Model;
use control::render::{Job, Rendered, render_with};
use control::sounds::Sounds;
use control::{rig, takes};
use engine::tape::MidiWriter;
use engine::wires::{Logged, TAPE_CHANNELS};
use engine::{EventKind, Frame, Part, Sounded, SoundedKind};
use models::{Accompanist, Groove, PartSource, Rig};
use ringbuf::traits::Consumer;

pub const RATE: u32 = 48_000;

/// What came out.
pub struct Show {
    /// Interleaved stereo.
    pub mix: Vec<f32>,
    /// Interleaved stereo of each part.
    pub stems: [Vec<f32>; Part::COUNT],
    pub sounded: Vec<Sounded>,
    pub log: Vec<Logged>,
    pub rendered: Rendered,
}

impl Show {
    /// The MIDI file.
    pub fn midi(&self) -> Vec<u8> {
        let mut writer = MidiWriter::default();
        self.sounded.iter().for_each(|sounded| writer.write(sounded));
        writer.bytes().unwrap()
    }

    /// Frames and keys of a part's strikes.
    pub fn strikes(&self, wanted: Part) -> Vec<(Frame, u8)> {
        let on = |sounded: &Sounded| match sounded.kind {
            SoundedKind::On { part, key, moved: false, .. } if part == wanted => Some((sounded.frame, key)),
            _ => None,
        };
        self.sounded.iter().filter_map(on).collect()
    }
}

/// A rig inside the binary.
pub fn rig_named(name: &str) -> Arc<Rig> {
    Arc::new(rig::find(name, &[]).unwrap())
}

/// A take inside the binary, over a rig, for some seconds.
pub fn job(rig: &str, take: &str, seconds: f64) -> Job {
    let schedule = takes::find(Path::new(take)).unwrap().schedule(RATE, None);
    Job {
        rig: rig_named(rig),
        seed: 1,
        rate: RATE,
        block: 64,
        model_latency_ms: 0.0,
        knobs: Vec::new(),
        score: schedule.events,
        end: schedule.end.min((seconds * f64::from(RATE)) as Frame),
    }
}

/// A held chord and nothing else, over a rig.
pub fn held_chord(rig: &str, keys: &[u8], seconds: f64) -> Job {
    let score = keys.iter().map(|key| (0, EventKind::NoteOn { key: *key, velocity: 90 })).collect();
    Job { score, end: (seconds * f64::from(RATE)) as Frame, ..job(rig, "first-take", seconds) }
}

/// Plays a job with `Groove`.
pub fn play(job: &Job) -> Show {
    play_with(job, Box::new(Groove::new(job.rig.clone(), job.seed)))
}

/// Plays a job with the model inside, where the rig gives it a part, and sees that it stays in its chair.
pub fn play_with_model(job: &Job) -> Show {
    static MODEL: LazyLock<Model> = LazyLock::new(|| Model::open(None).unwrap());
    let show = play_with(job, MODEL.accompanist(&job.rig, job.seed));
    assert_eq!(show.rendered.stats.model_failures.get(), 0, "{}: the model left its chair", job.rig.name);
    show
}

/// A take inside the binary, over a rig whose every part the trained model writes.
pub fn written_job(rig: &str, take: &str, seconds: f64) -> Job {
    let mut rig = Rig::clone(&rig_named(rig));
    rig.parts.iter_mut().for_each(|part| part.source = PartSource::Model);
    Job { rig: Arc::new(rig), ..job("rock", take, seconds) }
}

/// Plays a job with the model inside, and sees that it does play.
pub fn play_written(job: &Job) -> Show {
    let show = play_with_model(job);
    assert!(show.rendered.stats.model_tokens.get() > 100, "the model plays");
    show
}

/// Plays a job with any accompanist.
pub fn play_with(job: &Job, accompanist: Box<dyn Accompanist>) -> Show {
    let (mut mix, mut sounded, mut log) = (Vec::new(), Vec::new(), Vec::new());
    let mut stems: [Vec<f32>; Part::COUNT] = Default::default();
    let mut samples = vec![0.0; 1024 * TAPE_CHANNELS];
    let rendered = render_with(job, &Sounds::embedded(), accompanist, |ends| {
        sounded.extend(std::iter::from_fn(|| ends.sounded.pop().ok()));
        log.extend(std::iter::from_fn(|| ends.log.pop().ok()));
        loop {
            let n = ends.samples.pop_slice(&mut samples);
            for frame in samples[..n].chunks_exact(TAPE_CHANNELS) {
                mix.extend(&frame[..2]);
                for (stem, sides) in stems.iter_mut().zip(frame[2..].chunks_exact(2)) {
                    stem.extend(sides);
                }
            }
            if n == 0 {
                break;
            }
        }
    })
    .unwrap();
    Show { mix, stems, sounded, log, rendered }
}

/// The greatest difference of two renderings, in dBFS.
pub fn difference_db(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    let peak = a.iter().zip(b).fold(0.0_f32, |peak, (a, b)| peak.max((a - b).abs()));
    20.0 * peak.max(1e-12).log10()
}
