//! The band plays on: with a device that is made to fail, and with a real JACK server.

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::player::Lent;
use super::supervisor::{Faults, Running};
use super::*;

/// Counts the frames that were asked for, and remembers the block.
struct Counter(Arc<AtomicU64>, Arc<AtomicU64>);

impl Render for Counter {
    fn render(&mut self, out: &mut [f32]) {
        out.fill(0.1);
        self.0.fetch_add(out.len() as u64 / 2, Ordering::Relaxed);
    }

    fn rate(&self) -> u32 {
        48_000
    }

    fn set_block(&mut self, frames: usize) {
        self.1.store(frames as u64, Ordering::Relaxed);
    }
}

struct Rendered {
    frames: Arc<AtomicU64>,
    block: Arc<AtomicU64>,
    shared: Shared,
}

fn rendered() -> Rendered {
    let shared = Shared { clock: Arc::new(FrameClock::new(48_000)), stats: Arc::new(Stats::default()) };
    Rendered { frames: Arc::default(), block: Arc::default(), shared }
}

impl Rendered {
    fn counter(&self) -> Counter {
        Counter(self.frames.clone(), self.block.clone())
    }

    /// Waits until so many more frames have been rendered.
    fn wait(&self, frames: u64) -> bool {
        let until = self.frames.load(Ordering::Relaxed) + frames;
        within_ten_seconds(|| self.frames.load(Ordering::Relaxed) >= until)
    }
}

#[expect(clippy::disallowed_methods, reason = "the test waits for other threads")]
fn within_ten_seconds(done: impl Fn() -> bool) -> bool {
    (0..1000).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        done()
    })
}

/// The next news, which must come.
fn told(device: &Device) -> Option<DeviceNews> {
    device.news.recv_timeout(Duration::from_secs(10)).ok()
}

#[test]
fn the_null_device_asks_for_blocks_and_moves_the_clock() {
    let config = AudioConfig { host: HostChoice::None, rate: Some(48_000), buffer: Some(64) };
    let plan = Plan::choose(&config).unwrap();
    assert_eq!((plan.rate(), plan.block(), plan.is_null()), (48_000, 64, true));
    let band = rendered();
    let device = plan.start(band.counter(), band.shared.clone(), || {}).unwrap();
    assert!(band.wait(4800));
    drop(device);
    let frames = band.frames.load(Ordering::Relaxed);
    assert_eq!(band.shared.stats.callbacks.get(), frames / 64);
    assert!(band.shared.clock.now() <= frames + 64);
}

#[test]
fn an_unknown_host_is_an_error_that_names_the_known_ones() {
    let config = AudioConfig { host: "nonsense".parse().unwrap(), ..AudioConfig::default() };
    let error = Plan::choose(&config).unwrap_err().to_string();
    assert!(error.contains("nonsense") && error.contains("none"), "{error}");
}

#[test]
fn the_list_ends_with_the_null_device() {
    assert_eq!(list().last().map(|host| host.name.clone()), Some("none".into()));
}

/// A card that can be pulled out and put back.
struct Card {
    is_out: Arc<AtomicBool>,
    opened: Sender<Faults>,
}

impl Backend for Card {
    fn probe(&mut self) -> Result<(), DeviceError> {
        let gone = || DeviceError::System("it is out".into());
        (!self.is_out.load(Ordering::Relaxed)).then_some(()).ok_or_else(gone)
    }

    fn open(&mut self, mut lent: Lent, faults: Faults, _: &Hook) -> Result<Box<dyn Running>, DeviceError> {
        self.probe()?;
        self.opened.send(faults).unwrap();
        let mut out = vec![0i16; 6 * 96];
        let work = move |_| lent.block(&mut out, 6, |x| (x * 32_767.0) as i16);
        let pacer = Pacer::start(Duration::from_millis(2), Pacer::histogram(), || {}, work);
        Ok(Box::new(pacer.unwrap()))
    }
}

