//! The device that asks for sound: a sound card, or the paced null device. Opened, lost and found off the audio thread.
#![cfg_attr(not(feature = "device"), allow(dead_code, reason = "only a sound card is looked for and lost"))]

mod choice;
mod error;
#[cfg_attr(not(feature = "device"), path = "device/no_host.rs")]
mod host;
mod jack_clients;
mod plan;
mod player;
mod quiet;
mod supervisor;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

pub use choice::{AudioConfig, HostChoice};
pub use error::DeviceError;
pub use jack_clients::JackClient;
pub use plan::Plan;
pub use player::Render;

use crate::{FrameClock, Histogram, Pacer, Stats};
use player::Player;
use supervisor::{Backend, Ears, Hook, Supervisor, Word};

/// What the device shares with the rest of the program.
#[derive(Clone, Debug)]
pub struct Shared {
    /// Told the frame at each block.
    pub clock: Arc<FrameClock>,
    /// Counts blocks, xruns and load.
    pub stats: Arc<Stats>,
}

/// Something that happened to the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceNews {
    /// The device is gone, and the band plays on to the null device.
    Lost(String),
    /// The device is there but cannot be used; the band plays on to the null device.
    Refused(String),
    /// The band plays to the device again.
    Back,
}

impl fmt::Display for DeviceNews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeviceNews::Lost(why) => write!(f, "audio device lost, playing on without it: {why}"),
            DeviceNews::Refused(why) => write!(f, "audio device not usable, playing on without it: {why}"),
            DeviceNews::Back => write!(f, "audio device is back"),
        }
    }
}

/// A device that plays, until it is dropped.
#[derive(Debug)]
pub struct Device {
    plan: Plan,
    words: Sender<Word>,
    news: Receiver<DeviceNews>,
    lateness: Arc<Histogram>,
    thread: Option<JoinHandle<()>>,
}

impl Device {
    /// See [`Plan::start`]; `backend` opens the device, if there is to be one.
    fn start(
        plan: Plan,
        backend: Option<Box<dyn Backend>>,
        renderer: Box<dyn Render>,
        shared: Shared,
        hook: Hook,
    ) -> Result<Device, DeviceError> {
        let lateness = Pacer::histogram();
        let (words, inbox) = mpsc::channel();
        let (news_in, news) = mpsc::channel();
        let (opened_in, opened) = mpsc::channel();
        let player = Player::new(renderer, shared.clone());
        let ears = Ears { words: words.clone(), inbox, news: news_in };
        let supervisor = Supervisor::new(&plan, shared, lateness.clone(), hook, ears);
        let thread = thread::Builder::new()
            .name("device".into())
            .spawn(move || supervisor.run(player, backend, &opened_in))
            .map_err(|e| DeviceError::System(e.to_string()))?;
        let device = Device { plan, words, news, lateness, thread: Some(thread) };
        match opened.recv() {
            Ok(Err(error)) if !device.plan.may_fall_back() => Err(error),
            _ => Ok(device),
        }
    }

    /// What was planned.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The oldest news that has not been read.
    pub fn news(&self) -> Option<DeviceNews> {
        self.news.try_recv().ok()
    }

    /// How late the null device woke, in milliseconds; empty while a sound card plays.
    pub fn lateness(&self) -> &Histogram {
        &self.lateness
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // A supervisor that is gone needs no word.
        let _ = self.words.send(Word::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A host of audio devices.
#[derive(Clone, Debug)]
pub struct HostInfo {
    /// What `--audio` calls it.
    pub name: String,
    /// Its outputs.
    pub devices: Vec<DeviceInfo>,
}

/// An output.
#[derive(Clone, Debug)]
pub struct DeviceInfo {
    /// What `--audio HOST:DEVICE` calls it.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// Whether its host takes it when none is named.
    pub is_default: bool,
    /// Its own rate and number of channels, if it can be opened.
    pub native: Option<(u32, u16)>,
    /// Ranges of rates that it takes.
    pub rates: Vec<(u32, u32)>,
    /// The least and the greatest block, in frames, if it says so.
    pub blocks: Option<(u32, u32)>,
}

/// Every host and its outputs; the null device is always the last.
///
/// Thread: any but audio. Real-time: no.
pub fn list() -> Vec<HostInfo> {
    let mut hosts = host::list();
    hosts.push(HostInfo { name: choice::NULL.into(), devices: Vec::new() });
    hosts
}
