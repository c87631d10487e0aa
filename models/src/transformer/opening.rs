//! What a stream begins with: some bars of the rig's own groove, so that each rig keeps its character.

use std::sync::Arc;

use engine::{
    Beat, Chord, Event, EventKind, Heard, HeardKind, Knob, Level, Param, Part, Quality, Section, Source,
};

use super::book::Entry;
use super::sketches::Holds;
use super::{line, seats};
use crate::groove::draft::Draft;
use crate::groove::drums;
use crate::groove::scene::Scene;
use crate::rig::{Feel, Rig};
use crate::scribe::{Scribe, Stream};
use crate::tokens::{Line, SEATS, Seat};

/// The bar that follows the opening, counted from where its main began: the first of a phrase.
const BARS: i32 = 8;

/// The lines of the beats before `first`.
pub fn lines(rig: &Arc<Rig>, seed: u64, level: Level, chord: Option<Chord>, first: Beat) -> Vec<Entry> {
    let per_bar = rig.meter.beats_per_bar();
    let bars = i32::from(rig.unit_bars).clamp(2, 4);
    let (from, to) = ((BARS - bars) * per_bar, BARS * per_bar);
    let mut scribe = scribe(rig, level, chord);
    let (mut stream, mut band) = (Stream::default(), Band::new(rig, seed));
    let mut lines = Vec::new();
    for beat in (from..to).map(Beat) {
        scribe.hear(Heard { at: 0, kind: HeardKind::Beat { beat, bpm: rig.bpm } });
        let Some((mut line, seats)) = band.line(&scribe, beat, &stream, beat.0 == from) else { continue };
        line.drums.retain(|hit| keeps_time(rig.feel, hit.key));
        stream = stream.after(&line);
        let entry = Entry::new(Beat(beat.0 - to + first.0), line, seats, true);
        lines.push(Entry { holds: band.holds, ..entry });
    }
    lines
}

/// Whether a drum is part of what a groove is: in jazz the cymbals are, and kick and snare are talk, which is the model's.
fn keeps_time(feel: Feel, key: u8) -> bool {
    feel != Feel::Jazz || !drums::is_skeleton(key)
}

/// The rig's own band, which writes its lines one after the other.
pub struct Band<'a> {
    rig: &'a Rig,
    seed: u64,
    /// What it holds over the end of its last line.
    holds: Holds,
}

impl<'a> Band<'a> {
    /// A band that holds nothing yet.
    pub fn new(rig: &'a Rig, seed: u64) -> Band<'a> {
        Band { rig, seed, holds: Holds::default() }
    }

    /// The line of a beat as the rig's patterns have it, and who plays; none while the band rests.
    pub fn line(
        &mut self,
        scribe: &Scribe,
        beat: Beat,
        stream: &Stream,
        with_head: bool,
    ) -> Option<(Line, [Seat; SEATS])> {
        let scene = Scene::new(self.rig, scribe.listener(), self.seed, beat, 0)?;
        let seats = seats::of(&scene, scribe.style());
        let mut draft = Draft::default();
        Part::BAND.into_iter().for_each(|part| line::rig_writes(&scene, part, &mut draft));
        let mut line = scribe.frame(beat, stream, seats, with_head);
        line.ties = self.holds.enter(&draft, &line::pace(&scene));
        Part::BAND.into_iter().for_each(|part| line::take(&mut line, part, &draft, &line::pace(&scene)));
        Some((line, seats))
    }
}

/// A scribe that has heard of nothing but a main and a chord, and expects no surprises.
fn scribe(rig: &Arc<Rig>, level: Level, chord: Option<Chord>) -> Scribe {
    let mut scribe = Scribe::new(rig.clone());
    let calm = EventKind::Set { param: Param::of(Knob::Surprise), value: 0.0 };
    let chord = chord.or(Some(Chord::new(0, Quality::Maj)));
    for kind in [
        HeardKind::Section { section: Section::Main(level), from: Beat(0) },
        HeardKind::Event(Event { arrival: 0, source: Source(0), kind: calm }),
        HeardKind::Chord { chord, since: 0 },
    ] {
        scribe.hear(Heard { at: 0, kind });
    }
    scribe
}
