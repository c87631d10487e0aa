//! The outside world of Sideman: MIDI, OSC, rigs, sounds, commands; start and stop.
//!
//! The binary `sideman` is [`run`]; everything else is here so that tests can play the whole show.
#![forbid(unsafe_code)]

pub mod args;
pub mod eval;
mod failure;
mod feeder;
mod folders;
mod lists;
pub mod midi;
pub mod model;
pub mod notices;
pub mod opening;
pub mod osc;
pub mod patch;
mod players;
mod playing;
mod priority;
mod recorder;
pub mod render;
mod rendering;
pub mod report;
pub mod rig;
pub mod sounds;
mod stage;
mod status;
pub mod takes;
mod terminal;
mod variations;

use args::{Cli, Command};
pub use failure::{Exit, Failure};
pub use terminal::take_stderr;

/// Does what the command line says.
///
/// # Errors
/// Why it ended early, with the exit code.
pub fn run(cli: Cli) -> Result<(), Failure> {
    if cli.licenses {
        lists::licences();
        return Ok(());
    }
    match cli.command {
        Some(Command::Render(args)) => rendering::run(&args),
        Some(Command::Eval(args)) => eval::run(&args),
        Some(Command::Variations(args)) => variations::run(&args),
        Some(Command::Rigs) => lists::rigs(),
        Some(Command::Devices) => {
            lists::devices();
            Ok(())
        }
        Some(Command::Chords(args)) => lists::chords(&args),
        Some(Command::Play(args)) => playing::run(&args),
        None => playing::run(&cli.play),
    }
}
