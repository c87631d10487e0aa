//! Bytes back to events and chunks. What makes no sense is refused whole.

use super::encode::NO_CHORD;
use crate::wires::Logged;
use crate::{
    Anchor, Approach, Beat, Chord, Chunk, Cue, Event, EventKind, Family, KNOBS, Level, Meter, Note, Param,
    Part, Planned, Quality, RigName, Role, Section, Source,
};

const FAMILIES: [Family; 13] = [
    Family::Shell,
    Family::RootlessA,
    Family::RootlessB,
    Family::Close,
    Family::Drop2,
    Family::Drop3,
    Family::Spread,
    Family::Quartal,
    Family::Triad,
    Family::Power,
    Family::Open,
    Family::Barre,
    Family::TopThree,
];

const APPROACHES: [Approach; 5] =
    [Approach::HalfBelow, Approach::HalfAbove, Approach::WholeBelow, Approach::WholeAbove, Approach::Fifth];

const ANCHORS: [Anchor; 2] = [Anchor::Now, Anchor::Next];

/// Reads one entry, or nothing where the bytes end or make no sense.
pub(super) fn decode(bytes: &[u8]) -> Option<Logged> {
    let mut bytes = Bytes(bytes);
    let tag = bytes.byte()?;
    let frame = bytes.number(u64::from_le_bytes)?;
    Some(match tag {
        1 => {
            let arrival = bytes.number(u64::from_le_bytes)?;
            let source = Source(bytes.byte()?);
            Logged::Event { frame, event: Event { arrival, source, kind: bytes.kind()? } }
        }
        2 => Logged::Chunk { frame, chunk: bytes.chunk()? },
        3 => Logged::Patch { frame, rig: RigName::from_bytes(bytes.take()?)? },
        _ => return None,
    })
}

