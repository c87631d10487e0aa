//! Which device will be opened, and how: decided before the renderer is made, because it needs the rate.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::host::{self, Found};
use super::player::{Lent, Render};
use super::supervisor::{Backend, Faults, Hook, Running};
use super::{AudioConfig, Device, DeviceError, HostChoice, Shared, jack_clients};

/// A device that was found, or the null device.
#[derive(Clone)]
pub struct Plan {
    config: AudioConfig,
    found: Option<Found>,
    why_null: Option<DeviceError>,
}

impl Plan {
    /// Finds the device that is wanted; where none is asked for by name and none is found, it is the null device.
    ///
    /// Thread: any but audio. Real-time: no.
    ///
    /// # Errors
    /// A host or a device that was asked for by name is not there, or does not run at the rate that was asked for.
    pub fn choose(config: &AudioConfig) -> Result<Plan, DeviceError> {
        let plan = |found, why_null| Plan { config: config.clone(), found, why_null };
        if config.host == HostChoice::None {
            return Ok(plan(None, None));
        }
        match host::find(config) {
            Ok(found) => Ok(plan(Some(found), None)),
            Err(why) if config.host == HostChoice::Auto => Ok(plan(None, Some(why))),
            Err(why) => Err(why),
        }
    }

    /// Plays `renderer`, which must have the rate of this plan, until the [`Device`] is dropped.
    ///
    /// `on_start` is called once on each thread that will render, except on JACK's own: the place to ask for
    /// real-time priority.
    ///
    /// # Errors
    /// A device that was asked for by name cannot be opened. Where none was, the null device takes over.
    pub fn start(
        self,
        renderer: impl Render + 'static,
        shared: Shared,
        on_start: impl Fn() + Send + Sync + 'static,
    ) -> Result<Device, DeviceError> {
        let backend = self.backend();
        Device::start(self, backend, Box::new(renderer), shared, Arc::new(on_start))
    }

    /// Name of the host: `jack`, `alsa`, `none`.
    pub fn host(&self) -> String {
        self.found.as_ref().map_or_else(|| "none".into(), Found::host)
    }

    /// Name of the device.
    pub fn device(&self) -> &str {
        self.found.as_ref().map_or("null device", Found::device)
    }

    /// Frames per second.
    pub fn rate(&self) -> u32 {
        let null = self.config.rate.unwrap_or(AudioConfig::RATE);
        self.found.as_ref().map_or(null, Found::rate)
    }

    /// Frames in a block, as far as the device keeps to it.
    pub fn block(&self) -> u32 {
        self.found.as_ref().map_or_else(|| self.config.block(), Found::block)
    }

    /// Whether nobody will hear it.
    pub fn is_null(&self) -> bool {
        self.found.is_none()
    }

    /// Why it is the null device, where that was not asked for.
    pub fn why_null(&self) -> Option<&DeviceError> {
        self.why_null.as_ref()
    }

    pub(super) fn may_fall_back(&self) -> bool {
        self.config.host == HostChoice::Auto
    }

    /// What opens the device, again and again; none for the null device.
    pub(super) fn backend(&self) -> Option<Box<dyn Backend>> {
        let found = self.found.clone()?;
        // The renderer keeps its rate, so that is what is asked for from now on.
        let config = AudioConfig { rate: Some(found.rate()), ..self.config.clone() };
        Some(Box::new(Card { config, found: Some(found) }))
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("config", &self.config)
            .field("device", &self.device())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, {} Hz, {} frames", self.host(), self.device(), self.rate(), self.block())?;
        match &self.why_null {
            Some(why) => write!(f, " ({why})"),
            None => Ok(()),
        }
    }
}

/// A sound card.
struct Card {
    config: AudioConfig,
    found: Option<Found>,
}

/// What JACK's library is left before a client of a lost server is closed: while its own threads still take leave, closing
/// deadlocks now and then, and the renderer would never come back.
const LEAVE: Duration = Duration::from_millis(200);

impl Backend for Card {
    #[expect(clippy::disallowed_methods, reason = "the supervisor waits for the library's own threads")]
    fn dies(&mut self) {
        if self.found.as_ref().is_some_and(Found::is_jack) {
            std::thread::sleep(LEAVE);
        }
    }

    fn lost(&mut self) {
        if self.found.as_ref().is_some_and(Found::is_jack) {
            jack_clients::ask_to_leave();
        }
    }

    fn probe(&mut self) -> Result<(), DeviceError> {
        if jack_clients::are_leaving() {
            return Err(DeviceError::System("not every client has left the jack server that died".into()));
        }
        self.found = None;
        self.found = Some(host::find(&self.config)?);
        Ok(())
    }

    fn open(&mut self, lent: Lent, faults: Faults, hook: &Hook) -> Result<Box<dyn Running>, DeviceError> {
        match &self.found {
            Some(found) => found.open(lent, faults, hook),
            None => Err(DeviceError::System("no device was found".into())),
        }
    }
}
