//! The scene: a spread chord in every beat, while comp, pads and bass hold theirs and strike beside it.

use engine::{
    Anchor, Beat, Chunk, EventKind, Family, Frame, Knob, Level, Note, Param, Part, Role, Section, Tick,
};
use fastrand::Rng;

use crate::support::hearing::change::{Change, MS};
use crate::support::random_take::{Manner, Struck, chords_in};
use crate::support::stage::{Recording, Stage, perform};

/// Frames of a block.
pub const BLOCK: usize = 64;
/// Frames of a beat at 120 a minute.
const BEAT: usize = 24_000;
/// Frames of a tick.
const TICK: usize = 25;
/// The frame of beat 0.
const START: usize = BEAT;
/// Frames from a beat to the first key of its chord: what is held was struck 0.15 s before, and no chord comes
/// so late that it belongs to the next beat.
const CHANGE: usize = 7_200;

/// A change of chord under held notes, with new ones beside.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// The change.
    pub change: Change,
    /// Whether the bass holds; else it strikes beside.
    pub bass_holds: bool,
}

/// How the scene is played.
#[derive(Clone, Copy, Debug)]
pub struct Scene {
    /// The most that the keys of a chord are spread, in ms.
    pub spread_ms: f64,
    /// `chord.settle_ms`.
    pub settle_ms: f32,
    /// The least and the most that new notes lie behind the last key, in ms; they may lie before it.
    pub beside_ms: (f64, f64),
}

/// What was asked for, and what came out.
pub struct Take {
    /// Every change.
    pub turns: Vec<Turn>,
    /// What the band made of it.
    pub recording: Recording,
}

/// Plays `n` changes of chord in the font.
pub fn play(scene: Scene, font: &[u8], seed: u64, n: usize) -> Take {
    let manner = Manner { spread_ms: scene.spread_ms, ..Manner::default() };
    let chords = chords_in(seed, n + 1, &manner);
    let mut rng = Rng::with_seed(seed);
    let mut script = vec![((START - BLOCK) as Frame, EventKind::Start)];
    let mut turns = Vec::new();
    for (i, struck) in chords.iter().enumerate() {
        // The first chord comes a beat before the band.
        let beat = START + i * BEAT - BEAT;
        let change = strike(&mut script, struck, beat, &mut rng, scene.beside_ms);
        turns.push(Turn { change, bass_holds: i % 2 == 0 });
    }
    turns.remove(0);
    script.sort_by_key(|event| event.0);
    let stage = Stage {
        font: font.to_vec(),
        block: BLOCK,
        bpm: 120.0,
        score: turns.iter().enumerate().map(|(i, turn)| written(i, turn)).collect(),
        knobs: vec![(Param::of(Knob::Colour), 0.0), (Param::of(Knob::Settle), scene.settle_ms)],
    };
    let recording = perform(&stage, &script, START + (n + 1) * BEAT);
    Take { turns, recording }
}

/// Presses the keys of a chord in its beat, and lifts them before the next.
fn strike(
    script: &mut Vec<(Frame, EventKind)>,
    struck: &Struck,
    beat: usize,
    rng: &mut Rng,
    beside_ms: (f64, f64),
) -> Change {
    let start = beat + CHANGE + rng.usize(0..10 * MS);
    let at = |seconds: f64| start + ((seconds - struck.first()) * 1000.0 * MS as f64) as usize;
    for press in &struck.keys {
        script.push((at(press.on) as Frame, EventKind::NoteOn { key: press.key, velocity: press.velocity }));
        script.push(((beat + 22_000) as Frame, EventKind::NoteOff { key: press.key }));
    }
    let last = at(struck.last());
    let delay = beside_ms.0 + (beside_ms.1 - beside_ms.0) * rng.f64();
    let beside = (last as f64 + delay * MS as f64) as usize;
    // On a tick, so that it is written exactly there.
    let beside = beat + (beside - beat).div_ceil(TICK) * TICK;
    Change { chord: struck.chord, first: at(struck.first()), last, beside }
}

/// A beat of the score: a voicing and perhaps a bass note that are held, and a note of each part beside.
fn written(i: usize, turn: &Turn) -> Chunk {
    let mut chunk = Chunk::new(Beat(i as i32), 0, Section::Main(Level::A));
    let beside = ((turn.change.beside - START - i * BEAT) / TICK) as Tick;
    for part in [Part::Comp, Part::Pads] {
        chunk.push(note(part, Role::Shape { family: Family::Close, top: 0 }, 0, 816));
        chunk.push(note(part, Role::Chord { slot: 3, octave: 0 }, beside, 150));
    }
    let (tick, length) = if turn.bass_holds { (0, 816) } else { (beside, 150) };
    chunk.push(note(Part::Bass, Role::Root { octave: 0 }, tick, length));
    chunk
}

fn note(part: Part, role: Role, tick: Tick, length: u16) -> Note {
    let position = tick / 80;
    let micro = (tick - position * 80) as i8;
    Note { role, anchor: Anchor::Now, part, position: position as u8, micro, velocity: 90, length }
}
