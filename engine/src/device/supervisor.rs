//! Keeps the band playing: moves the renderer between the device and the null device. Runs on a thread of its own.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::player::{Lent, Player};
use super::{DeviceError, DeviceNews, Plan, Shared};
use crate::pacer::{Pacer, Wake};
use crate::{Histogram, Stats};

/// How often a lost device is looked for, and a silent one is noticed.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A device that has not called for so many looks is lost, whatever it says.
const SILENT_LOOKS: u32 = 4;

/// Called on each thread that will render.
pub(super) type Hook = Arc<dyn Fn() + Send + Sync>;

/// A back end that plays until it is dropped.
pub(super) trait Running: Send {}

impl Running for Pacer {}

/// Opens a device, more than once if it must be.
pub(super) trait Backend: Send {
    /// Looks whether the device can be opened.
    fn probe(&mut self) -> Result<(), DeviceError>;
    /// Told that it is lost, before it is closed; may wait a moment.
    fn dies(&mut self) {}
    /// Told once that it is lost, before it is looked for.
    fn lost(&mut self) {}
    /// Opens it and plays.
    fn open(&mut self, lent: Lent, faults: Faults, hook: &Hook) -> Result<Box<dyn Running>, DeviceError>;
}

/// What is told to the supervisor.
#[derive(Debug)]
pub(super) enum Word {
    /// The device that was opened as the `nth` is lost.
    Lost { nth: u32, why: String },
    /// The end.
    Stop,
}

/// Where a back end reports what goes wrong.
#[derive(Clone, Debug)]
pub(super) struct Faults {
    nth: u32,
    words: Sender<Word>,
    stats: Arc<Stats>,
}

impl Faults {
    pub(super) fn xrun(&self) {
        self.stats.xruns.add(1);
    }

    pub(super) fn lost(&self, why: String) {
        // A supervisor that is gone needs no word.
        let _ = self.words.send(Word::Lost { nth: self.nth, why });
    }
}

/// The ends of the supervisor's queues.
#[derive(Debug)]
pub(super) struct Ears {
    pub(super) words: Sender<Word>,
    pub(super) inbox: Receiver<Word>,
    pub(super) news: Sender<DeviceNews>,
}

/// What renders, and where.
pub(super) struct Supervisor {
    ears: Ears,
    shared: Shared,
    lateness: Arc<Histogram>,
    hook: Hook,
    rate: u32,
    block: u32,
    home: Sender<Box<Player>>,
    returned: Receiver<Box<Player>>,
    running: Option<Box<dyn Running>>,
    on_device: bool,
    /// Counts the devices that were opened, so that an old one's last word is not taken for a new one's.
    nth: u32,
    refusal: Option<DeviceError>,
}

impl Supervisor {
    pub(super) fn new(
        plan: &Plan,
        shared: Shared,
        lateness: Arc<Histogram>,
        hook: Hook,
        ears: Ears,
    ) -> Supervisor {
        let (home, returned) = channel();
        Supervisor {
            ears,
            shared,
            lateness,
            hook,
            rate: plan.rate(),
            block: plan.block(),
            home,
            returned,
            running: None,
            on_device: false,
            nth: 0,
            refusal: None,
        }
    }

    /// Plays until told to stop. Says in `opened` how the first try to open the device ended.
    pub(super) fn run(
        mut self,
        player: Box<Player>,
        mut backend: Option<Box<dyn Backend>>,
        opened: &Sender<Result<(), DeviceError>>,
    ) {
        self.bring_home(player);
        let first = match &mut backend {
            Some(backend) => self.play_to_device(backend.as_mut()),
            None => self.play_to_null(),
        };
        if let Err(error) = &first {
            self.tell(DeviceNews::Refused(error.to_string()));
        }
        // The caller waits for this word, so it is there.
        let _ = opened.send(first);
        self.watch(backend);
    }

