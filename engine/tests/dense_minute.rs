//! A dense minute through the renderer: under the guard against allocations in every build with debug assertions
//! (`make soak` is such a build of optimised code), and with `make rtsan` under RealtimeSanitizer too.
//!
//! The sanitizer sees what an allocator cannot: contended locks, files, threads. A violation ends the test with code 43.

use std::fs;
use std::path::Path;

use engine::audio::{Renderer, Setup};
use engine::sound::{Font, Instrument};
use engine::wires::{Input, ModelEnds, Wires, wires};
use engine::{
    Anchor, Beat, Chord, Chunk, Cue, EventKind, Family, Frame, HeardKind, KNOBS, Level, Loops, Meter, Moves,
    Note, Param, Part, Patch, Quality, Role, Section, Voice,
};
use fastrand::Rng;
use ringbuf::traits::Consumer;

#[global_allocator]
static GUARD: assert_no_alloc::AllocDisabler = assert_no_alloc::AllocDisabler;

const RATE: u32 = 48_000;
const BLOCK: usize = 64;
const BLOCKS: u64 = 60 * RATE as u64 / BLOCK as u64;

#[test]
fn a_dense_minute_breaks_no_rule_of_the_audio_thread() {
    let Wires { audio, mut model, mut inputs, mut patches, mut tape, mut midi_out, stats } = wires(4096);
    let fonts = Fonts::load();
    let setup = Setup { rate: RATE, latency: BLOCK as Frame, sync_start: false };
    let mut renderer = Renderer::new(audio, Box::new(fonts.patch(0)), setup);
    let (mut writer, mut rng) = (Writer::default(), Rng::with_seed(1));
    let (mut out, mut peak, mut swaps) = ([0.0; 2 * BLOCK], 0.0_f32, 0);
    for block in 0..BLOCKS {
        writer.write(&mut model);
        play(&mut inputs, &mut rng, block);
        if block % 4000 == 3999 {
            let _ = patches.next.push(Box::new(fonts.patch((block / 4000) as u16)));
        }
        renderer.render(&mut out);
        peak = out.iter().fold(peak, |peak, x| peak.max(x.abs()));
        swaps += std::iter::from_fn(|| patches.retired.pop().ok()).count();
        while tape.sounded.pop().is_ok() || tape.log.pop().is_ok() || midi_out.pop().is_ok() {}
        tape.samples.clear();
    }
    assert!(peak > 0.1, "it was heard: {peak}");
    assert!(swaps >= 5, "rigs were swapped: {swaps}");
    assert!(stats.fresh.get() > 50, "the model was heard: {} beats", stats.fresh.get());
    assert!(stats.notes_on.get() > 20_000, "it was dense: {} notes", stats.notes_on.get());
    assert!(stats.events_dropped.get() > 0, "the inputs were flooded");
}

/// What the performers do before a block: a shower of keys, knobs and cues; now and then a flood, a panic, a stop.
fn play(inputs: &mut [Input], rng: &mut Rng, block: u64) {
    let now = block * BLOCK as Frame;
    let (hands, rest) = inputs.split_at_mut(3);
    let stage = &mut rest[0];
    for hand in hands {
        (0..rng.usize(0..4)).for_each(|_| hand.send(now + rng.u64(0..BLOCK as u64), key(rng)));
        if rng.u32(0..5000) == 0 {
            (0..1500).for_each(|_| hand.send(now, key(rng)));
        }
    }
    match block {
        0 => stage.send(now, EventKind::Start),
        _ if block % 5000 == 2000 => stage.send(now, EventKind::Panic),
        _ if block % 9000 == 7000 => stage.send(now, EventKind::Stop),
        _ if block % 9000 == 7400 => stage.send(now, EventKind::Start),
        _ if block.is_multiple_of(40) => stage.send(now, wish(rng)),
        _ => {}
    }
}

fn key(rng: &mut Rng) -> EventKind {
    match rng.u32(0..10) {
        0..5 => EventKind::NoteOn { key: rng.u8(30..90), velocity: rng.u8(1..128) },
        5..8 => EventKind::NoteOff { key: rng.u8(30..90) },
        8 => EventKind::Controller { number: [1, 11, 64][rng.usize(0..3)], value: rng.u8(0..128) },
        _ => EventKind::PitchBend(rng.i16(-8192..8192)),
    }
}

fn wish(rng: &mut Rng) -> EventKind {
    let level = Level::at(rng.usize(0..4));
    let spec = &KNOBS[rng.usize(0..KNOBS.len())];
    match rng.u32(0..9) {
        0 => EventKind::Cue(Cue::Main(level)),
        1 => EventKind::Cue([Cue::Intro, Cue::Fill, Cue::Break][rng.usize(0..3)]),
        2 => EventKind::Ramp { bpm: rng.f32() * 120.0 + 80.0, bars: 2.0 },
        3 => EventKind::Chord(Some(Chord::new(rng.u8(0..12), Quality::Dom13))),
        4 => EventKind::Restart,
        _ => EventKind::Set {
            param: Param::on(spec.knob, Part::ALL[rng.usize(0..Part::COUNT)]),
            // The upper half of every range, so that the band stays loud enough to be heard.
            value: spec.max - (spec.max - spec.min) * rng.f32() / 2.0,
        },
    }
}

