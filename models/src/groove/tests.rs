//! Properties of `Groove`, with a scripted player and a small rig.

use std::sync::Arc;

use engine::{
    Anchor, Approach, Beat, Chord, Chunk, Event, EventKind, Heard, HeardKind, Knob, Level, Meter, Param,
    Part, Quality, Role, Section, Source,
};

use super::{Groove, loops};
use crate::accompanist::Accompanist;
use crate::pattern::{LaneKind, Pattern, drum_key};
use crate::rig::{BassStyle, Clave, Feel, Lane, PartSource, PartSpec, Piece, Rig};

fn pattern(text: &str, kind: LaneKind) -> Pattern {
    Pattern::parse(text, kind, Meter::COMMON).unwrap()
}

fn lanes(lanes: &[(&str, &[&str])]) -> Vec<Lane> {
    let lane = |(name, texts): &(&str, &[&str])| Lane {
        key: drum_key(name).unwrap(),
        patterns: texts.iter().map(|text| pattern(text, LaneKind::Drums)).collect(),
    };
    lanes.iter().map(lane).collect()
}

fn piece(drums: &[(&str, &[&str])], bass: &str, comp: &[&str], pads: &str) -> Piece {
    Piece {
        bars: 1,
        drums: lanes(drums),
        bass: vec![pattern(bass, LaneKind::Bass)],
        comp: comp.iter().map(|text| pattern(text, LaneKind::Chords)).collect(),
        pads: vec![pattern(pads, LaneKind::Chords)],
        ..Piece::default()
    }
}

/// A rock rig whose mains grow.
pub(crate) fn rig() -> Rig {
    let hats: [&[&str]; 4] = [&["x x x x"], &["xs xs xs xs"], &["xs xs xs xs"], &["Xxxx Xxxx Xxxx Xxxx"]];
    let kicks: [&[&str]; 4] = [&["x . x ."], &["x .x x ."], &["x .x x .x?"], &["X .x X .x"]];
    let snares: [&[&str]; 4] =
        [&[". x . x"], &[". x . x", ". x ..g. x"], &["..g. X ..g. X"], &["...g X.g. ..g. X.g."]];
    let mains = std::array::from_fn(|i| Piece {
        velocity: 0.85 + 0.08 * i as f32,
        ..piece(
            &[("hat", hats[i]), ("kick", kicks[i]), ("snare", snares[i])],
            ["1 _ 5 _", "11 .1 5 .1", "11 .1 55 1a", "1111 1111 5555 111a"][i],
            &["C. .C C. .C", "CC .C .C .C", ".C .C C. CC"],
            "C___ ____ ____ ____ | ____ ____ ____ ____",
        )
    });
    let fill =
        piece(&[("snare", &[". . xxxx XXXX"]), ("tom-lo", &[". . . ..xx"])], "1 _ 5 a", &[], "C _ _ _");
    Rig {
        name: "test".into(),
        title: "Test".into(),
        tags: Vec::new(),
        bpm: 110.0,
        range: (80.0, 140.0),
        meter: Meter::COMMON,
        swing: 0.5,
        swing_sixteenths: false,
        unit_bars: 1,
        clave: None,
        feel: Feel::Driving,
        bass_style: BassStyle::Pattern,
        bass_pushes: true,
        parts: std::array::from_fn(|_| PartSpec { range: (28, 55), ..PartSpec::default() }),
        intro: Piece { bars: 2, ..piece(&[("hat", &["x x x x"])], "1 . . .", &[], ". . . .") },
        mains,
        fills: std::array::from_fn(|_| vec![Piece { pads: Vec::new(), ..fill.clone() }]),
        break_: Piece {
            pads: Vec::new(),
            ..piece(&[("kick", &["X . . ."])], "1! . . .", &["C! . . ."], ". . . .")
        },
        ending: piece(&[("crash", &["X . . ."])], "1 _ _ _", &["C _ _ _"], "C _ _ _"),
        knobs: Vec::new(),
    }
}

/// What a scripted player does in a beat: grid positions and velocities of melody notes.
type Script<'s> = &'s dyn Fn(i32) -> Vec<(u8, u8)>;

