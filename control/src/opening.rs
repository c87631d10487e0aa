//! What a stage opens, one thing after the other, as the command line asks for it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use engine::device::{AudioConfig, HostChoice, Plan, Shared};
use engine::tape::{Header, Tape, TapeConfig, hash, instruction_set};
use engine::wires::{Input, TapeEnds};
use engine::{EventKind, Frame, Knob, Pacer, Param, Sounded};
use models::Rig;

use crate::args::Play;
use crate::failure::{Exit, Failure};
use crate::midi::{Inputs, Midi, MidiConfig, Out, OutPort};
use crate::model::Model;
use crate::osc::{Command, Remote, Server};
use crate::priority;
use crate::render::chord_knobs;
use crate::rendering::binary_hash;

/// What is wanted of the device.
///
/// # Errors
/// If the host has no such form.
pub fn audio(args: &Play) -> Result<AudioConfig, Failure> {
    let host = args.audio.as_deref().unwrap_or("auto").parse::<HostChoice>();
    let host = host.map_err(|error| Failure::new(Exit::Audio, error))?;
    Ok(AudioConfig { host, rate: args.rate, buffer: args.buffer })
}

/// The tape, where the show is to be recorded.
///
/// # Errors
/// If the folder or a file cannot be made.
pub fn tape(
    args: &Play,
    dir: Option<PathBuf>,
    ends: TapeEnds,
    header: Header,
) -> Result<Option<Tape>, Failure> {
    let config = |dir| TapeConfig { dir, wav: true, stems: args.stems, midi: true, log: true, header };
    let tape = dir.map(|dir| Tape::start(ends, config(dir))).transpose();
    tape.map_err(|error| Failure::new(Exit::Runtime, error))
}

/// What a replay must know.
pub fn header(
    args: &Play,
    name: &str,
    rig: &Arc<Rig>,
    model: &Model,
    plan: &Plan,
    sync_start: bool,
) -> Header {
    let font = args.common.soundfont.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    Header {
        rate: plan.rate(),
        seed: args.common.seed,
        rig: hash(format!("{rig:?}").as_bytes()),
        font: hash(font.as_bytes()),
        weights: model.hash(),
        binary: binary_hash(),
        instruction_set: instruction_set(),
        facts: vec![
            ("rig".into(), name.into()),
            ("soundfont".into(), font),
            ("sync_start".into(), sync_start.to_string()),
        ],
    }
}

/// Sets what the command line sets, before anything else is heard.
pub fn set_up(input: &mut Input, args: &Play) {
    let mut set = |param, value| input.send(0, EventKind::Set { param, value });
    for (param, value) in chord_knobs(args.common.chord_source.value(), args.common.split) {
        set(param, value);
    }
    if let Some(bpm) = args.common.tempo {
        set(Param::of(Knob::Tempo), bpm);
    }
    if let Some(bars) = args.count_in {
        set(Param::of(Knob::CountIn), f32::from(bars));
    }
}

/// A thread that only wakes, as often and with the same priority as the null device: what it is late by, the
/// machine is.
///
/// # Errors
/// If the system has no thread left.
pub fn lateness(plan: &Plan, args: &Play) -> Result<Option<Pacer>, Failure> {
    if !plan.is_null() || args.common.report.is_none() {
        return Ok(None);
    }
    let period = std::time::Duration::from_secs_f64(f64::from(plan.block()) / f64::from(plan.rate()));
    let pacer = Pacer::start(period, Pacer::histogram(), priority::ask_for_real_time, |_| {});
    pacer.map(Some).map_err(|error| Failure::new(Exit::Runtime, error))
}

/// The MIDI ports that were asked for, for messages.
fn named_ports(args: &Play) -> String {
    let names: Vec<&str> = args.midi_in.iter().chain(&args.midi_out).map(String::as_str).collect();
    names.join(", ")
}

/// MIDI in and out. A machine without MIDI is no failure unless a port was asked for.
///
/// # Errors
/// If a port that was asked for is not there.
pub fn midi(
    args: &Play,
    inputs: Vec<Input>,
    sounded: rtrb::Consumer<Sounded>,
    plan: &Plan,
    shared: &Shared,
) -> Result<Option<Midi>, Failure> {
    let port = |name: &String| match name.as_str() {
        "virtual" => OutPort::Virtual,
        _ => OutPort::Named(name.clone()),
    };
    let out = args.midi_out.as_ref().map(|name| Out {
        port: port(name),
        sounded,
        delay: Frame::from(plan.block()),
    });
    let wanted = if args.midi_in.is_empty() { Inputs::All } else { Inputs::Named(args.midi_in.clone()) };
    let asked = out.is_some() || !args.midi_in.is_empty();
    let config = MidiConfig { inputs: wanted, out, ..MidiConfig::default() };
    match Midi::start(config, inputs, shared.clock.clone(), shared.stats.clone()) {
        Ok(midi) => Ok(Some(midi)),
        Err(error) if asked => Err(Failure::new(Exit::Midi, format_args!("{}: {error}", named_ports(args)))),
        Err(error) => {
            tracing::info!("no MIDI here: {error}");
            Ok(None)
        }
    }
}

/// OSC, and the commands that come through it.
///
/// # Errors
/// If its port is taken.
pub fn osc(args: &Play, input: Input, shared: &Shared) -> Result<(Server, Receiver<Command>), Failure> {
    let (commands_in, commands) = mpsc::channel();
    let Shared { clock, stats } = shared.clone();
    let remote = Remote { input, clock, commands: commands_in, stats };
    let server = Server::start(args.osc, remote).map_err(|error| Failure::new(Exit::Port, error))?;
    Ok((server, commands))
}
