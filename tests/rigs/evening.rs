//! Every rig of the house, played through the whole chain, once for all tests.

use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use control::rig;
use engine::Level;
use models::Rig;

use crate::player::{Phrasing, Recital};
use crate::show::{play, rig_named};
use crate::support::judge::Band;

/// A rig and what was heard of it.
pub struct Evening {
    pub rig: Arc<Rig>,
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

/// All rigs.
pub fn evenings() -> &'static [Evening] {
    static EVENINGS: OnceLock<Vec<Evening>> = OnceLock::new();
    EVENINGS.get_or_init(|| {
        for_every_rig(|rig| Evening {
            form: heard(&Recital::of_form(rig, Phrasing::CallAndResponse), rig),
            main: heard(&Recital::of_main(Level::B, 64, Phrasing::Spells), rig),
            rig: rig.clone(),
        })
    })
}

/// What is heard of a recital, as notes.
pub fn heard(recital: &Recital, rig: &Arc<Rig>) -> Band {
    Band::collect(&play(&recital.job(rig)).sounded)
}
