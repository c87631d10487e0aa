//! The `render` command: a take or a log, a rig, files.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use engine::take::{Schedule, Take};
use engine::tape::{Header, Log, hash, instruction_set};
use engine::wires::Logged;
use engine::{Beat, Frame, Grid};
use models::Rig;

use crate::args::{Common, Render};
use crate::failure::{Exit, Failure};
use crate::folders;
use crate::model::Model;
use crate::recorder::{Outputs, Recorder};
use crate::render::{self, Job, Played, Rendered, chord_knobs};
use crate::report::{self, Show};
use crate::rig;
use crate::sounds::Sounds;
use crate::takes;

/// Renders what the arguments say.
///
/// # Errors
/// Whatever is missing, broken or cannot be written.
pub fn run(args: &Render) -> Result<(), Failure> {
    let began = Instant::now();
    match &args.replay {
        Some(log) => replay(args, log, began),
        None => perform(args, began),
    }
}

/// The sounds that the arguments ask for.
///
/// # Errors
/// If the font is missing or broken.
pub fn sounds(common: &Common) -> Result<Sounds, Failure> {
    let sounds = Sounds::embedded_or(folders::presets().first().map(PathBuf::as_path));
    Ok(match &common.soundfont {
        Some(font) => sounds.with_font(font)?,
        None => sounds,
    })
}

fn perform(args: &Render, began: Instant) -> Result<(), Failure> {
    let sounds = sounds(&args.common)?;
    let rig = load_rig(args.rig.as_deref().unwrap_or_default())?;
    let take = takes::find(args.performer.as_deref().unwrap_or(Path::new("")))?;
    let schedule = take.schedule(args.rate, args.common.tempo);
    let job = Job {
        seed: args.common.seed,
        rate: args.rate,
        block: args.buffer as usize,
        model_latency_ms: args.model_latency,
        knobs: chord_knobs(args.common.chord_source.value(), args.common.split),
        end: end(&take, &schedule, args),
        score: schedule.events,
        rig,
    };
    let model = Model::open(args.common.model.as_deref())?;
    let header = header(&job, args.rig.as_deref().unwrap_or_default(), &args.common, &model);
    let mut recorder = open(args, &header)?;
    let accompanist = model.accompanist(&job.rig, job.seed);
    let rendered = render::render_with(&job, &sounds, accompanist, |ends| recorder.take(ends))?;
    recorder.finish().map_err(|(path, error)| Failure::file(&path, &error))?;
    tell(args, &rendered, job.block as u32, began)
}

/// The frame after the last bar that is wanted.
fn end(take: &Take, schedule: &Schedule, args: &Render) -> Frame {
    let Some(bars) = args.bars else { return schedule.end };
    let grid = Grid::new(take.meter());
    let ticks = grid.tick_of(grid.bar_start(bars as i32)) - grid.tick_of(Beat(0));
    let per_tick = schedule.end as f64 / take.end().max(1) as f64;
    (ticks as f64 * per_tick) as Frame
}

/// What a replay must know.
fn header(job: &Job, rig: &str, common: &Common, model: &Model) -> Header {
    let font = common.soundfont.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    Header {
        rate: job.rate,
        seed: job.seed,
        rig: hash(format!("{:?}", job.rig).as_bytes()),
        font: hash(font.as_bytes()),
        weights: model.hash(),
        binary: binary_hash(),
        instruction_set: instruction_set(),
        facts: vec![
            ("rig".into(), rig.into()),
            ("soundfont".into(), font),
            ("lead_in".into(), render::LEAD_IN.to_string()),
        ],
    }
}

/// A hash of this program's version; a log of another one may not replay to the sample.
pub fn binary_hash() -> u64 {
    hash(env!("CARGO_PKG_VERSION").as_bytes())
}

