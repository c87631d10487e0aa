//! Opens the stage: device, model, tape, MIDI, OSC, each with its thread; and closes it in order.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use engine::audio::{Renderer, Setup};
use engine::device::{Device, Plan, Shared};
use engine::tape::Tape;
use engine::wires::{Input, PatchEnds, Wires, wires};
use engine::{Frame, FrameClock, Pacer, Stats};

use crate::args::Play;
use crate::failure::{Exit, Failure};
use crate::midi::Midi;
use crate::model::Model;
use crate::osc::{Command, Server};
use crate::players::Players;
use crate::rendering::{load_rig, sounds};
use crate::sounds::Sounds;
use crate::{opening, patch, priority};

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
    patches: PatchEnds,
    players: Players,
    next_rig: u16,
    /// Failures of the model that the player has been told of.
    failures: u64,
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
        let plan = Plan::choose(&opening::audio(args)?)?;
        let (rig, sounds) = (load_rig(rig_name)?, sounds(&args.common)?);
        let patch = patch::build(&rig, &sounds, plan.rate(), 0)?;
        let tape_frames = recording.as_ref().map_or(0, |_| plan.rate() as usize * TAPE_SECONDS);
        let Wires { audio, model, mut inputs, patches, tape, midi_out, stats } = wires(tape_frames);
        let setup = Setup { rate: plan.rate(), latency: Frame::from(plan.block()), sync_start };
        let renderer = Renderer::new(audio, patch, setup);
        let mind = Model::open_or_none(args.common.model.as_deref());
        let players = Players::start(model, &rig, mind.clone(), args.common.seed)?;
        let shared = Shared { clock: Arc::new(FrameClock::new(plan.rate())), stats };
        let mut own = || inputs.pop().ok_or_else(|| Failure::new(Exit::Runtime, "no input is left"));
        let (mut input, take_input, osc_input) = (own()?, own()?, own()?);
        opening::set_up(&mut input, args);
        // A port that is taken must not cost the recording before.
        let (osc, commands) = opening::osc(args, osc_input, &shared)?;
        let header = opening::header(args, rig_name, &rig, &mind, &plan, sync_start);
        let tape = opening::tape(args, recording.clone(), tape, header)?;
        let control = opening::lateness(&plan, args)?;
        let device = plan.clone().start(renderer, shared.clone(), priority::ask_for_real_time)?;
        let midi = opening::midi(args, inputs, midi_out, &plan, &shared)?;
        let Shared { clock, stats } = shared;
        Ok(Stage {
            stats,
            clock,
            plan,
            commands,
            input,
            take_input: Some(take_input),
            recording,
            sounds,
            patches,
            players,
            next_rig: 1,
            failures: 0,
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
        let sat = self.players.sit(&rig, id);
        if !sat || self.patches.next.push(patch).is_err() {
            return Err(Failure::new(Exit::Runtime, "nobody is there to play another rig"));
        }
        self.next_rig += 1;
        Ok(())
    }

    /// Frees what the audio thread gave back, and tells what happened to the device and to the model.
    pub fn tidy(&mut self) {
        while self.patches.retired.pop().is_ok() {}
        while let Some(news) = self.device.as_ref().and_then(Device::news) {
            tracing::warn!("{news}");
        }
        let failures = self.stats.model_failures.get();
        if failures > self.failures {
            tracing::warn!("the model failed; the band plays its patterns without it");
        }
        self.failures = failures;
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
        let name = self.players.close();
        self.control = None;
        self.device = None;
        let Some(tape) = self.tape.take() else { return Ok((name, Vec::new())) };
        let recorded = tape.stop().map_err(|error| Failure::new(Exit::Runtime, error))?;
        Ok((name, recorded.files))
    }
}