/// Plays along as the worker lets it: each beat is written anew at every beat until the beat before it has begun.
struct Stage {
    groove: Groove,
}

impl Stage {
    fn new(rig: Rig, seed: u64, section: Section) -> Stage {
        let mut stage = Stage { groove: Groove::new(Arc::new(rig), seed) };
        stage.section(section, 0);
        stage
    }

    fn hear(&mut self, at: i64, kind: HeardKind) {
        self.groove.hear(Heard { at, kind });
    }

    fn section(&mut self, section: Section, from: i32) {
        self.hear(0, HeardKind::Section { section, from: Beat(from) });
    }

    fn set(&mut self, knob: Knob, value: f32) {
        let kind = EventKind::Set { param: Param::of(knob), value };
        self.hear(0, HeardKind::Event(Event { arrival: 0, source: Source(0), kind }));
    }

    fn chord(&mut self, root: u8, beat: i32) {
        let since = i64::from(beat) * 960;
        self.hear(since, HeardKind::Chord { chord: Some(Chord::new(root, Quality::Dom7)), since });
    }

    fn write(&mut self, beat: i32) -> Chunk {
        let mut chunk = Chunk::new(Beat(beat), 0, Section::Stopped);
        self.groove.continue_into(&mut chunk).unwrap();
        chunk
    }

    /// The playhead enters a beat.
    fn enter(&mut self, beat: i32) {
        self.hear(i64::from(beat) * 960, HeardKind::Beat { beat: Beat(beat), bpm: 110.0 });
    }

    /// The player's notes of a beat: grid position and velocity.
    fn perform(&mut self, beat: i32, notes: &[(u8, u8)]) {
        for (position, velocity) in notes {
            let at = i64::from(beat) * 960 + i64::from(*position) * 80;
            let on = EventKind::NoteOn { key: 72, velocity: *velocity };
            for kind in [on, EventKind::NoteOff { key: 72 }] {
                self.hear(at, HeardKind::Event(Event { arrival: 0, source: Source(0), kind }));
            }
        }
    }

    /// The beats as they are played in the end.
    fn play(&mut self, beats: std::ops::Range<i32>, script: Script<'_>) -> Vec<Chunk> {
        let mut played = Vec::new();
        for beat in beats {
            if played.is_empty() {
                played.push(self.write(beat));
            }
            // As a beat begins, the next one is written for the last time.
            self.enter(beat);
            played.push(self.write(beat + 1));
            self.perform(beat, &script(beat));
        }
        played.pop();
        played
    }
}

fn main(level: Level) -> Section {
    Section::Main(level)
}

fn of(chunk: &Chunk, part: Part) -> usize {
    chunk.notes().iter().filter(|note| note.part == part).count()
}

/// Kick, snare and bass over velocity 50, without feel.
fn skeleton(bar: &[Chunk]) -> Vec<(i32, u8, u8)> {
    let mut hits = Vec::new();
    for (beat, chunk) in bar.iter().enumerate() {
        for note in chunk.notes().iter().filter(|note| note.velocity > 50) {
            match note.role {
                Role::Drum(36) => hits.push((beat as i32, note.position, 0)),
                Role::Drum(38) => hits.push((beat as i32, note.position, 1)),
                _ if note.part == Part::Bass => hits.push((beat as i32, note.position, 2)),
                _ => {}
            }
        }
    }
    hits.sort_unstable();
    hits
}

fn steady(_: i32) -> Vec<(u8, u8)> {
    vec![(0, 80), (6, 80)]
}

#[test]
fn the_same_seed_writes_the_same_and_another_does_not() {
    let notes = |seed| {
        let chunks = Stage::new(rig(), seed, main(Level::B)).play(0..64, &steady);
        chunks.iter().flat_map(|chunk| chunk.notes().to_vec()).collect::<Vec<_>>()
    };
    assert_eq!(notes(3), notes(3));
    assert_ne!(notes(3), notes(4));
}

#[test]
fn a_rewind_reproduces_what_was_written() {
    let mut stage = Stage::new(rig(), 1, main(Level::C));
    stage.play(0..32, &steady);
    let before: Vec<_> = (33..37).map(|beat| stage.write(beat).notes().to_vec()).collect();
    stage.groove.rewind(Beat(33));
    let after: Vec<_> = (33..37).map(|beat| stage.write(beat).notes().to_vec()).collect();
    assert_eq!(before, after);
}

