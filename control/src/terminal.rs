//! The terminal is ours: what ALSA and JACK print on stderr never reaches it.

use std::fs::File;
use std::io::{self, Write};

/// Keeps a way to the terminal for this program, and sends everything else that is printed on stderr to nowhere.
///
/// Call it before any thread starts. Where the system has no such thing, stderr stays as it is.
#[cfg(unix)]
pub fn take_stderr() -> Option<File> {
    let keep = rustix::io::dup(io::stderr()).ok()?;
    let nowhere = File::options().write(true).open("/dev/null").ok()?;
    rustix::stdio::dup2_stderr(&nowhere).ok()?;
    let own = File::from(keep);
    let for_panics = own.try_clone().ok()?;
    tell_panics_to(for_panics);
    Some(own)
}

/// Keeps stderr as it is.
#[cfg(not(unix))]
pub fn take_stderr() -> Option<File> {
    None
}

#[cfg(unix)]
fn tell_panics_to(terminal: File) {
    std::panic::set_hook(Box::new(move |panic| {
        // Where the terminal is gone, nobody can be told.
        let _ = writeln!(&terminal, "{panic}");
    }));
}
