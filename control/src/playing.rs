//! The `play` command: the show from the first key to the report.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use engine::{EventKind, Frame};

use crate::args::{ChordSource, Play};
use crate::failure::{Exit, Failure};
use crate::feeder::Feeder;
use crate::osc::Command;
use crate::rendering::write_report;
use crate::report::{self, Show};
use crate::stage::Stage;
use crate::{folders, midi, render, rig, status, takes};

/// The rig where none is named.
const DEFAULT_RIG: &str = "medium-swing";
/// The rig for the take inside the binary, and where its recording goes if nothing is said.
const DEMO_DIR: &str = "sideman-take";
/// How often the stage looks after itself.
const ROUND: Duration = Duration::from_millis(10);
/// Until what a take handed over ahead of its time has sounded, and what was stopped has rung out.
const RING_OUT: Duration = Duration::from_millis(700);

/// Plays what the arguments say, until the player ends it.
///
/// # Errors
/// Whatever was asked for and is not there.
pub fn run(args: &Play) -> Result<(), Failure> {
    let stopped = stop_flag()?;
    let demo = args.performer.is_none() && is_nobody_there(args);
    let take = match &args.performer {
        Some(path) => Some(takes::find(path)?),
        None if demo => Some(takes::find(Path::new(takes::EMBEDDED[0].0))?),
        None => None,
    };
    let recording = args.record.clone().or_else(|| demo.then(|| PathBuf::from(DEMO_DIR)));
    let rig = args.rig.as_deref().unwrap_or(DEFAULT_RIG);
    let mut stage = Stage::open(args, rig, recording, take.is_none())?;
    introduce(&stage, rig, demo);
    let rate = stage.plan.rate();
    let began = Instant::now();
    let mut feeder = stage.take_input.take().zip(take).map(|(input, take)| {
        // The model writes its first beats while the take waits.
        let start = stage.clock.now() + Frame::from(rate) / 10;
        Feeder::new(input, take.schedule(rate, args.common.tempo), start, rate)
    });
    conduct(&mut stage, args, feeder.as_mut(), &stopped);
    wind_down(&mut stage, feeder.as_mut());
    finish(stage, args, began, demo)
}

/// A flag that Ctrl-C and a request to end set.
fn stop_flag() -> Result<Arc<AtomicBool>, Failure> {
    let stopped = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, stopped.clone())
            .map_err(|error| Failure::new(Exit::Runtime, error))?;
    }
    Ok(stopped)
}

/// Whether there is neither a controller nor a script that will send chords.
fn is_nobody_there(args: &Play) -> bool {
    args.midi_in.is_empty()
        && args.common.chord_source == ChordSource::Played
        && !midi::list().iter().any(|port| port.is_input && port.is_default)
}

fn introduce(stage: &Stage, rig: &str, demo: bool) {
    tracing::info!("{rig} on {}", stage.plan);
    if let Some(why) = stage.plan.why_null() {
        tracing::info!("no sound card ({why}): playing to a device paced by the clock");
    }
    if let Some(addr) = stage.osc_addr() {
        tracing::info!("OSC on {addr}");
    }
    if demo {
        tracing::info!(
            "no controller: playing the take inside; plug a MIDI keyboard in and start again to play"
        );
    } else {
        tracing::info!("hold a chord below the split and the band starts; Ctrl-C ends");
    }
    if let Some(dir) = &stage.recording {
        tracing::info!("recording to {}", dir.display());
    }
}

/// Looks after the show until it is over.
fn conduct(stage: &mut Stage, args: &Play, mut feeder: Option<&mut Feeder>, stopped: &AtomicBool) {
    let began = Instant::now();
    let mut next_line = Instant::now();
    let limit = args.seconds.map(Duration::from_secs_f64);
    let tail = render::tail(stage.plan.rate());
    while !stopped.load(Ordering::Relaxed) && limit.is_none_or(|limit| began.elapsed() < limit) {
        let now = stage.clock.now();
        if let Some(feeder) = &mut feeder {
            feeder.feed(now);
            if now > feeder.end() + tail {
                break;
            }
        }
        while let Ok(Command::LoadRig(name)) = stage.commands.try_recv() {
            load(stage, &name);
        }
        stage.tidy();
        if !args.headless && Instant::now() >= next_line {
            show(&status::line(&stage.stats));
            next_line += Duration::from_secs(1);
        }
        thread::sleep(ROUND);
    }
}

/// Loads a rig by name, or by its number in the list.
fn load(stage: &mut Stage, name: &str) {
    let names = rig::names(&folders::presets());
    let name = name.parse().ok().and_then(|number: usize| names.get(number)).map_or(name, String::as_str);
    match stage.load(name) {
        Ok(()) => tracing::info!("{name} at the next bar"),
        Err(failure) => tracing::error!("{failure}; the band plays on"),
    }
}

/// One line, over the last one where a person reads it.
fn show(line: &str) {
    let mut out = std::io::stdout().lock();
    let end = if out.is_terminal() { "\x1b[K\r" } else { "\n" };
    // A reader that went away does not end the show.
    let _ = write!(out, "{line}{end}").and_then(|()| out.flush());
}

/// Stops the band, has every performer let go, and lets them ring out.
fn wind_down(stage: &mut Stage, feeder: Option<&mut Feeder>) {
    stage.close_inputs();
    stage.input.send(stage.clock.now(), EventKind::Stop);
    if let Some(feeder) = feeder {
        feeder.release();
    }
    thread::sleep(RING_OUT);
}

fn finish(stage: Stage, args: &Play, began: Instant, demo: bool) -> Result<(), Failure> {
    let (stats, plan) = (stage.stats.clone(), stage.plan.clone());
    let (wake_late_ms, recording) = (stage.lateness(), stage.recording.clone());
    let (model, files) = stage.close()?;
    for file in &files {
        tracing::info!("wrote {}", file.display());
    }
    let show = Show {
        seconds: began.elapsed().as_secs_f64(),
        sample_rate: plan.rate(),
        block: plan.block(),
        model,
        stuck: stats.notes_on.get().saturating_sub(stats.notes_off.get()),
        audio: plan.host(),
        wake_late_ms,
    };
    let beside = || recording.filter(|_| demo).map(|dir| dir.join("report.json"));
    write_report(args.common.report.clone().or_else(beside).as_deref(), &report::json(&show, &stats))
}
