//! Opens the stage: device, model, tape, MIDI, OSC, each with its thread; and closes it in order.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use engine::audio::{Renderer, Setup};
use engine::device::{AudioConfig, Device, HostChoice, Plan, Shared};
use engine::tape::{Header, Tape, TapeConfig, hash, instruction_set};
use engine::wires::{Input, PatchEnds, Wires, wires};
use engine::{EventKind, Frame, FrameClock, Knob, Pacer, Param, Stats};
use models::{Chair, Groove, Horizon, Rig, Worker};

use crate::args::Play;
use crate::failure::{Exit, Failure};
use crate::midi::{Inputs, Midi, MidiConfig, Out, OutPort};
use crate::osc::{Command, Remote, Server};
use crate::render::chord_knobs;
use crate::rendering::{binary_hash, load_rig, sounds};
use crate::sounds::Sounds;
use crate::{patch, priority};

/// Seconds that the tape may lag behind the band.
const TAPE_SECONDS: usize = 4;

/// An open stage.
#[allow(missing_debug_implementations, reason = "the worker has none")]
pub struct Stage {
    /// The counters.
    pub stats: Arc<Stats>,
    /// The frame clock of the audio thread.
    pub clock: Arc<FrameClock>,
    /// What was opened.
    pub plan: Plan,
    /// What only the stage can do, from OSC.
    pub commands: Receiver<Command>,
    /// The way of the stage itself to the audio thread.
    pub input: Input,
    /// One more, for a take.
    pub take_input: Option<Input>,
    /// Where it was wanted that the show be recorded.
    pub recording: Option<PathBuf>,
    sounds: Sounds,
    seed: u64,
    patches: PatchEnds,
    chairs: Sender<Chair>,
    next_rig: u16,
    stop: Arc<AtomicBool>,
    worker: Option<JoinHandle<Worker>>,
    tape: Option<Tape>,
    device: Option<Device>,
    control: Option<Pacer>,
    midi: Option<Midi>,
    osc: Option<Server>,
}

impl Stage {
    /// Opens everything. `sync_start` has the band begin with the player's first chord.
    ///
    /// # Errors
    /// Whatever was asked for and is not there.
    pub fn open(
        args: &Play,
        rig_name: &str,
        recording: Option<PathBuf>,
        sync_start: bool,
    ) -> Result<Stage, Failure> {
        let plan = Plan::choose(&audio(args)?)?;
        let (rig, sounds) = (load_rig(rig_name)?, sounds(&args.common)?);
        let patch = patch::build(&rig, &sounds, plan.rate(), 0)?;
        let tape_frames = recording.as_ref().map_or(0, |_| plan.rate() as usize * TAPE_SECONDS);
        let Wires { audio, model, mut inputs, patches, tape: tape_ends, midi_out, stats } =
            wires(tape_frames);
        let setup = Setup { rate: plan.rate(), latency: Frame::from(plan.block()), sync_start };
        let renderer = Renderer::new(audio, patch, setup);
        let stop = Arc::new(AtomicBool::new(false));
        let (chairs, chairs_out) = mpsc::channel();
        let worker = Worker::new(model, chair(&rig, args.common.seed, 0), chairs_out, Horizon::default());
        let worker = start_worker(worker, stop.clone())?;
        let clock = Arc::new(FrameClock::new(plan.rate()));
        let mut own = || inputs.pop().ok_or_else(|| Failure::new(Exit::Runtime, "no input is left"));
        let (mut input, take_input, osc_input) = (own()?, own()?, own()?);
        set_up(&mut input, args);
        let (commands_in, commands) = mpsc::channel();
        let remote =
            Remote { input: osc_input, clock: clock.clone(), commands: commands_in, stats: stats.clone() };
        // A port that is taken must not cost the recording before.
        let osc = Server::start(args.osc, remote).map_err(|error| Failure::new(Exit::Port, error))?;
        let header = header(args, rig_name, &rig, plan.rate(), sync_start);
        let tape =
            recording.clone().map(|dir| Tape::start(tape_ends, tape_config(args, dir, header))).transpose();
        let tape = tape.map_err(|error| Failure::new(Exit::Runtime, error))?;
        let shared = Shared { clock: clock.clone(), stats: stats.clone() };
        let control = measure_lateness(&plan, args)?;
        let device = plan.clone().start(renderer, shared, priority::ask_for_real_time)?;
        let midi = start_midi(args, inputs, midi_out, &plan, &clock, &stats)?;
        Ok(Stage {
            stats,
            clock,
            plan,
            commands,
            input,
            take_input: Some(take_input),
            recording,
            sounds,
            seed: args.common.seed,
            patches,
            chairs,
            next_rig: 1,
            stop,
            worker: Some(worker),
            tape,
            device: Some(device),
            control,
            midi,
            osc: Some(osc),
        })
    }

    /// Where OSC is heard.
    pub fn osc_addr(&self) -> Option<std::net::SocketAddr> {
        self.osc.as_ref().map(Server::addr)
    }