    fn watch(&mut self, mut backend: Option<Box<dyn Backend>>) {
        let (mut calls, mut silent) = (0, 0);
        loop {
            match self.ears.inbox.recv_timeout(LOOK_AGAIN) {
                Ok(Word::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Word::Lost { nth, why }) if nth == self.nth && self.on_device => {
                    self.lose(why, &mut backend)
                }
                Ok(Word::Lost { .. }) => {}
                Err(RecvTimeoutError::Timeout) => {
                    let now = self.shared.stats.callbacks.get();
                    silent = if now == calls { silent + 1 } else { 0 };
                    calls = now;
                    if self.on_device && silent >= SILENT_LOOKS {
                        self.lose("it stopped asking for sound".into(), &mut backend);
                        silent = 0;
                    } else if let Some(backend) = backend.as_mut().filter(|_| !self.on_device) {
                        self.look(backend.as_mut());
                    }
                }
            }
        }
    }

    /// Plays on without the device.
    fn lose(&mut self, why: String, backend: &mut Option<Box<dyn Backend>>) {
        self.tell(DeviceNews::Lost(why));
        self.refusal = None;
        backend.iter_mut().for_each(|backend| backend.dies());
        if let Err(error) = self.play_to_null() {
            self.tell(DeviceNews::Refused(error.to_string()));
        }
        backend.iter_mut().for_each(|backend| backend.lost());
    }

    /// Goes back to the device if it is there.
    fn look(&mut self, backend: &mut dyn Backend) {
        let result = backend.probe().and_then(|()| self.play_to_device(backend));
        match result {
            Ok(()) => self.tell(DeviceNews::Back),
            Err(error @ DeviceError::Rate { .. }) if self.refusal.as_ref() != Some(&error) => {
                self.tell(DeviceNews::Refused(error.to_string()));
                self.refusal = Some(error);
            }
            // It is still gone, which has been told.
            Err(_) => {}
        }
    }

    /// Opens the device; where that fails, the null device plays on.
    fn play_to_device(&mut self, backend: &mut dyn Backend) -> Result<(), DeviceError> {
        self.nth += 1;
        let faults =
            Faults { nth: self.nth, words: self.ears.words.clone(), stats: self.shared.stats.clone() };
        let lent = self.lend()?;
        match backend.open(lent, faults, &self.hook) {
            Ok(running) => {
                self.running = Some(running);
                self.on_device = true;
                Ok(())
            }
            Err(error) => {
                self.play_to_null()?;
                Err(error)
            }
        }
    }

    /// Plays to the null device.
    fn play_to_null(&mut self) -> Result<(), DeviceError> {
        let mut lent = self.lend()?;
        let mut nowhere = vec![0.0; 2 * self.block as usize];
        let stats = self.shared.stats.clone();
        let hook = self.hook.clone();
        let period = Duration::from_secs_f64(f64::from(self.block) / f64::from(self.rate));
        let work = move |wake| {
            if wake == Wake::Lost {
                stats.xruns.add(1);
            }
            lent.block(&mut nowhere, 2, |x| x);
        };
        let pacer = Pacer::start(period, self.lateness.clone(), move || hook(), work)
            .map_err(|e| DeviceError::System(e.to_string()))?;
        self.running = Some(Box::new(pacer));
        Ok(())
    }

    /// Takes the player away from where it plays.
    fn lend(&mut self) -> Result<Lent, DeviceError> {
        self.running = None;
        self.on_device = false;
        let player = self.returned.recv_timeout(LOOK_AGAIN);
        let player =
            player.map_err(|_| DeviceError::System("the device did not give the renderer back".into()))?;
        Ok(Lent::new(player, self.home.clone()))
    }

    fn bring_home(&self, player: Box<Player>) {
        drop(Lent::new(player, self.home.clone()));
    }

    fn tell(&self, news: DeviceNews) {
        // Where nobody listens, nobody wants to know.
        let _ = self.ears.news.send(news);
    }
}

impl fmt::Debug for Supervisor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Supervisor").field("on_device", &self.on_device).finish_non_exhaustive()
    }
}