#[test]
fn without_surprise_the_skeleton_is_the_pattern_in_every_bar() {
    let mut stage = Stage::new(rig(), 5, main(Level::B));
    stage.set(Knob::Surprise, 0.0);
    stage.set(Knob::Variety, 0.0);
    let played = stage.play(0..128, &|beat| if beat % 16 < 12 { steady(beat) } else { Vec::new() });
    let bars: Vec<_> = played.chunks(4).map(skeleton).collect();
    assert!(bars.iter().all(|bar| *bar == bars[0]));
}

#[test]
fn figures_are_marked_so_that_no_vamp_repeats_them() {
    let played = Stage::new(rig(), 2, main(Level::B)).play(0..64, &steady);
    let is_ornate = |bar: usize| played[4 * bar..4 * bar + 4].iter().any(|chunk| chunk.ornate);
    assert!((0..16).filter(|bar| bar % 4 == 3).all(is_ornate));
    assert!(!(1..16).filter(|bar| bar % 4 != 3 && bar % 8 != 0).any(is_ornate));
}

#[test]
fn the_skeleton_changes_at_bars_four_and_eight_and_seldom_elsewhere() {
    let (mut at_turns, mut elsewhere) = (0, 0);
    for seed in 0..6 {
        let played = Stage::new(rig(), seed, main(Level::B)).play(0..256, &steady);
        let bars: Vec<_> = played.chunks(4).map(skeleton).collect();
        for bar in 1..bars.len() {
            let changed = u32::from(bars[bar] != bars[bar - 1]);
            if bar % 4 == 3 { at_turns += changed } else { elsewhere += changed }
        }
    }
    // There are three times as many bars elsewhere, and each turn is also left again.
    assert!(f64::from(at_turns) > 2.0 * f64::from(elsewhere) / 3.0, "{at_turns} and {elsewhere}");
    assert!(at_turns > 6 * 12, "{at_turns}");
}

#[test]
fn ghost_notes_stay_twenty_below_whatever_the_player_does() {
    let mut stage = Stage::new(rig(), 2, main(Level::D));
    let loud = |beat: i32| vec![(0, if beat % 32 < 16 { 25 } else { 125 }), (6, 60)];
    for chunk in stage.play(0..96, &loud) {
        let snares =
            chunk.notes().iter().filter(|note| note.role == Role::Drum(38)).map(|note| note.velocity);
        let (ghosts, strokes): (Vec<u8>, Vec<u8>) = snares.partition(|velocity| *velocity < 50);
        for (ghost, stroke) in ghosts.iter().zip(&strokes) {
            assert!(ghost + 20 <= *stroke, "{ghost} beside {stroke}");
        }
    }
}

#[test]
fn every_main_is_fuller_than_the_one_before() {
    let weight = |level| {
        let played = Stage::new(rig(), 9, main(level)).play(0..64, &steady);
        played.iter().flat_map(|chunk| chunk.notes()).map(|note| f64::from(note.velocity)).sum::<f64>()
    };
    let weights = Level::ALL.map(weight);
    assert!(weights.windows(2).all(|pair| pair[1] >= 1.1 * pair[0]), "{weights:?}");
}

#[test]
fn a_fill_ends_at_the_bar_line_and_the_next_section_arrives_with_crash_and_kick() {
    let mut stage = Stage::new(rig(), 4, main(Level::A));
    stage.play(0..5, &steady);
    stage.section(Section::Fill(Level::B), 6);
    stage.section(main(Level::B), 8);
    let toms = |chunk: &Chunk| chunk.notes().iter().filter(|n| n.role == Role::Drum(45)).count();
    let played: Vec<Chunk> = (4..10).map(|beat| stage.write(beat)).collect();
    assert_eq!(played[3].section, Section::Fill(Level::B));
    assert_eq!(played.iter().map(toms).collect::<Vec<_>>(), [0, 0, 0, 2, 0, 0]);
    assert_eq!(played[4].section, main(Level::B));
    let struck = |key| played[4].notes().iter().any(|n| n.role == Role::Drum(key) && n.position == 0);
    assert!(struck(49) && struck(36));
}

