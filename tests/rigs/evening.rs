//! Every rig of the house, played through the whole chain, once for all tests.

use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use control::render::Job;
use control::rig;
use engine::Level;
use models::{PartSource, Rig};

use crate::player::{Phrasing, Recital};
use crate::show::{play, play_with_model, rig_named};
use crate::support::judge::Band;

/// A rig and what was heard of it.
pub struct Evening {
    pub rig: Arc<Rig>,
    /// Whether the model played what the rig gives it; else `Groove` played all.
    pub by_model: bool,
    /// Sixteen bars of each main in call and response, with fills that were asked for.
    pub form: Band,
    /// One main with nothing asked for, under a player whose business changes.
    pub main: Band,
}

/// Threads that play at once.
const STAGES: usize = 2;

/// Does something for every rig, on several threads; the answers come in the order of the rigs' names.
pub fn for_every_rig<T: Send>(perform: impl Fn(&Arc<Rig>) -> T + Sync) -> Vec<T> {
    let rigs: Vec<Arc<Rig>> = rig::embedded().map(rig_named).collect();
    let left = Mutex::new(rigs.iter().enumerate());
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..STAGES {
            scope.spawn(|| {
                loop {
                    let Some((i, rig)) = left.lock().unwrap().next() else { return };
                    let answer = perform(rig);
                    done.lock().unwrap().push((i, answer));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, answer)| answer).collect()
}

/// All rigs, played by `Groove`, and those that ask for the model once more, played by it.
pub fn evenings() -> &'static [Evening] {
    static EVENINGS: OnceLock<Vec<Evening>> = OnceLock::new();
    EVENINGS.get_or_init(|| {
        let both = for_every_rig(|rig| {
            let players = if asks_for_model(rig) { &[false, true][..] } else { &[false] };
            players.iter().map(|by_model| evening(rig, *by_model)).collect::<Vec<_>>()
        });
        both.into_iter().flatten().collect()
    })
}

/// Whether the model has a part in a rig.
pub fn asks_for_model(rig: &Rig) -> bool {
    rig.parts.iter().any(|part| part.source == PartSource::Model)
}

fn evening(rig: &Arc<Rig>, by_model: bool) -> Evening {
    let band = |recital: Recital| heard_by(&recital.job(rig), by_model);
    Evening {
        form: band(Recital::of_form(rig, Phrasing::CallAndResponse)),
        main: band(Recital::of_main(Level::B, 64, Phrasing::Spells)),
        rig: rig.clone(),
        by_model,
    }
}

/// What is heard of a recital that `Groove` accompanies, as notes.
pub fn heard(recital: &Recital, rig: &Arc<Rig>) -> Band {
    heard_by(&recital.job(rig), false)
}

/// What is heard of a job, as notes.
pub fn heard_by(job: &Job, by_model: bool) -> Band {
    let show = if by_model { play_with_model(job) } else { play(job) };
    Band::collect(&show.sounded)
}