    /// Loads a rig; the band takes it up at the next bar.
    ///
    /// # Errors
    /// If it is unknown or invalid; the band plays on as it was.
    pub fn load(&mut self, name: &str) -> Result<(), Failure> {
        let rig = load_rig(name)?;
        let id = self.next_rig;
        let patch = patch::build(&rig, &self.sounds, self.plan.rate(), id)?;
        if self.patches.next.is_full() {
            return Err(Failure::new(Exit::Runtime, "too many rigs are waiting for the next bar"));
        }
        // The model must have its chair before the audio thread calls for it.
        let sat = self.chairs.send(chair(&rig, self.seed, id)).is_ok();
        if !sat || self.patches.next.push(patch).is_err() {
            return Err(Failure::new(Exit::Runtime, "nobody is there to play another rig"));
        }
        self.next_rig += 1;
        Ok(())
    }

    /// Frees what the audio thread gave back, and tells what happened to the device.
    pub fn tidy(&mut self) {
        while self.patches.retired.pop().is_ok() {}
        while let Some(news) = self.device.as_ref().and_then(Device::news) {
            tracing::warn!("{news}");
        }
    }

    /// p99 of how late the paced device and a thread of equal priority woke, in milliseconds, where there is one.
    pub fn lateness(&self) -> Option<crate::report::Lateness> {
        let (device, control) = (self.device.as_ref()?, self.control.as_ref()?);
        let p99 = |histogram: &engine::Histogram| histogram.percentile(0.99);
        Some(crate::report::Lateness { audio: p99(device.lateness()), control: p99(control.lateness()) })
    }

    /// Closes MIDI, which lets go of its keys, and OSC.
    pub fn close_inputs(&mut self) {
        self.midi = None;
        self.osc = None;
    }

    /// Closes the stage: inputs, model, device, tape. Returns who played, and the files of the recording.
    ///
    /// # Errors
    /// If the recording could not be finished.
    pub fn close(mut self) -> Result<(String, Vec<PathBuf>), Failure> {
        self.close_inputs();
        self.stop.store(true, Ordering::Relaxed);
        let worker = self.worker.take().and_then(|worker| worker.join().ok());
        let name = worker.map_or("nobody".into(), |worker| worker.name().to_owned());
        self.control = None;
        self.device = None;
        let Some(tape) = self.tape.take() else { return Ok((name, Vec::new())) };
        let recorded = tape.stop().map_err(|error| Failure::new(Exit::Runtime, error))?;
        Ok((name, recorded.files))
    }
}

fn audio(args: &Play) -> Result<AudioConfig, Failure> {
    let host = args.audio.as_deref().unwrap_or("auto").parse::<HostChoice>();
    let host = host.map_err(|error| Failure::new(Exit::Audio, error))?;
    Ok(AudioConfig { host, rate: args.rate, buffer: args.buffer })
}

fn chair(rig: &Arc<Rig>, seed: u64, id: u16) -> Chair {
    let groove = || Box::new(Groove::new(rig.clone(), seed));
    Chair { rig: id, accompanist: groove(), fallback: Some(groove()) }
}

fn start_worker(worker: Worker, stop: Arc<AtomicBool>) -> Result<JoinHandle<Worker>, Failure> {
    let thread = thread::Builder::new().name("model".into()).spawn(move || worker.run(&stop));
    thread.map_err(|error| Failure::new(Exit::Runtime, error))
}

fn tape_config(args: &Play, dir: PathBuf, header: Header) -> TapeConfig {
    TapeConfig { dir, wav: true, stems: args.stems, midi: true, log: true, header }
}

fn header(args: &Play, name: &str, rig: &Arc<Rig>, rate: u32, sync_start: bool) -> Header {
    let font = args.common.soundfont.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    Header {
        rate,
        seed: args.common.seed,
        rig: hash(format!("{rig:?}").as_bytes()),
        font: hash(font.as_bytes()),
        weights: 0,
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
fn set_up(input: &mut Input, args: &Play) {
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
fn measure_lateness(plan: &Plan, args: &Play) -> Result<Option<Pacer>, Failure> {
    if !plan.is_null() || args.common.report.is_none() {
        return Ok(None);
    }
    let period = std::time::Duration::from_secs_f64(f64::from(plan.block()) / f64::from(plan.rate()));
    let pacer = Pacer::start(period, Pacer::histogram(), priority::ask_for_real_time, |_| {});
    pacer.map(Some).map_err(|error| Failure::new(Exit::Runtime, error))
}

/// The MIDI ports that were asked for.
fn named_ports(args: &Play) -> String {
    let names: Vec<&str> = args.midi_in.iter().chain(&args.midi_out).map(String::as_str).collect();
    names.join(", ")
}

fn start_midi(
    args: &Play,
    inputs: Vec<Input>,
    sounded: rtrb::Consumer<engine::Sounded>,
    plan: &Plan,
    clock: &Arc<FrameClock>,
    stats: &Arc<Stats>,
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
    match Midi::start(config, inputs, clock.clone(), stats.clone()) {
        Ok(midi) => Ok(Some(midi)),
        Err(error) if asked => Err(Failure::new(Exit::Midi, format_args!("{}: {error}", named_ports(args)))),
        Err(error) => {
            tracing::info!("no MIDI here: {error}");
            Ok(None)
        }
    }
}