/// What is left to read.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take().map(|[byte]| byte)
    }

    fn number<const N: usize, T>(&mut self, from: impl Fn([u8; N]) -> T) -> Option<T> {
        self.take().map(from)
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        let place = self.byte()?;
        all.get(usize::from(place)).copied()
    }

    fn kind(&mut self) -> Option<EventKind> {
        Some(match self.byte()? {
            1 => EventKind::NoteOn { key: self.byte()?, velocity: self.byte()? },
            2 => EventKind::NoteOff { key: self.byte()? },
            3 => EventKind::Controller { number: self.byte()?, value: self.byte()? },
            4 => EventKind::PitchBend(self.number(i16::from_le_bytes)?),
            5 => EventKind::AllNotesOff,
            6 => {
                let knob = KNOBS.get(usize::from(self.byte()?))?.knob;
                let part = self.one_of(&Part::ALL)?;
                EventKind::Set { param: Param { knob, part }, value: self.number(f32::from_le_bytes)? }
            }
            7 => EventKind::Ramp {
                bpm: self.number(f32::from_le_bytes)?,
                bars: self.number(f32::from_le_bytes)?,
            },
            8 => EventKind::Meter(Meter::new(self.byte()?, self.byte()?)?),
            9 => EventKind::Chord(self.chord()?),
            10 => EventKind::Cue(self.cue()?),
            11 => EventKind::Start,
            12 => EventKind::Stop,
            13 => EventKind::Continue,
            14 => EventKind::Restart,
            15 => EventKind::Panic,
            _ => return None,
        })
    }

    fn cue(&mut self) -> Option<Cue> {
        let (tag, level) = (self.byte()?, self.one_of(&Level::ALL)?);
        Some(match tag {
            0 => Cue::Intro,
            1 => Cue::Main(level),
            2 => Cue::Fill,
            3 => Cue::Break,
            4 => Cue::Ending,
            _ => return None,
        })
    }

    fn section(&mut self) -> Option<Section> {
        Section::decode(self.take()?)
    }

    /// A chord or none; the outer `None` is nonsense.
    fn chord(&mut self) -> Option<Option<Chord>> {
        let [root, quality, bass] = self.take()?;
        if root == NO_CHORD {
            return Some(None);
        }
        let quality = Quality::all().nth(usize::from(quality))?;
        (root < 12 && bass < 12).then_some(Some(Chord { root, quality, bass }))
    }

    fn chunk(&mut self) -> Option<Chunk> {
        let beat = Beat(self.number(i32::from_le_bytes)?);
        let revision = self.number(u32::from_le_bytes)?;
        let mut chunk = Chunk::new(beat, revision, self.section()?);
        for planned in &mut chunk.chords {
            *planned = Planned { position: self.byte()?, chord: self.chord()? };
        }
        chunk.next = self.chord()?;
        for _ in 0..self.byte()? {
            let chord = self.chord()??;
            chunk.guesses.push(chord, f32::from(self.byte()?) / 255.0);
        }
        chunk.cut = self.byte()?;
        chunk.heard = Beat(self.number(i32::from_le_bytes)?);
        let [ornate, overflow, notes] = self.take()?;
        if usize::from(notes) > Chunk::MAX_NOTES {
            return None;
        }
        for _ in 0..notes {
            chunk.push(self.note()?);
        }
        chunk.ornate = ornate == 1;
        chunk.overflow = overflow;
        Some(chunk)
    }

    fn note(&mut self) -> Option<Note> {
        Some(Note {
            role: self.role()?,
            anchor: self.one_of(&ANCHORS)?,
            part: self.one_of(&Part::ALL)?,
            position: self.byte()?,
            micro: self.byte()? as i8,
            velocity: self.byte()?,
            length: self.number(u16::from_le_bytes)?,
        })
    }

    fn role(&mut self) -> Option<Role> {
        let [tag, a, b] = self.take()?;
        Some(match tag {
            0 => Role::Drum(a),
            1 => Role::Root { octave: a as i8 },
            2 => Role::Chord { slot: a, octave: b as i8 },
            3 => Role::Tension { degree: a, octave: b as i8 },
            4 => Role::Scale { steps: a as i8, octave: b as i8 },
            5 => Role::Approach(*APPROACHES.get(usize::from(a))?),
            6 => Role::Pedal(a),
            7 => Role::Same,
            8 => Role::Shape { family: *FAMILIES.get(usize::from(a))?, top: b },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tape::encode::encode;

    fn chord(random: &mut fastrand::Rng) -> Option<Chord> {
        let quality = Quality::all().nth(random.usize(..Quality::COUNT))?;
        random.bool().then(|| Chord::new(random.u8(..12), quality).over(random.u8(..12)))
    }

    fn level(random: &mut fastrand::Rng) -> Level {
        Level::at(random.usize(..4))
    }

    fn kind(random: &mut fastrand::Rng) -> EventKind {
        let (a, b) = (random.u8(..128), random.u8(..128));
        let cues = [Cue::Intro, Cue::Main(level(random)), Cue::Fill, Cue::Break, Cue::Ending];
        let plain =
            [EventKind::Start, EventKind::Stop, EventKind::Continue, EventKind::Restart, EventKind::Panic];
        match random.u8(..11) {
            0 => EventKind::NoteOn { key: a, velocity: b },
            1 => EventKind::NoteOff { key: a },
            2 => EventKind::Controller { number: a, value: b },
            3 => EventKind::PitchBend(random.i16(-8192..8192)),
            4 => EventKind::AllNotesOff,
            5 => {
                let knob = KNOBS[random.usize(..KNOBS.len())].knob;
                EventKind::Set { param: Param::on(knob, Part::ALL[random.usize(..6)]), value: random.f32() }
            }
            6 => EventKind::Ramp { bpm: random.f32() * 300.0, bars: random.f32() },
            7 => EventKind::Meter(Meter::new(6, 8).unwrap()),
            8 => EventKind::Chord(chord(random)),
            9 => EventKind::Cue(cues[random.usize(..5)]),
            _ => plain[random.usize(..5)],
        }
    }

    fn note(random: &mut fastrand::Rng) -> Note {
        let (a, octave) = (random.u8(..128), random.i8(-3..4));
        let roles = [
            Role::Drum(a),
            Role::Root { octave },
            Role::Chord { slot: 3, octave },
            Role::Tension { degree: 13, octave },
            Role::Scale { steps: -octave, octave },
            Role::Approach(APPROACHES[random.usize(..5)]),
            Role::Pedal(a),
            Role::Same,
            Role::Shape { family: FAMILIES[random.usize(..13)], top: 9 },
        ];
        Note {
            role: roles[random.usize(..9)],
            anchor: ANCHORS[random.usize(..2)],
            part: Part::ALL[random.usize(..6)],
            position: random.u8(..12),
            micro: random.i8(..),
            velocity: a,
            length: random.u16(..),
        }
    }

    fn chunk(random: &mut fastrand::Rng) -> Chunk {
        let level = level(random);
        let sections = [
            Section::Stopped,
            Section::Intro(level),
            Section::Main(level),
            Section::Fill(level),
            Section::Break(level),
            Section::Ending(level),
        ];
        let mut chunk = Chunk::new(Beat(random.i32(-8..999)), random.u32(..), sections[random.usize(..6)]);
        chunk.chords = std::array::from_fn(|i| Planned { position: i as u8, chord: chord(random) });
        chunk.next = chord(random);
        (0..random.usize(..5)).for_each(|_| {
            chunk.guesses.push(chord(random).unwrap_or(Chord::new(0, Quality::Maj)), random.f32())
        });
        chunk.cut = random.u8(..);
        chunk.ornate = random.bool();
        chunk.heard = Beat(random.i32(..));
        (0..random.usize(..110)).for_each(|_| chunk.push(note(random)));
        chunk
    }

    /// Chunks have no equality of their own; what they print is all that they hold.
    fn shown(logged: &Logged) -> String {
        format!("{logged:?}")
    }

    #[test]
    fn what_was_written_is_read_and_any_prefix_of_it_is_refused() {
        let mut random = fastrand::Rng::with_seed(1);
        for i in 0..3000 {
            let frame = random.u64(..);
            let event =
                Event { arrival: random.u64(..), source: Source(random.u8(..)), kind: kind(&mut random) };
            let logged = match i % 3 {
                0 => Logged::Chunk { frame, chunk: chunk(&mut random) },
                1 => Logged::Event { frame, event },
                _ => Logged::Patch { frame, rig: RigName::new(&"x".repeat(random.usize(..40))) },
            };
            let mut bytes = Vec::new();
            encode(&logged, &mut bytes);
            assert_eq!(decode(&bytes).as_ref().map(shown), Some(shown(&logged)));
            assert!(decode(&bytes[..random.usize(..bytes.len())]).is_none());
        }
    }

    #[test]
    fn tables_are_in_the_order_of_their_types() {
        assert!(FAMILIES.iter().enumerate().all(|(i, &family)| family as usize == i));
        assert!(APPROACHES.iter().enumerate().all(|(i, &approach)| approach as usize == i));
        assert!(ANCHORS.iter().enumerate().all(|(i, &anchor)| anchor as usize == i));
    }

    #[test]
    fn noise_is_never_a_panic() {
        let mut random = fastrand::Rng::with_seed(2);
        for _ in 0..10_000 {
            let mut bytes: Vec<u8> = (0..random.usize(..200)).map(|_| random.u8(..)).collect();
            if let Some(tag) = bytes.first_mut() {
                *tag %= 4;
            }
            let _ = decode(&bytes);
        }
    }
}