/// Stands in for the model: fills every beat to come with as many notes as a chunk holds.
#[derive(Default)]
struct Writer {
    sections: Vec<(Beat, Section)>,
    revision: u32,
    playhead: i32,
    next: i32,
}

impl Writer {
    fn write(&mut self, model: &mut ModelEnds) {
        while let Ok(heard) = model.heard.pop() {
            match heard.kind {
                HeardKind::Section { section, from } => {
                    self.sections.retain(|(beat, _)| *beat < from);
                    self.sections.push((from, section));
                }
                HeardKind::Revision(revision) => (self.revision, self.next) = (revision, self.playhead + 1),
                HeardKind::Beat { beat, .. } => self.playhead = beat.0,
                HeardKind::Stopped => (self.playhead, self.next) = (-1, 0),
                _ => {}
            }
        }
        while self.next <= self.playhead + 4 && !model.chunks.is_full() {
            let beat = Beat(self.next);
            let section = self.sections.iter().rev().find(|(from, _)| *from <= beat);
            let _ =
                model.chunks.push(dense(beat, self.revision, section.map_or(Section::Stopped, |(_, s)| *s)));
            self.next += 1;
        }
    }
}

/// A full beat: a kit in triplets and sixteenths, a bass, a comp and pads that change their voicing at every hit.
fn dense(beat: Beat, revision: u32, section: Section) -> Chunk {
    let mut chunk = Chunk::new(beat, revision, section);
    let mut add = |role, part, position, length| {
        let micro = [-9, 0, 12][usize::from(position) % 3];
        chunk.push(Note {
            role,
            anchor: Anchor::Now,
            part,
            position,
            micro,
            velocity: 60 + position * 5,
            length,
        });
    };
    for position in 0..12 {
        [36, 38, 42, 46, 51].into_iter().for_each(|piece| add(Role::Drum(piece), Part::Drums, position, 120));
        add(Role::Scale { steps: position as i8, octave: 0 }, Part::Bass, position, 100);
    }
    for position in [0, 3, 6, 9] {
        let family =
            [Family::Close, Family::Drop2, Family::RootlessA, Family::Quartal][usize::from(position / 3)];
        add(Role::Shape { family, top: 0 }, Part::Comp, position, 300);
        add(Role::Shape { family: Family::Spread, top: 0 }, Part::Pads, position, 1900);
    }
    chunk
}

/// The project's own sounds.
struct Fonts([Font; Part::COUNT]);

impl Fonts {
    fn load() -> Fonts {
        let font = |name| {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../presets/sounds").join(name);
            Font::read(fs::File::open(path).expect("the font is there")).expect("the font loads")
        };
        let (kits, piano) = (font("kits.sf3"), font("piano.sf3"));
        Fonts([
            kits.clone(),
            font("bass-finger.sf3"),
            font("guitar-clean.sf3"),
            font("strings.sf3"),
            piano,
            kits,
        ])
    }

    fn patch(&self, id: u16) -> Patch {
        let voice = |part: Part| {
            let font = &self.0[part.index()];
            let (bank, program, _) = font.presets().next().expect("the font has a preset");
            Voice {
                instrument: Instrument::new(font, bank, program, RATE).expect("the synth takes the rate"),
                program,
                moves: [Moves::Quick, Moves::Bass, Moves::Quick, Moves::Glide, Moves::Quick, Moves::Quick]
                    [part.index()],
                strum_ms: if part == Part::Comp { 9.0 } else { 0.0 },
                range: if part == Part::Bass { (28, 48) } else { (48, 84) },
                gain: 1.0,
            }
        };
        let bar = || (0..4).map(|beat| dense(Beat(beat), 0, Section::Main(Level::A))).collect();
        Patch {
            name: "dense".into(),
            id,
            bpm: 160.0,
            meter: if id.is_multiple_of(2) {
                Meter::COMMON
            } else {
                Meter::new(6, 8).expect("a meter of the band's")
            },
            knobs: Vec::new(),
            voices: Part::ALL.map(voice),
            swing_sixteenths: id.is_multiple_of(2),
            unit_bars: 1,
            intro_bars: 1,
            break_bars: 1,
            ending_bars: 1,
            bass_pushes: true,
            bass_roots: true,
            melodies: [0.25; 4],
            loops: Loops { mains: std::array::from_fn(|_| bar()) },
        }
    }
}

#[cfg(feature = "rtsan")]
mod sanitizer {
    use std::process::Command;

    /// The exit code of a program in which the sanitizer found something.
    const VIOLATION: i32 = 43;

    #[test]
    fn the_sanitizer_is_awake() {
        let itself = std::env::current_exe().expect("a test knows its own program");
        let run = |name| {
            Command::new(&itself).args(["--exact", name, "--ignored"]).output().expect("it runs again")
        };
        let run = run("sanitizer::an_allocation_in_real_time");
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(
            run.status.code(),
            Some(VIOLATION),
            "RTSAN_ENABLE must be set when this is built:\n{said}"
        );
        assert!(said.contains("RealtimeSanitizer"), "{said}");
    }

    #[test]
    #[ignore = "it must fail, and is run by the test above"]
    fn an_allocation_in_real_time() {
        assert_eq!(allocates(1000).len(), 1000);
    }

    #[rtsan_standalone::nonblocking]
    fn allocates(bytes: usize) -> Vec<u8> {
        vec![1; bytes]
    }
}
