//! The binary: reads the command line, does what it says, and tells in one line why not.
#![forbid(unsafe_code)]

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use control::args::Cli;
use tracing_subscriber::EnvFilter;

/// With debug assertions, an allocation on the audio thread aborts the program.
#[cfg(debug_assertions)]
#[global_allocator]
static GUARD: assert_no_alloc::AllocDisabler = assert_no_alloc::AllocDisabler;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let level = ["info", "debug", "trace"][usize::from(cli.verbose.min(2))];
    let filter = EnvFilter::try_from_env("SIDEMAN_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let log = tracing_subscriber::fmt().with_env_filter(filter).without_time().with_target(false);
    let terminal = control::take_stderr();
    match &terminal {
        Some(file) => log.with_ansi(file.is_terminal()).with_writer(Arc::new(clone(file))).init(),
        None => log.with_writer(io::stderr).init(),
    }
    match control::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let exit = failure.exit;
            // Where the terminal is gone, the exit code still tells.
            let _ = match terminal {
                Some(mut file) => writeln!(file, "sideman: {failure}"),
                None => writeln!(io::stderr(), "sideman: {failure}"),
            };
            ExitCode::from(exit as u8)
        }
    }
}

/// Another handle of the terminal.
fn clone(file: &File) -> File {
    file.try_clone().expect("a handle that was made a moment ago can be copied")
}