#[test]
fn sections_lead_on_by_themselves_as_the_audio_thread_has_it() {
    let mut stage = Stage::new(rig(), 4, Section::Intro(Level::C));
    let section = |stage: &mut Stage, beat| stage.write(beat).section;
    assert_eq!(section(&mut stage, 7), Section::Intro(Level::C));
    assert_eq!(section(&mut stage, 8), main(Level::C));
    stage.section(Section::Ending(Level::C), 12);
    assert_eq!(section(&mut stage, 15), Section::Ending(Level::C));
    assert_eq!(section(&mut stage, 16), Section::Stopped);
    // Said again in the middle, a section is not begun anew.
    stage.section(Section::Intro(Level::C), 0);
    stage.section(Section::Intro(Level::C), 5);
    assert_eq!(section(&mut stage, 8), main(Level::C));
}

#[test]
fn a_break_cuts_what_sounds_and_the_main_strikes_its_pads_again() {
    let mut stage = Stage::new(rig(), 4, main(Level::A));
    stage.section(Section::Break(Level::A), 4);
    stage.section(main(Level::A), 8);
    assert_eq!(stage.write(4).cut & Part::Pads.bit(), Part::Pads.bit());
    assert_eq!(stage.write(5).cut, 0);
    // Bar 3 is the second half of the two-bar pad.
    stage.section(Section::Break(Level::A), 8);
    stage.section(main(Level::A), 12);
    assert_eq!(of(&stage.write(12), Part::Pads), 1);
}

#[test]
fn no_section_turns_the_clave_round() {
    let mut son = rig();
    (son.unit_bars, son.clave) = (2, Some(Clave::ThreeTwo));
    // The first bar has three strokes, the second two.
    let clave = Lane { key: 75, patterns: vec![pattern("x...x. .x. . x | . x x .", LaneKind::Drums)] };
    son.mains.iter_mut().for_each(|main| main.drums.push(clave.clone()));
    let mut stage = Stage::new(son, 8, main(Level::A));
    stage.section(Section::Fill(Level::B), 10);
    stage.section(main(Level::B), 12);
    stage.section(Section::Break(Level::B), 21);
    stage.section(main(Level::B), 24);
    stage.section(Section::Fill(Level::C), 36);
    stage.section(main(Level::C), 40);
    for beat in 0..64 {
        let strokes: Vec<u8> = stage
            .write(beat)
            .notes()
            .iter()
            .filter(|note| note.role == Role::Drum(75))
            .map(|note| note.position)
            .collect();
        let expected: &[u8] = match beat % 8 {
            0 => &[0, 8],
            1 => &[4],
            3 | 5 | 6 => &[0],
            _ => &[],
        };
        assert_eq!(strokes, expected, "beat {beat}");
    }
}

/// Plays three bars in eighths and rests one.
fn phrases(beat: i32) -> Vec<(u8, u8)> {
    if beat.rem_euclid(16) < 12 { vec![(0, 84), (6, 84)] } else { Vec::new() }
}

#[test]
fn comp_and_fills_fall_into_the_players_gaps() {
    let share = |script: Script<'_>| {
        let (mut inside, mut all) = (0.0, 0.0);
        for seed in 0..8 {
            let played = Stage::new(rig(), seed, main(Level::B)).play(0..160, script);
            for chunk in &played[64..] {
                let onsets = of(chunk, Part::Comp) as f64;
                all += onsets;
                inside += if phrases(chunk.beat.0).is_empty() { onsets } else { 0.0 };
            }
        }
        inside / all
    };
    let (listening, shifted) = (share(&phrases), share(&|beat| phrases(beat - 2)));
    assert!(listening > shifted + 0.15, "{listening:.2} against {shifted:.2}");
}

