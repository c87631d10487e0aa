//! A renderer on a bench: sine fonts for every part, a score instead of a model, a script instead of hands.

use engine::audio::{Renderer, Setup};
use engine::sound::{Font, Instrument, QUANTUM};
use engine::wires::{ModelEnds, TAPE_CHANNELS, Wires, wires};
use engine::{Chunk, EventKind, Frame, HeardKind, Loops, Meter, Moves, Param, Part, Patch, Sounded, Voice};
use ringbuf::traits::Consumer;

use super::sine_font::RATE;

/// What is set up before the band plays.
#[derive(Debug)]
pub struct Stage {
    /// The font of every part, as bytes.
    pub font: Vec<u8>,
    /// Frames in a block; an event sounds one block after it arrived.
    pub block: usize,
    /// Beats a minute.
    pub bpm: f32,
    /// What the band plays from beat 0 on, a chunk a beat.
    pub score: Vec<Chunk>,
    /// Knobs that are not at their default.
    pub knobs: Vec<(Param, f32)>,
}

/// What came out.
#[derive(Debug)]
pub struct Recording {
    /// The left channel of each part, behind its fader and before the limiter, which delays the mix by
    /// [`QUANTUM`] frames.
    pub stems: [Vec<f32>; Part::COUNT],
    /// Notes, chords and sections as they sounded.
    pub sounded: Vec<Sounded>,
}

impl Recording {
    /// The left channel of a part.
    pub fn stem(&self, part: Part) -> &[f32] {
        &self.stems[part.index()]
    }
}

/// Plays the script, by the frame at which each event arrives, for a number of frames.
pub fn perform(stage: &Stage, script: &[(Frame, EventKind)], frames: usize) -> Recording {
    let Wires { audio, mut inputs, mut model, mut tape, .. } = wires(4096);
    let setup = Setup { rate: RATE, latency: stage.block as Frame, sync_start: false };
    let mut renderer = Renderer::new(audio, Box::new(patch(stage)), setup);
    let mut recording = Recording { stems: std::array::from_fn(|_| Vec::new()), sounded: Vec::new() };
    let mut block = vec![0.0; 2 * stage.block];
    let mut coming = script.iter().peekable();
    let mut writer = Writer::new(&stage.score);
    for start in (0..frames).step_by(stage.block) {
        let end = (start + stage.block) as Frame;
        while let Some((arrival, kind)) = coming.next_if(|(arrival, _)| *arrival < end) {
            inputs[0].send(*arrival, *kind);
        }
        writer.write(&mut model);
        renderer.render(&mut block);
        while let Ok(sounded) = tape.sounded.pop() {
            recording.sounded.push(sounded);
        }
        let mut samples = [0.0; TAPE_CHANNELS * QUANTUM];
        while tape.samples.pop_slice(&mut samples) > 0 {
            for (part, stem) in recording.stems.iter_mut().enumerate() {
                stem.extend(samples.chunks(TAPE_CHANNELS).map(|frame| frame[2 + 2 * part]));
            }
        }
    }
    recording
}

/// Stands in for the model: hands out the score a few beats ahead of the playhead.
struct Writer<'a> {
    rest: std::slice::Iter<'a, Chunk>,
    revision: u32,
    until: i32,
}

impl Writer<'_> {
    /// Beats ahead of the playhead.
    const AHEAD: i32 = 4;

    fn new(score: &[Chunk]) -> Writer<'_> {
        Writer { rest: score.iter(), revision: 0, until: Writer::AHEAD }
    }

    fn write(&mut self, model: &mut ModelEnds) {
        while let Ok(heard) = model.heard.pop() {
            match heard.kind {
                HeardKind::Revision(revision) => self.revision = revision,
                HeardKind::Beat { beat, .. } => self.until = beat.0 + Writer::AHEAD,
                _ => {}
            }
        }
        while let Some(next) = self.rest.as_slice().first().filter(|next| next.beat.0 <= self.until) {
            let mut chunk = *next;
            chunk.revision = self.revision;
            model.chunks.push(chunk).expect("the queue holds more than the writer is ahead");
            self.rest.next();
        }
    }
}

fn patch(stage: &Stage) -> Patch {
    let font = Font::read(stage.font.as_slice()).expect("the font loads");
    let voice = |part: Part| {
        let kit = matches!(part, Part::Drums | Part::Click);
        let bank = if kit { 128 } else { 0 };
        Voice {
            instrument: Instrument::new(&font, bank, 0, RATE).expect("the font has the preset"),
            program: 0,
            moves: match part {
                Part::Bass => Moves::Bass,
                Part::Pads => Moves::Glide,
                _ => Moves::Quick,
            },
            strum_ms: 0.0,
            range: if part == Part::Bass { (28, 48) } else { (36, 83) },
            gain: 0.2,
        }
    };
    Patch {
        name: "bench".to_owned(),
        id: 0,
        bpm: stage.bpm,
        meter: Meter::COMMON,
        knobs: stage.knobs.clone(),
        voices: Part::ALL.map(voice),
        swing_sixteenths: false,
        unit_bars: 1,
        intro_bars: 1,
        break_bars: 1,
        ending_bars: 1,
        bass_pushes: false,
        bass_roots: false,
        melodies: [0.25; 4],
        loops: Loops::default(),
    }
}
