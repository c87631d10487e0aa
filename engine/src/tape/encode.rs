//! Events and chunks to bytes, exactly: little-endian, one tag before each choice, floats bit by bit.

use crate::wires::Logged;
use crate::{Chord, Chunk, Cue, EventKind, Role};

/// Says that there is no chord, where a root would be.
pub(super) const NO_CHORD: u8 = 255;

/// Appends an entry of the log.
pub(super) fn encode(logged: &Logged, out: &mut Vec<u8>) {
    match logged {
        Logged::Event { frame, event } => {
            out.push(1);
            out.extend(frame.to_le_bytes());
            out.extend(event.arrival.to_le_bytes());
            out.push(event.source.0);
            put_kind(&event.kind, out);
        }
        Logged::Chunk { frame, chunk } => {
            out.push(2);
            out.extend(frame.to_le_bytes());
            put_chunk(chunk, out);
        }
        Logged::Patch { frame, rig } => {
            out.push(3);
            out.extend(frame.to_le_bytes());
            out.extend(rig.bytes());
        }
    }
}

fn put_kind(kind: &EventKind, out: &mut Vec<u8>) {
    match *kind {
        EventKind::NoteOn { key, velocity } => out.extend([1, key, velocity]),
        EventKind::NoteOff { key } => out.extend([2, key]),
        EventKind::Controller { number, value } => out.extend([3, number, value]),
        EventKind::PitchBend(bend) => {
            out.push(4);
            out.extend(bend.to_le_bytes());
        }
        EventKind::AllNotesOff => out.push(5),
        EventKind::Set { param, value } => {
            out.extend([6, param.knob as u8, param.part as u8]);
            out.extend(value.to_le_bytes());
        }
        EventKind::Ramp { bpm, bars } => {
            out.push(7);
            out.extend(bpm.to_le_bytes());
            out.extend(bars.to_le_bytes());
        }
        EventKind::Meter(meter) => out.extend([8, meter.numerator(), meter.denominator()]),
        EventKind::Chord(chord) => {
            out.push(9);
            put_chord(chord, out);
        }
        EventKind::Cue(cue) => {
            out.push(10);
            out.extend(cue_bytes(cue));
        }
        EventKind::Start => out.push(11),
        EventKind::Stop => out.push(12),
        EventKind::Continue => out.push(13),
        EventKind::Restart => out.push(14),
        EventKind::Panic => out.push(15),
    }
}

const fn cue_bytes(cue: Cue) -> [u8; 2] {
    match cue {
        Cue::Intro => [0, 0],
        Cue::Main(level) => [1, level as u8],
        Cue::Fill => [2, 0],
        Cue::Break => [3, 0],
        Cue::Ending => [4, 0],
    }
}

fn put_chord(chord: Option<Chord>, out: &mut Vec<u8>) {
    out.extend(match chord {
        Some(Chord { root, quality, bass }) => [root, quality as u8, bass],
        None => [NO_CHORD, 0, 0],
    });
}

fn put_chunk(chunk: &Chunk, out: &mut Vec<u8>) {
    out.extend(chunk.beat.0.to_le_bytes());
    out.extend(chunk.revision.to_le_bytes());
    out.extend(chunk.section.code());
    for planned in chunk.chords {
        out.push(planned.position);
        put_chord(planned.chord, out);
    }
    put_chord(chunk.next, out);
    out.push(chunk.guesses.iter().count() as u8);
    for guess in chunk.guesses.iter() {
        put_chord(Some(guess.chord), out);
        out.push(guess.likely);
    }
    out.push(chunk.cut);
    out.extend(chunk.heard.0.to_le_bytes());
    out.extend([u8::from(chunk.ornate), chunk.overflow, chunk.notes().len() as u8]);
    for note in chunk.notes() {
        out.extend(role_bytes(note.role));
        out.extend([note.anchor as u8, note.part as u8, note.position, note.micro as u8, note.velocity]);
        out.extend(note.length.to_le_bytes());
    }
}

const fn role_bytes(role: Role) -> [u8; 3] {
    match role {
        Role::Drum(key) => [0, key, 0],
        Role::Root { octave } => [1, octave as u8, 0],
        Role::Chord { slot, octave } => [2, slot, octave as u8],
        Role::Tension { degree, octave } => [3, degree, octave as u8],
        Role::Scale { steps, octave } => [4, steps as u8, octave as u8],
        Role::Approach(approach) => [5, approach as u8, 0],
        Role::Pedal(key) => [6, key, 0],
        Role::Same => [7, 0, 0],
        Role::Shape { family, top } => [8, family as u8, top],
    }
}