#[test]
fn an_answer_stops_when_the_player_returns() {
    let returns = |beat: i32| if beat.rem_euclid(16) < 12 || beat > 140 { phrases(0) } else { Vec::new() };
    for seed in 0..12 {
        let mut stage = Stage::new(rig(), seed, main(Level::B));
        stage.set(Knob::Answer, 1.0);
        let played = stage.play(0..160, &returns);
        let toms = |chunk: &Chunk| chunk.notes().iter().any(|note| note.role == Role::Drum(45));
        // The rest of beats 140 to 143 was expected, and did not come.
        assert!(!played[143..].iter().any(|chunk| toms(chunk) && chunk.beat.0 < 144), "seed {seed}");
    }
    let answered = (0..12).filter(|seed| {
        let mut stage = Stage::new(rig(), *seed, main(Level::B));
        stage.set(Knob::Answer, 1.0);
        let played = stage.play(0..128, &phrases);
        played.iter().any(|chunk| chunk.notes().iter().any(|note| note.role == Role::Drum(45)))
    });
    assert!(answered.count() >= 9);
}

#[test]
fn density_follows_within_a_bar() {
    let script = |beat: i32| match beat {
        ..64 if beat % 4 == 0 => vec![(0, 80)],
        ..64 => Vec::new(),
        _ => vec![(0, 80), (3, 80), (6, 80), (9, 80)],
    };
    let (mut before, mut after) = (0, 0);
    for seed in 0..8 {
        let played = Stage::new(rig(), seed, main(Level::C)).play(0..96, &script);
        let drums = |bars: &[Chunk]| bars.iter().map(|chunk| of(chunk, Part::Drums)).sum::<usize>();
        before += drums(&played[56..64]);
        after += drums(&played[68..76]);
    }
    assert!(after as f64 > 1.1 * before as f64, "{before} and {after}");
}

#[test]
fn velocity_follows_the_player() {
    let script =
        |beat: i32| vec![(0, if beat < 64 { 50 } else { 110 }), (6, if beat < 64 { 50 } else { 110 })];
    let played = Stage::new(rig(), 1, main(Level::B)).play(0..96, &script);
    let mean = |chunks: &[Chunk]| {
        let notes: Vec<_> =
            chunks.iter().flat_map(|chunk| chunk.notes()).map(|n| f64::from(n.velocity)).collect();
        notes.iter().sum::<f64>() / notes.len() as f64
    };
    let slope = (mean(&played[66..74]) - mean(&played[54..62])) / 60.0;
    assert!((0.3..0.9).contains(&slope), "{slope:.2}");
}

#[test]
fn after_two_bars_of_silence_the_band_thins_out_and_does_not_fill() {
    let script = |beat: i32| if beat < 64 { steady(beat) } else { Vec::new() };
    let played = Stage::new(rig(), 3, main(Level::C)).play(0..128, &script);
    let onsets = |chunks: &[Chunk]| chunks.iter().map(|chunk| chunk.notes().len()).sum::<usize>();
    assert!(onsets(&played[76..92]) < onsets(&played[44..60]));
    let toms = played[76..].iter().flat_map(|c| c.notes()).filter(|n| n.role == Role::Drum(45)).count();
    assert_eq!(toms, 0);
}

#[test]
fn an_accent_played_in_two_bars_is_caught_in_the_third() {
    // An accent on the second half of beat 2, where the kick of this main is silent.
    let script = |beat: i32| if beat % 4 == 1 { vec![(0, 70), (9, 112)] } else { vec![(0, 70), (6, 70)] };
    let mut stage = Stage::new(rig(), 3, main(Level::A));
    stage.set(Knob::Catch, 1.0);
    let played = stage.play(0..32, &script);
    let kicks =
        |beat: usize| played[beat].notes().iter().any(|n| n.role == Role::Drum(36) && n.position == 9);
    assert!(!kicks(1) && !kicks(5));
    assert!(kicks(13) && kicks(17));
}

#[test]
fn fills_are_rare_while_the_player_plays() {
    let mut ends = 0;
    let mut fills = 0;
    for seed in 0..20 {
        let played = Stage::new(rig(), seed, main(Level::B)).play(0..256, &steady);
        for bar in played.chunks(4).skip(7).step_by(8) {
            ends += 1;
            let toms = bar.iter().flat_map(|c| c.notes()).any(|note| note.role == Role::Drum(45));
            fills += usize::from(toms);
        }
    }
    assert!(fills * 4 < ends, "{fills} of {ends}");
}

