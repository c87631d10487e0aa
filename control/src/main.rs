//! The binary: reads the command line, does what it says, and tells in one line why not.
#![forbid(unsafe_code)]

use std::process::ExitCode;

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
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time().with_target(false).init();
    match control::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("sideman: {failure}");
            ExitCode::from(failure.exit as u8)
        }
    }
}