#[test]
fn a_card_that_is_pulled_out_is_missed_and_taken_again() {
    let (opened, openings) = mpsc::channel();
    let is_out = Arc::new(AtomicBool::new(false));
    let card = Card { is_out: is_out.clone(), opened };
    let config = AudioConfig { host: HostChoice::None, rate: Some(48_000), buffer: Some(64) };
    let plan = Plan::choose(&config).unwrap();
    let band = rendered();
    let device = Device::start(
        plan,
        Some(Box::new(card)),
        Box::new(band.counter()),
        band.shared.clone(),
        Arc::new(|| {}),
    )
    .unwrap();
    let first = openings.recv().unwrap();
    assert!(band.wait(4800) && band.block.load(Ordering::Relaxed) == 96);
    is_out.store(true, Ordering::Relaxed);
    first.lost("pulled out".into());
    assert_eq!(told(&device), Some(DeviceNews::Lost("pulled out".into())));
    assert!(band.wait(4800) && band.block.load(Ordering::Relaxed) == 64);
    is_out.store(false, Ordering::Relaxed);
    assert_eq!(told(&device), Some(DeviceNews::Back));
    first.lost("the last word of a card that is gone already".into());
    assert!(band.wait(4800) && band.block.load(Ordering::Relaxed) == 96);
    assert_eq!(device.news(), None);
}

#[test]
fn a_card_that_was_asked_for_and_does_not_open_is_an_error() {
    let (opened, _openings) = mpsc::channel();
    let card = Card { is_out: Arc::new(AtomicBool::new(true)), opened };
    let config = AudioConfig { host: HostChoice::None, ..AudioConfig::default() };
    let plan = Plan::choose(&config).unwrap();
    let band = rendered();
    let device = Device::start(
        plan,
        Some(Box::new(card)),
        Box::new(band.counter()),
        band.shared.clone(),
        Arc::new(|| {}),
    );
    assert_eq!(device.err(), Some(DeviceError::System("it is out".into())));
}

/// A server of the test's own, without real time and without a sound card.
struct Jack(Child);

impl Jack {
    fn start(name: &str, rate: &str, period: &str) -> Option<Jack> {
        let mut command = Command::new("jackd");
        command.args(["-n", name, "-r", "-d", "dummy", "-r", rate, "-p", period]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok().map(Jack)
    }
}

impl Jack {
    /// Ends it as a crash would.
    fn crash(mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Jack {
    fn drop(&mut self) {
        // It is asked to end: JACK remembers eight servers, and those that were killed for ever.
        let _ = Command::new("kill").arg(self.0.id().to_string()).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}

/// Runs in a process of its own, so that the server's name is set before any thread starts.
#[test]
fn a_killed_jack_server_is_survived_and_its_return_is_noticed() {
    const NAME: &str = "JACK_DEFAULT_SERVER";
    let server = "sideman_device_test";
    if let Ok(server) = std::env::var("SIDEMAN_TEST_JACK") {
        return lose_and_regain(&server);
    }
    if Command::new("jackd").arg("--version").stdout(Stdio::null()).status().is_err() {
        return eprintln!("skipped: no jackd is installed");
    }
    let this = std::env::current_exe().unwrap();
    let status = Command::new(this)
        .args(["--exact", "device::tests::a_killed_jack_server_is_survived_and_its_return_is_noticed"])
        .arg("--nocapture")
        .env(NAME, server)
        .env("SIDEMAN_TEST_JACK", server)
        .status()
        .unwrap();
    assert!(status.success());
}

fn lose_and_regain(server: &str) {
    let jack = Jack::start(server, "48000", "256").unwrap();
    let config = AudioConfig { host: "jack".parse().unwrap(), ..AudioConfig::default() };
    assert!(within_ten_seconds(|| Plan::choose(&config).is_ok()), "the server does not start");
    let plan = Plan::choose(&config).unwrap();
    assert_eq!((plan.host().as_str(), plan.rate(), plan.block()), ("jack", 48_000, 256));
    let band = rendered();
    let device = plan.start(band.counter(), band.shared.clone(), || {}).unwrap();
    assert!(band.wait(48_000), "the server does not play");
    assert_eq!(device.lateness().n(), 0, "it plays to the null device");
    jack.crash();
    assert!(matches!(told(&device), Some(DeviceNews::Lost(_))));
    assert!(band.wait(48_000), "the band stopped with the device");
    assert!(device.lateness().n() > 0);
    let jack = Jack::start(server, "48000", "128").unwrap();
    assert_eq!(told(&device), Some(DeviceNews::Back));
    let late = device.lateness().n();
    assert!(band.wait(48_000), "the band does not play to the device that came back");
    assert_eq!(device.lateness().n(), late);
    assert_eq!(band.block.load(Ordering::Relaxed), 128);
    drop(jack);
    assert!(matches!(told(&device), Some(DeviceNews::Lost(_))));
    let _other_rate = Jack::start(server, "44100", "128").unwrap();
    let refusal = DeviceError::Rate { wanted: 48_000, native: 44_100 }.to_string();
    assert_eq!(told(&device), Some(DeviceNews::Refused(refusal)));
    assert!(band.wait(48_000), "the band stopped at the other rate");
}
