//! Who plays what in an item, and everything else that is drawn for it.

use engine::Grid;
use fastrand::Rng;

use super::borrow::Lenders;
use super::chairs::Chairs;
use super::ground::Ground;
use super::rigs::Rigs;
use super::{Material, performer};
use crate::corpus::augment::{self, Changes, Trials};
use crate::corpus::song::Split;
use crate::corpus::stage::{Book, Form, Script, knobs};
use crate::tokens::SEATS;

/// The share of items with a chart, and of those whose key is known.
const CHARTED: f32 = 0.30;
const KEYED: f32 = 0.70;

/// A performance to learn from.
#[derive(Clone, Debug)]
pub struct Item {
    /// What is played.
    pub script: Script,
    /// What the notes of drums, bass, comp and pads count in the loss, in hundredths.
    pub weights: [u8; SEATS],
}

/// Casts the songs of a split.
#[derive(Debug)]
pub struct Cast<'m> {
    rigs: &'m Rigs,
    lenders: Lenders<'m>,
    trials: Trials,
}

impl<'m> Cast<'m> {
    /// For the songs of a split; they borrow from each other alone.
    pub fn new(rigs: &'m Rigs, materials: &'m [Material], split: Split) -> Cast<'m> {
        Cast { rigs, lenders: Lenders::of(materials, split), trials: Trials::default() }
    }

    /// Makes its items as hard as this.
    pub fn with_trials(self, trials: Trials) -> Cast<'m> {
        Cast { trials, ..self }
    }

    /// An item made of a song. The same seed makes the same item. None where no rig has the meter, or nobody lends
    /// what the song lacks.
    pub fn item(&self, material: &Material, seed: u64) -> Option<Item> {
        let rng = &mut Rng::with_seed(seed);
        let ground = Ground::of(material, self.rigs, &self.lenders, rng)?;
        let mut chairs = Chairs::of(material, &ground.rig, rng);
        let mut changes = Changes::of(&ground.chords);
        match rng.f32() {
            roll if roll < self.trials.careless => changes.slip(rng),
            roll if roll < self.trials.careless + self.trials.pushing => changes.push(rng),
            _ => {}
        }
        let grid = Grid::new(ground.meter);
        let mut book = Book::new(grid, ground.beats, ground.bpm);
        changes.write(&grid, &mut book);
        form(material, &ground, &chairs, rng).write(&grid, &mut book);
        knobs::set_out(ground.swing, ground.beats, &grid, &mut book, rng);
        if rng.f32() < KEYED {
            knobs::keys(&ground.keys, &grid, &mut book);
        }
        for note in performer::notes((material, &ground), &changes, &mut chairs, &self.trials, rng) {
            book.note(&grid, &note);
        }
        book.close();
        let chart = (rng.f32() < CHARTED).then(|| ground.chords.clone());
        let unheard = augment::unheard(ground.beats, rng);
        let Chairs { drums, tones, weights } = chairs;
        let Ground { rig, style, meter, beats, .. } = ground;
        let script = Script { rig, style, meter, beats, book, chart, drums, tones, unheard, seed };
        Some(Item { script, weights })
    }
}

/// As humans played it, else as it comes.
fn form(material: &Material, ground: &Ground, chairs: &Chairs, rng: &mut Rng) -> Form {
    let bars = ground.beats as i32 / ground.meter.beats_per_bar();
    match material.is_fill {
        true => Form::fill(&material.human.level),
        false if chairs.has_humans() => Form::measured(&material.human.level, rng),
        false => Form::drawn(bars, &ground.rig, rng),
    }
}
