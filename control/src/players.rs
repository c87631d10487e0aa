//! The model thread: who plays, and who sits down for another rig.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use engine::wires::ModelEnds;
use models::{Chair, Groove, Horizon, Rig, Worker};

use crate::failure::{Exit, Failure};
use crate::model::Model;

/// The model thread. It ends when it is closed.
#[allow(missing_debug_implementations, reason = "the model has none")]
pub struct Players {
    model: Model,
    seed: u64,
    chairs: Sender<Chair>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Worker>,
}

impl Players {
    /// Starts the thread, with a chair for the first rig.
    ///
    /// # Errors
    /// If the system has no thread left.
    pub fn start(ends: ModelEnds, rig: &Arc<Rig>, model: Model, seed: u64) -> Result<Players, Failure> {
        let (chairs, waiting) = mpsc::channel();
        let worker = Worker::new(ends, chair(rig, &model, seed, 0), waiting, Horizon::default());
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = thread::Builder::new().name("model".into()).spawn(move || worker.run(&stopped));
        let thread = thread.map_err(|error| Failure::new(Exit::Runtime, error))?;
        Ok(Players { model, seed, chairs, stop, thread })
    }

    /// Has somebody wait for the audio thread to take a rig up; returns whether there is a thread to wait for.
    pub fn sit(&self, rig: &Arc<Rig>, id: u16) -> bool {
        self.chairs.send(chair(rig, &self.model, self.seed, id)).is_ok()
    }

    /// Ends the thread; returns who played last.
    pub fn close(self) -> String {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().map_or("nobody".into(), |worker| worker.name().to_owned())
    }
}

fn chair(rig: &Arc<Rig>, model: &Model, seed: u64, id: u16) -> Chair {
    let fallback = Box::new(Groove::new(rig.clone(), seed));
    Chair { rig: id, accompanist: model.accompanist(rig, seed), fallback: Some(fallback) }
}