fn walking_rig() -> Rig {
    let mut jazz = rig();
    (jazz.bass_style, jazz.feel, jazz.swing) = (BassStyle::Walking, Feel::Jazz, 0.64);
    jazz.mains.iter_mut().for_each(|main| main.bass = vec![pattern("w w w w", LaneKind::Bass)]);
    jazz
}

#[test]
fn a_walking_bass_has_roots_on_one_and_leads_into_the_next_bar() {
    let mut stage = Stage::new(walking_rig(), 11, main(Level::B));
    let (mut leads, mut bars) = (0, 0);
    for beat in 0..128 {
        if beat % 4 == 0 {
            stage.chord(((beat / 4) * 5 % 12) as u8, beat);
        }
        stage.enter(beat);
        let chunk = stage.write(beat + 1);
        stage.perform(beat, &steady(beat));
        let Some(note) = chunk.notes().iter().find(|note| note.part == Part::Bass) else { continue };
        match (beat + 1) % 4 {
            0 => assert_eq!(note.role, Role::Root { octave: 0 }),
            3 => {
                bars += 1;
                leads += usize::from(matches!(note.role, Role::Approach(_)));
            }
            _ => assert!(!matches!(note.role, Role::Same)),
        }
    }
    assert!(leads == bars && bars >= 31, "{leads} of {bars}");
}

#[test]
fn a_walking_line_moves_on_and_skips_seldom() {
    let mut stage = Stage::new(walking_rig(), 6, main(Level::B));
    stage.chord(0, 0);
    let played = stage.play(0..256, &steady);
    let bass: Vec<_> = played.iter().map(|chunk| of(chunk, Part::Bass)).collect();
    assert!(bass.iter().all(|n| (1..=2).contains(n)));
    let skips = bass.iter().filter(|n| **n == 2).count();
    assert!((4..24).contains(&skips), "{skips}");
    let middle: Vec<Role> = played
        .iter()
        .filter(|chunk| matches!(chunk.beat.0 % 4, 1 | 2))
        .filter_map(|chunk| chunk.notes().iter().find(|n| n.part == Part::Bass).map(|n| n.role))
        .collect();
    let kinds: std::collections::HashSet<_> = middle.iter().collect();
    assert!(kinds.len() >= 4, "{kinds:?}");
}

#[test]
fn a_muted_part_rests_and_a_part_of_nobody_too() {
    let mut quiet = rig();
    quiet.mains[0].mute = Part::Comp.bit();
    quiet.parts[Part::Pads.index()].source = PartSource::Off;
    let played = Stage::new(quiet, 0, main(Level::A)).play(0..16, &steady);
    assert!(played.iter().all(|chunk| of(chunk, Part::Comp) + of(chunk, Part::Pads) == 0));
    assert!(played.iter().any(|chunk| of(chunk, Part::Bass) > 0));
}

#[test]
fn marks_become_anchors_lengths_and_approaches() {
    let mut marked = rig();
    marked.mains[0].bass = vec![pattern("1! .a 1_ .1>", LaneKind::Bass)];
    let played = Stage::new(marked, 0, main(Level::A)).play(0..4, &|_| Vec::new());
    let bass: Vec<_> =
        played.iter().flat_map(|chunk| chunk.notes()).filter(|note| note.part == Part::Bass).collect();
    assert!(bass[0].length < 480);
    assert_eq!(bass[1].role, Role::Approach(Approach::HalfBelow));
    assert!(bass[2].length > 900);
    assert_eq!((bass[3].anchor, bass[3].position), (Anchor::Next, 6));
}

#[test]
fn the_loop_of_last_resort_is_whole_bars_without_a_crash() {
    let mut crashing = rig();
    crashing.mains[0].crash = true;
    let loops = loops(&Arc::new(crashing));
    for level in Level::ALL {
        let bars = &loops.mains[level.index()];
        assert_eq!(bars.len(), 32);
        assert!(bars.iter().all(|chunk| chunk.section == main(level) && !chunk.notes().is_empty()));
        assert!(bars.iter().flat_map(|c| c.notes()).all(|note| note.role != Role::Drum(49)));
    }
}