fn replay(args: &Render, path: &Path, began: Instant) -> Result<(), Failure> {
    let log = Log::read(path)
        .map_err(|error| Failure::new(Exit::Runtime, format_args!("{}: {error}", path.display())))?;
    let name = args.rig.as_deref().or_else(|| log.header.fact("rig")).unwrap_or_default();
    let rig = load_rig(name)?;
    if hash(format!("{rig:?}").as_bytes()) != log.header.rig {
        tracing::warn!("the rig `{name}` is not the one that was played; the replay will differ");
    }
    let lead_in = log.header.fact("lead_in").and_then(|frames| frames.parse().ok()).unwrap_or(0);
    let job = Job {
        rig,
        seed: log.header.seed,
        rate: log.header.rate,
        block: args.buffer as usize,
        model_latency_ms: 0.0,
        knobs: Vec::new(),
        score: Vec::new(),
        end: (last_event(&log.entries) + render::tail(log.header.rate)).saturating_sub(lead_in),
    };
    let sounds = sounds(&Common { soundfont: font_of(args, &log.header), ..args.common.clone() })?;
    let mut recorder = open(args, &log.header)?;
    let played = Played {
        sync_start: log.header.fact("sync_start") == Some("true"),
        rigs: rigs(&log.entries)?,
        entries: log.entries,
        lead_in,
    };
    let rendered = render::replay(&job, played, &sounds, |ends| recorder.take(ends))?;
    recorder.finish().map_err(|(path, error)| Failure::file(&path, &error))?;
    tell(args, &rendered, job.block as u32, began)
}

/// The font that was asked for now, else the one of the show.
fn font_of(args: &Render, header: &Header) -> Option<PathBuf> {
    let played = || header.fact("soundfont").filter(|font| !font.is_empty()).map(PathBuf::from);
    args.common.soundfont.clone().or_else(played)
}

/// The rigs that took over in a show, and when.
fn rigs(entries: &[Logged]) -> Result<Vec<(Frame, Arc<Rig>)>, Failure> {
    let changes = entries.iter().filter_map(|logged| match logged {
        Logged::Patch { frame, rig } => Some((*frame, rig)),
        _ => None,
    });
    changes.map(|(frame, rig)| Ok((frame, load_rig(rig.as_str())?))).collect()
}

/// When the performer last did something.
fn last_event(entries: &[Logged]) -> Frame {
    let event = |logged: &Logged| match logged {
        Logged::Event { frame, .. } => Some(*frame),
        _ => None,
    };
    entries.iter().rev().find_map(event).unwrap_or(0)
}

fn open(args: &Render, header: &Header) -> Result<Recorder, Failure> {
    let outputs = Outputs {
        wav: args.wav.clone(),
        stems: args.stems.clone(),
        midi: args.midi.clone(),
        log: args.log.clone(),
    };
    Recorder::create(outputs, header.rate, header).map_err(|(path, error)| Failure::file(&path, &error))
}

fn tell(args: &Render, rendered: &Rendered, block: u32, began: Instant) -> Result<(), Failure> {
    let seconds = rendered.frames as f64 / f64::from(args.rate);
    let took = began.elapsed().as_secs_f64();
    tracing::info!("{seconds:.1} s in {took:.2} s: {:.0} times real time", seconds / took);
    let stats = &rendered.stats;
    if stats.model_failures.get() > 0 {
        tracing::warn!("the model failed; from there on the band played its patterns without it");
    }
    let show = Show {
        seconds,
        sample_rate: args.rate,
        block,
        model: rendered.model.clone(),
        stuck: stats.notes_on.get().saturating_sub(stats.notes_off.get()),
        audio: "offline".into(),
        wake_late_ms: None,
    };
    write_report(args.common.report.as_deref(), &report::json(&show, stats))
}

/// Writes a report, if one is wanted.
///
/// # Errors
/// If the file cannot be written.
pub fn write_report(path: Option<&Path>, report: &serde_json::Value) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    folder
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, format!("{report:#}\n")))
        .map_err(|error| Failure::file(path, &error))
}

/// A rig by name or path.
///
/// # Errors
/// If it is unknown or invalid.
pub fn load_rig(name: &str) -> Result<Arc<Rig>, Failure> {
    Ok(Arc::new(rig::find(name, &folders::presets())?))
}
