//! The program as a player meets it: the binary is started, played, asked, stopped, killed, and what it leaves is read.

mod binding;
mod endings;
#[cfg(target_os = "linux")]
mod jack;
mod model;
mod program;
mod recording;
mod refusals;
mod remote;
mod support;

use std::time::{Duration, Instant};

/// Longer than any machine needs for one thing that a test waits for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again until there is an answer.
fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "no {what} within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
