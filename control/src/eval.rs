//! The `eval` command: takes through the same ring as `render`, judged beside `Groove` and beside the people who
//! played them.
//!
//! Each take is rendered for its notes, by the accompanist that is judged and by `Groove`: once as it is, once with
//! its velocities replaced by arcs (see [`twist`]), and in melody mode once with a melody that jumps by six
//! semitones. What people played is read from the take itself: tracks named `drums`, `bass`, `comp` and `pads`,
//! and chord symbols as markers of a track named `chords`, as the program's own MIDI files have them.

mod delivery;
pub mod judge;
mod material;
mod measures;
mod performing;
mod subject;
mod summary;
mod table;
pub mod twist;
mod wholes;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use models::{Accompanist, Rig};

use crate::args::Eval;
use crate::failure::Failure;
use crate::lists::print;
use crate::model::Model;
use crate::rendering::load_rig;
use crate::sounds::Sounds;
use performing::Stage;
use summary::Report;

/// Judges what the arguments say, and prints it.
///
/// # Errors
/// If there is no take that can be played, the rig or the model is missing, or the report cannot be written.
pub fn run(args: &Eval) -> Result<(), Failure> {
    let takes = material::find(&args.dir, args.bars)?;
    let stage = Stage {
        rig: load_rig(&args.rig)?,
        seed: args.seed,
        model: accompanist(args.model.as_deref())?,
        model_latency_ms: args.model_latency,
        source: args.chord_source,
        main: args.main,
        sounds: Sounds::embedded(),
    };
    let nights = performing::play_all(&stage, &takes)?;
    let report = Report::new(args, &stage, &takes, &nights);
    print(&table::text(&report));
    match &args.json {
        Some(path) => fs::write(path, format!("{:#}\n", summary::json(&report)))
            .map_err(|error| Failure::file(path, &error)),
        None => Ok(()),
    }
}

/// Makes somebody for a rig's chair, with a seed.
pub type Chair = Box<dyn Fn(&Arc<Rig>, u64) -> Box<dyn Accompanist> + Sync>;

/// Who is judged: the model of a file, or the one inside, loaded once for all takes; nobody but `Groove` for `none`.
///
/// # Errors
/// If the model cannot be loaded.
pub fn accompanist(model: Option<&Path>) -> Result<Option<Chair>, Failure> {
    let model = Model::open(model)?;
    let plays = model.hash() != 0;
    Ok(plays.then(|| Box::new(move |rig: &Arc<Rig>, seed| model.accompanist(rig, seed)) as Chair))
}
