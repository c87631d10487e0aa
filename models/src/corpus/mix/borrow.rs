//! Chords for drummers, and melodies for charts: what one song lacks, another one of its split and meter lends.

use engine::{Chord, LocalKey, Meter};
use fastrand::Rng;

use super::ground::again;
use super::rigs::is_jazz;
use super::{Material, Set};
use crate::corpus::augment::fit_to;
use crate::corpus::parts::Played;
use crate::corpus::song::Split;
use crate::tokens::Style;

/// How often a fitting song is looked for before it is given up.
const TRIES: usize = 24;

/// The chords of a number of beats, and the key of each.
pub type Changes = (Vec<Option<Chord>>, Vec<LocalKey>);

/// Songs that lend.
#[derive(Debug)]
pub struct Lenders<'m> {
    chords: Vec<&'m Material>,
    melodies: Vec<&'m Material>,
}

impl<'m> Lenders<'m> {
    /// The songs of a split that have chords or a melody.
    pub fn of(materials: &'m [Material], split: Split) -> Lenders<'m> {
        let all = || materials.iter().filter(|material| material.split == split);
        let tells = |material: &&Material| {
            let chords = &material.human.chords;
            2 * chords.iter().flatten().count() > chords.len()
        };
        let sings = |material: &&Material| material.human.performer.len() > material.human.beats / 2;
        Lenders {
            chords: all().filter(|m| m.set == Set::Teacher).filter(tells).collect(),
            melodies: all().filter(sings).collect(),
        }
    }

    /// Chords for so many beats of a meter, from the songbook of a style, and the keys with them.
    pub fn chords(&self, style: Style, meter: Meter, beats: usize, rng: &mut Rng) -> Option<Changes> {
        let jazz = is_jazz(style);
        let fits =
            |lender: &Material| is_jazz(lender.human.style) == jazz && divides(lender.human.meter, meter);
        let lender = find(&self.chords, fits, rng)?;
        let start = start_of(lender, rng);
        Some(looped(lender, start, beats))
    }

    /// A melody for so many beats of a meter, made to fit the chords.
    pub fn melody(&self, meter: Meter, chords: &[Option<Chord>], rng: &mut Rng) -> Vec<Played> {
        let fits = |lender: &Material| {
            lender.human.meter.beats_per_bar() == meter.beats_per_bar() || divides(lender.human.meter, meter)
        };
        let Some(lender) = find(&self.melodies, fits, rng) else { return Vec::new() };
        let rounds = chords.len() / lender.human.beats.max(1) + 1;
        let mut notes = again(&lender.human.performer, lender.human.beats, rounds);
        if meter.is_compound() {
            notes.iter_mut().for_each(|note| note.position = note.position / 4 * 4);
        }
        fit_to(chords, &mut notes);
        notes
    }
}

/// One of the lenders that fit.
fn find<'m>(
    lenders: &[&'m Material],
    fits: impl Fn(&Material) -> bool,
    rng: &mut Rng,
) -> Option<&'m Material> {
    (0..TRIES).filter_map(|_| rng.choice(lenders).copied()).find(|lender| fits(lender))
}

/// Whether the bars of one meter are whole bars of the other: beats count, however they are divided.
pub fn divides(from: Meter, to: Meter) -> bool {
    from.beats_per_bar() % to.beats_per_bar() == 0
}

/// Where to begin: at the first chord, or a few phrases later.
fn start_of(lender: &Material, rng: &mut Rng) -> usize {
    let per_bar = lender.human.meter.beats_per_bar() as usize;
    let first = lender.human.chords.iter().position(Option::is_some).unwrap_or(0) / per_bar * per_bar;
    let phrases = (lender.human.beats - first) / (4 * per_bar);
    if rng.bool() { first } else { first + 4 * per_bar * rng.usize(0..=phrases.saturating_sub(1)) }
}

/// So many beats from a place on, again from its first chord when it is over.
pub fn looped(lender: &Material, start: usize, beats: usize) -> Changes {
    let chords = &lender.human.chords;
    let place = |beat: usize| (start + beat) % chords.len().max(1);
    let chord = |beat| chords.get(place(beat)).copied().flatten();
    let key = |beat| lender.keys.get(place(beat)).copied().unwrap_or_default();
    ((0..beats).map(chord).collect(), (0..beats).map(key).collect())
}
