//! Where what OSC asks for goes to: events to the audio thread, commands to the stage.

use std::sync::Arc;
use std::sync::mpsc::Sender;

use engine::wires::Input;
use engine::{EventKind, FrameClock, Stats};

/// What only the stage can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Load the rig of this name, or of this number in the list, from 0, as text.
    LoadRig(String),
}

/// Takes what OSC asks for.
pub trait Sink: Send {
    /// The performer did this, now.
    fn send(&mut self, kind: EventKind);
    /// The stage is to do this.
    fn command(&mut self, command: Command);
    /// Whether the band plays.
    fn is_running(&self) -> bool;
}

/// OSC as one more input of the audio thread.
#[derive(Debug)]
pub struct Remote {
    /// Its queue.
    pub input: Input,
    /// Stamps what arrives.
    pub clock: Arc<FrameClock>,
    /// To the stage.
    pub commands: Sender<Command>,
    /// Counts the events.
    pub stats: Arc<Stats>,
}

impl Sink for Remote {
    fn send(&mut self, kind: EventKind) {
        self.stats.events_osc.add(1);
        self.input.send(self.clock.now(), kind);
    }

    fn command(&mut self, command: Command) {
        self.stats.events_osc.add(1);
        if self.commands.send(command).is_err() {
            tracing::debug!("the stage has closed; a command from OSC is lost");
        }
    }

    fn is_running(&self) -> bool {
        self.stats.now().running
    }
}
