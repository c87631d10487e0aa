//! What the accompanist writes: one beat of all parts, as roles over a chord.

use crate::{Beat, Chord, Guesses, Part, Section, Tick};

/// The shape of a chord in the hand. See `audio/voicing.rs` for the notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Family {
    /// Root (or nothing), third and seventh.
    Shell,
    /// Rootless 3-5-7-9, the form with the third lowest.
    RootlessA,
    /// Rootless 7-9-3-5, the form with the seventh lowest.
    RootlessB,
    /// Close triad or seventh chord in any inversion.
    Close,
    /// Close position with the second voice from the top an octave down.
    Drop2,
    /// Close position with the third voice from the top an octave down.
    Drop3,
    /// Wide: fifths and tenths.
    Spread,
    /// Stacked fourths.
    Quartal,
    /// Upper triad, the bass left to the bass.
    Triad,
    /// Root and fifth.
    Power,
    /// Guitar: open-position chord.
    Open,
    /// Guitar: barre chord.
    Barre,
    /// Guitar: the three highest strings.
    TopThree,
}

/// Over which chord a note is bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Anchor {
    /// The chord that sounds at the onset.
    #[default]
    Now,
    /// The coming chord, if it is known: an anticipation.
    Next,
}

/// How an approach note reaches the next written note of its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Approach {
    /// A semitone below.
    HalfBelow,
    /// A semitone above.
    HalfAbove,
    /// A whole tone below.
    WholeBelow,
    /// A whole tone above.
    WholeAbove,
    /// The dominant of the target.
    Fifth,
}

/// What a note is to the chord. The audio thread makes it a pitch when it sounds.
///
/// `octave` counts from the part's home register: 0 is the octave that begins at the part's low note
/// (see `audio/bind.rs`), 1 the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Drums: a General MIDI key.
    Drum(u8),
    /// The chord's bass: E in C/E.
    Root {
        /// Octaves above the part's home.
        octave: i8,
    },
    /// A slot of the chord: 1, 3, 5 or 7.
    Chord {
        /// 1, 3, 5 or 7.
        slot: u8,
        /// Octaves above the part's home.
        octave: i8,
    },
    /// A tension: 9, 11 or 13.
    Tension {
        /// 9, 11 or 13.
        degree: u8,
        /// Octaves above the part's home.
        octave: i8,
    },
    /// Steps of the chord's scale above its root; negative is below.
    Scale {
        /// Scale steps.
        steps: i8,
        /// Octaves above the part's home.
        octave: i8,
    },
    /// Leads into the next written note of its part.
    Approach(Approach),
    /// An absolute key that survives changes of chord.
    Pedal(u8),
    /// The last pitch that this part played.
    Same,
    /// A whole voicing, bound as one.
    Shape {
        /// Its family.
        family: Family,
        /// The chord degree wanted on top (1, 3, 5, 7, 9, 11, 13), or 0 for least motion.
        top: u8,
    },
}

/// One note of the accompaniment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is to the chord.
    pub role: Role,
    /// Over which chord it is bound.
    pub anchor: Anchor,
    /// Who plays it.
    pub part: Part,
    /// Grid position in the beat, 0 to 11.
    pub position: u8,
    /// Ticks away from the grid: feel.
    pub micro: i8,
    /// 1 to 127.
    pub velocity: u8,
    /// Ticks; at most two bars.
    pub length: u16,
}

impl Note {
    /// The most that a note may lie before its grid position, in ticks.
    pub const MAX_EARLY: Tick = 128;
}

/// A chord that the accompanist planned for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// Grid position in the beat.
    pub position: u8,
    /// The chord, or none.
    pub chord: Option<Chord>,
}

/// One beat of all parts. A chunk of a later revision replaces an earlier one.
#[derive(Clone, Copy, Debug)]
pub struct Chunk {
    /// The beat that it fills.
    pub beat: Beat,
    /// Counts cues; the audio thread opens revisions.
    pub revision: u32,
    /// What section it was written for.
    pub section: Section,
    /// The chord that it was written over, with changes inside the beat.
    pub chords: [Planned; 4],
    /// The chord expected after this beat, if known.
    pub next: Option<Chord>,
    /// What its writer thinks of the chord of this beat, if it is the next to begin: melody mode listens to it.
    pub guesses: Guesses,
    /// Parts whose sounding notes end where this beat begins (bits of [`Part::bit`]).
    pub cut: u8,
    /// The last performer beat that its context held.
    pub heard: Beat,
    /// Whether it holds a fill, a turn or an answer of its own: then it is never vamped.
    pub ornate: bool,
    /// Notes that found no room.
    pub overflow: u8,
    len: u8,
    notes: [Note; Chunk::MAX_NOTES],
}

impl Chunk {
    /// Notes in a chunk. Real bands reach 40 a beat.
    pub const MAX_NOTES: usize = 96;

    const REST: Note = Note {
        role: Role::Same,
        anchor: Anchor::Now,
        part: Part::Drums,
        position: 0,
        micro: 0,
        velocity: 0,
        length: 0,
    };

    /// An empty beat.
    pub const fn new(beat: Beat, revision: u32, section: Section) -> Chunk {
        Chunk {
            beat,
            revision,
            section,
            chords: [Planned { position: 0, chord: None }; 4],
            next: None,
            guesses: Guesses::NONE,
            cut: 0,
            heard: Beat(i32::MIN),
            ornate: false,
            overflow: 0,
            len: 0,
            notes: [Chunk::REST; Chunk::MAX_NOTES],
        }
    }

    /// Adds a note. A full chunk gives up its softest drum note for a louder one, and counts what it lost.
    pub fn push(&mut self, note: Note) {
        if let Some(slot) = self.notes.get_mut(usize::from(self.len)) {
            *slot = note;
            self.len += 1;
            return;
        }
        self.overflow = self.overflow.saturating_add(1);
        let drums = self.notes.iter_mut().filter(|n| n.part == Part::Drums);
        if let Some(ghost) = drums.min_by_key(|n| n.velocity).filter(|n| n.velocity < note.velocity) {
            *ghost = note;
        }
    }

    /// Its notes, in the order in which they were written.
    pub fn notes(&self) -> &[Note] {
        &self.notes[..usize::from(self.len)]
    }

    /// Forgets the notes that `keep` does not want.
    pub fn retain(&mut self, keep: impl Fn(&Note) -> bool) {
        let mut kept = 0;
        for i in 0..usize::from(self.len) {
            if keep(&self.notes[i]) {
                self.notes[kept] = self.notes[i];
                kept += 1;
            }
        }
        self.len = kept as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_small() {
        assert!(size_of::<Note>() <= 12, "{}", size_of::<Note>());
        assert!(size_of::<crate::Event>() <= 24, "{}", size_of::<crate::Event>());
    }

    #[test]
    fn a_full_chunk_gives_up_ghost_notes_first_and_counts() {
        let mut chunk = Chunk::new(Beat(0), 0, Section::default());
        let ghost = Note { role: Role::Drum(38), velocity: 20, ..Chunk::REST };
        (0..Chunk::MAX_NOTES).for_each(|_| chunk.push(ghost));
        chunk.push(Note { part: Part::Bass, velocity: 90, ..ghost });
        assert_eq!(chunk.overflow, 1);
        assert_eq!(chunk.notes().iter().filter(|n| n.part == Part::Bass).count(), 1);
    }
}
