//! The band plays on: with a device that is made to fail, and with a real JACK server.

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::*;

/// Counts the frames that were asked for.
struct Counter(Arc<AtomicU64>);

impl Render for Counter {
    fn render(&mut self, out: &mut [f32]) {
        out.fill(0.1);
        self.0.fetch_add(out.len() as u64 / 2, Ordering::Relaxed);
    }

    fn rate(&self) -> u32 {
        48_000
    }
}

struct Rendered {
    frames: Arc<AtomicU64>,
    shared: Shared,
}

fn rendered() -> Rendered {
    let shared = Shared { clock: Arc::new(FrameClock::new(48_000)), stats: Arc::new(Stats::default()) };
    Rendered { frames: Arc::default(), shared }
}

impl Rendered {
    fn counter(&self) -> Counter {
        Counter(self.frames.clone())
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

/// A server of the test's own, without real time and without a sound card.
struct Jack(Child);

impl Jack {
    fn start(name: &str, rate: &str, period: &str) -> Option<Jack> {
        let mut command = Command::new("jackd");
        command.args(["-n", name, "-r", "-d", "dummy", "-r", rate, "-p", period]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok().map(Jack)
    }
}

impl Drop for Jack {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs in a process of its own, so that the server's name is set before any thread starts.
#[test]
fn a_killed_jack_server_is_survived_and_its_return_is_noticed() {
    const NAME: &str = "JACK_DEFAULT_SERVER";
    let server = format!("sideman_test_{}", std::process::id());
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
        .env(NAME, &server)
        .env("SIDEMAN_TEST_JACK", &server)
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
    drop(jack);
    assert!(matches!(told(&device), Some(DeviceNews::Lost(_))));
    assert!(band.wait(48_000), "the band stopped with the device");
    assert!(device.lateness().n() > 0);
    let jack = Jack::start(server, "48000", "128").unwrap();
    assert_eq!(told(&device), Some(DeviceNews::Back));
    let late = device.lateness().n();
    assert!(band.wait(48_000), "the band does not play to the device that came back");
    assert_eq!(device.lateness().n(), late);
    drop(jack);
    assert!(matches!(told(&device), Some(DeviceNews::Lost(_))));
    let _other_rate = Jack::start(server, "44100", "128").unwrap();
    let refusal = DeviceError::Rate { wanted: 48_000, native: 44_100 }.to_string();
    assert_eq!(told(&device), Some(DeviceNews::Refused(refusal)));
    assert!(band.wait(48_000), "the band stopped at the other rate");
}
