//! How what sounds follows a change of chord, voice for voice. Runs on the audio thread.

use super::line::Line;
use super::{Palette, View, Voicing};
use crate::audio::voicing::{Wish, voice};
use crate::{Anchor, Chord, Family, Note, Part, Role};

/// A note or a voicing that sounds while the chord changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// As it was written.
    pub note: Note,
    /// As it sounds.
    pub keys: Voicing,
    /// Whether it was struck so lately that its chord may just be late.
    pub young: bool,
}

impl Held {
    /// A note that sounds on these keys.
    pub fn new(note: Note, keys: &[u8]) -> Held {
        Held { note, keys: Voicing::new(keys), young: false }
    }
}

impl Line {
    /// Where the voices go over a new chord.
    pub fn follow(&mut self, held: &Held, chord: Chord, view: &View) -> Voicing {
        let palette = Palette::new(chord, view);
        let moved = match held.note.role {
            _ if waits(held, chord, view) => held.keys,
            Role::Drum(_) | Role::Pedal(_) | Role::Approach(_) => held.keys,
            Role::Shape { family, top } => self.led(held, family, top, chord, view),
            Role::Same if held.keys.keys().len() > 1 && !self.suits(&held.keys, &palette) => {
                self.led(held, Family::Close, 0, chord, view)
            }
            Role::Same | Role::Scale { .. } => self.corrected(held.keys, &palette),
            role => held.keys.map(|key| self.followed(role, key, belongs_to_what_comes(held), &palette)),
        };
        self.remember(held, moved);
        moved
    }

    fn led(&self, held: &Held, family: Family, top: u8, chord: Chord, view: &View) -> Voicing {
        voice(&Wish { last: held.keys, held: true, ..self.wish(family, top, view) }, chord, view)
    }

    /// The nearest key of what the role is over the new chord; the bass stays on any tone of it, but for a root that
    /// came before its chord.
    fn followed(&self, role: Role, key: u8, early: bool, palette: &Palette) -> u8 {
        let early_root = early && matches!(role, Role::Root { .. });
        if self.part == Part::Bass && palette.chord.holds(key) && !early_root {
            return key;
        }
        let Some((there, _)) = self.pitch(role, palette) else { return key };
        self.nearest(1 << (there % 12), key)
    }

    /// What moved is what sounded last, if it was.
    fn remember(&mut self, held: &Held, moved: Voicing) {
        if self.last == held.keys {
            self.last = moved;
        }
        if self.voiced == held.keys {
            self.voiced = moved;
        }
        if let (Part::Bass, Some(key)) = (self.part, moved.top())
            && moved != held.keys
        {
            self.home = Some(self.home_of(key % 12));
        }
    }
}

/// Whether what sounds belongs to the coming chord: its chord may just be late, or it was written as a push.
fn belongs_to_what_comes(held: &Held) -> bool {
    held.young || held.note.anchor == Anchor::Next
}

/// Whether what sounds is an anticipation whose chord is still to come.
fn waits(held: &Held, chord: Chord, view: &View) -> bool {
    let coming = view.next.filter(|next| held.note.anchor == Anchor::Next && *next != chord);
    coming.is_some_and(|next| held.keys.keys().iter().all(|key| next.holds(*key)))
}
