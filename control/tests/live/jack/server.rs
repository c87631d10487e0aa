//! A JACK server for one test, if jackd is installed.
//!
//! libjack reads the server's name from the environment: so a test runs itself again, in a process with that variable.

use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::program::SERVERS;
use crate::wait_for;

/// Frames a second of every server.
pub const RATE: u32 = 48_000;

/// Frames in a cycle of every server.
pub const PERIOD: u32 = 256;

/// A program that ends with the test.
pub struct Running(pub Child);

impl Running {
    /// Asks it to end, and waits for that: of servers that are killed, JACK remembers no more than eight.
    pub fn end(&mut self) {
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.0.try_wait(), Ok(None)) {
            self.end();
        }
    }
}

/// Starts a program that says nothing.
pub fn run(program: &str, args: &[&str]) -> std::io::Result<Running> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().map(Running)
}

/// Starts a server under the name that this process looks for, and waits for it; none if jackd is not installed.
pub fn jackd() -> Option<Running> {
    let (rate, period) = (RATE.to_string(), PERIOD.to_string());
    let name = std::env::var("JACK_DEFAULT_SERVER").unwrap();
    let start = || run("jackd", &["-R", "-n", &name, "-d", "dummy", "-r", &rate, "-p", &period]);
    let mut server = match start() {
        Ok(server) => server,
        Err(error) => {
            eprintln!("skipped: jackd (package jackd2) does not run: {error}");
            return None;
        }
    };
    wait_for("JACK server", || {
        // One that finds eight others on this machine gives up, and may have its turn later.
        if server.0.try_wait().unwrap().is_some() {
            server = start().unwrap();
        }
        is_told("jack_lsp", &[]).then_some(())
    });
    Some(server)
}

/// Runs the body of a test, named with its modules, in a process that finds a server of its own.
pub fn with_server(test: &str, body: impl FnOnce(Running)) {
    if std::env::var("JACK_DEFAULT_SERVER").is_ok_and(|name| name.starts_with(SERVERS)) {
        if let Some(server) = jackd() {
            body(server);
        }
        return;
    }
    // One server at a time: each wants a core for itself.
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    // A server that misses its cycles, because the machine was busy elsewhere, loses what happened in them.
    let failed = match run_again(test, "first") {
        Ok(()) => return,
        Err(said) => said,
    };
    eprintln!("once more, after:\n{failed}");
    run_again(test, "second").unwrap_or_else(|said| panic!("{said}"));
}

/// Held while a server runs.
static TURN: Mutex<()> = Mutex::new(());

/// Runs a test in a process that looks for a server of its own; what it said, if it failed.
fn run_again(test: &str, turn: &str) -> Result<(), String> {
    let again = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", test])
        .env("JACK_DEFAULT_SERVER", format!("{SERVERS}_{}_{turn}", std::process::id()))
        .output()
        .unwrap();
    let said = [again.stdout, again.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    let passed = again.status.success() && said[0].contains("1 passed");
    if passed {
        // What was skipped says so.
        eprint!("{}", said[1]);
    }
    passed.then_some(()).ok_or_else(|| said.concat())
}

/// Whether a port of this name is there.
pub fn has_port(name: &str) -> bool {
    let listed = Command::new("jack_lsp").output().expect("jack_lsp is part of jackd2");
    String::from_utf8_lossy(&listed.stdout).lines().any(|line| line == name)
}

/// Connects two ports, and waits until both are there.
pub fn connect(from: &str, to: &str) {
    wait_for(&format!("{from} or {to}"), || is_told("jack_connect", &[from, to]).then_some(()));
}

/// Whether a program of JACK's ends well.
fn is_told(program: &str, args: &[&str]) -> bool {
    Command::new(program).args(args).output().is_ok_and(|output| output.status.success())
}
