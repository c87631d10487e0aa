//! Which tones the band may use over a chord, and which of them make a voicing.

use crate::audio::view::{Colour, View};
use crate::{Chord, Quality, Scale};

/// Up to six pitch classes, each once, the most wanted first.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tones {
    pcs: [u8; 6],
    len: u8,
}

impl Tones {
    fn of(pcs: &[u8]) -> Tones {
        pcs.iter().fold(Tones::default(), |tones, pc| tones.and(*pc))
    }

    fn and(mut self, pc: u8) -> Tones {
        if !self.pcs().contains(&pc)
            && let Some(slot) = self.pcs.get_mut(usize::from(self.len))
        {
            *slot = pc;
            self.len += 1;
        }
        self
    }

    fn without(self, pc: u8) -> Tones {
        let kept = self.pcs().iter().filter(|other| **other != pc);
        kept.fold(Tones::default(), |tones, pc| tones.and(*pc))
    }

    /// The pitch classes.
    pub fn pcs(&self) -> &[u8] {
        &self.pcs[..usize::from(self.len).min(self.pcs.len())]
    }

    /// The same as a set: bit 0 = C.
    pub fn set(&self) -> u16 {
        self.pcs().iter().fold(0, |set, pc| set | 1 << pc)
    }
}

/// What the band may play over a chord, as pitch classes.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    /// The chord.
    pub chord: Chord,
    /// The scale that it takes.
    pub scale: Scale,
    colour: Colour,
    performed: u16,
    seventh: Option<u8>,
}

impl Palette {
    /// The palette of a chord at a moment.
    pub fn new(chord: Chord, view: &View) -> Palette {
        // What is expected after the expected chord is not known.
        let next = view.next.filter(|next| *next != chord);
        let palette = Palette {
            chord,
            scale: chord.scale(view.key, next),
            colour: view.colour,
            performed: view.performed,
            seventh: chord.quality.seventh(),
        };
        let added = chord.natural_seventh(view.key, next);
        let added = added.filter(|tone| view.colour > Colour::Triad && !palette.denies(palette.pc(*tone)));
        Palette { seventh: palette.seventh.or(added), ..palette }
    }

    /// The pitch class some semitones above the root.
    fn pc(&self, semitones: u8) -> u8 {
        (self.chord.root + semitones) % 12
    }

    /// Whether the performer holds or just struck a neighbour of this pitch class, and not the pitch class itself.
    fn denies(&self, pc: u8) -> bool {
        let has = |pc: u8| self.performed >> (pc % 12) & 1 == 1;
        !has(pc) && (has(pc + 1) || has(pc + 11))
    }

    /// The pitch classes of chord and scale: nothing else is ever bound but approaches and pedals.
    pub fn inside(&self) -> u16 {
        self.chord.pcs() | self.scale.pcs(self.chord.root)
    }

    /// The pitch class of a slot: 1, 3, 5 or 7. A seventh that neither symbol nor key gives is the octave.
    pub fn slot(&self, slot: u8) -> u8 {
        match (slot, self.seventh) {
            (7, Some(seventh)) => self.pc(seventh),
            _ => self.pc(self.chord.quality.slot(slot)),
        }
    }

    /// The pitch class of a tension: 9, 11 or 13; where it is not to be had, the nearest tone of the chord.
    pub fn tension(&self, degree: u8) -> u8 {
        self.free_tension(degree).unwrap_or_else(|| {
            let wanted = self.pc(self.chord.quality.tension(degree));
            let far = |slot: &u8| distance(self.slot(*slot), wanted);
            self.slot([1, 3, 5].into_iter().min_by_key(far).unwrap_or(1))
        })
    }

    /// The pitch class of any degree that may be asked for on top.
    pub fn degree(&self, degree: u8) -> Option<u8> {
        match degree {
            1 | 3 | 5 => Some(self.slot(degree)),
            7 => self.seventh.map(|tone| self.pc(tone)),
            9 | 11 | 13 => self.free_tension(degree),
            _ => None,
        }
    }

    /// A tension that the symbol names, or that colour, scale and performer allow.
    fn free_tension(&self, degree: u8) -> Option<u8> {
        self.named(degree).or_else(|| {
            let altered: &[u8] = match degree {
                9 => &[1, 3],
                11 => &[6],
                13 => &[8],
                _ => &[],
            };
            let altered = if self.chord.quality.is_dominant() { altered } else { &[] };
            let wanted = self.chord.quality.tension(degree);
            let is_tone = [1, 3, 5, 7].iter().any(|slot| self.chord.quality.slot(*slot) % 12 == wanted);
            let wanted = (!is_tone).then_some(wanted).into_iter().chain(altered.iter().copied());
            let scale = self.scale.steps();
            let tone = wanted.into_iter().find(|tone| scale.contains(tone)).map(|tone| self.pc(tone))?;
            (self.colour == Colour::Extended && !self.denies(tone)).then_some(tone)
        })
    }

    /// The tension of this degree that the symbol itself names.
    fn named(&self, degree: u8) -> Option<u8> {
        let quality = self.chord.quality;
        let class: &[u8] = match degree {
            9 => &[1, 2, 3],
            11 => &[5, 6],
            13 => &[8, 9],
            _ => &[],
        };
        let is_slot = |tone: &u8| [1, 3, 5, 7].iter().any(|slot| quality.slot(*slot) % 12 == *tone);
        let is_named = |tone: &&u8| class.contains(tone) && !is_slot(tone);
        quality.intervals().iter().rfind(is_named).map(|tone| self.pc(*tone))
    }

    /// The third, or the fourth that an eleventh chord has in its place.
    fn third(&self) -> u8 {
        if self.chord.quality == Quality::Dom11 { self.pc(5) } else { self.slot(3) }
    }

    /// The fifth, or the tension that stands for it: one that the symbol names, and the 13 of a dominant.
    fn fifth(&self) -> u8 {
        let thirteenth = if self.chord.quality.is_dominant() { self.degree(13) } else { self.named(13) };
        let eleventh = self.named(11).filter(|pc| *pc != self.third());
        thirteenth.or(eleventh).unwrap_or_else(|| self.slot(5))
    }

    /// The ninth that a voicing takes unasked: over a seventh where colour allows it, or where the symbol names it.
    fn ninth(&self) -> Option<u8> {
        if self.seventh.is_some() { self.degree(9) } else { self.named(9) }
    }

    /// Root, third, fifth and seventh, enriched: the ninth stands for the root where a bass sounds, else for a plain
    /// fifth; a 13 or 11 stands for the fifth. A tension wanted on top takes the same places.
    pub fn full(&self, rooted: bool, top: u8) -> Tones {
        let asked = |degree: u8| if top == degree { self.degree(degree) } else { None };
        let ninth = self.ninth().or(asked(9));
        let fifth = asked(13).or(asked(11)).unwrap_or_else(|| self.fifth());
        let root = self.slot(1);
        let seventh = self.slot(7);
        let plain = fifth == self.pc(7);
        match ninth {
            None => Tones::of(&[root, self.third(), fifth, seventh]),
            Some(ninth) if self.seventh.is_none() => Tones::of(&[root, self.third(), fifth, ninth]),
            Some(ninth) if !rooted => Tones::of(&[ninth, self.third(), fifth, seventh]),
            Some(ninth) if plain => Tones::of(&[root, self.third(), seventh, ninth]),
            Some(ninth) => Tones::of(&[root, self.third(), seventh, fifth, ninth]),
        }
    }

    /// Third and seventh, with the root where no bass sounds, and a degree wanted on top.
    pub fn shell(&self, rooted: bool, top: u8) -> Tones {
        let guides = Tones::of(&[self.third(), self.slot(7)]);
        let guides = if rooted { guides.and(self.slot(1)) } else { guides };
        self.degree(top).map_or(guides, |pc| guides.and(pc))
    }

    /// The triad; of a seventh chord the upper triad 3-5-7 over a bass, else 1-3-7.
    pub fn triad(&self, rooted: bool) -> Tones {
        match self.chord.quality.seventh() {
            Some(seventh) if rooted => Tones::of(&[self.slot(1), self.third(), self.pc(seventh)]),
            Some(seventh) => Tones::of(&[self.third(), self.slot(5), self.pc(seventh)]),
            None => Tones::of(&[self.slot(1), self.third(), self.slot(5)]),
        }
    }

    /// Tones for at most `voices` voices: the root goes first where a bass sounds, then the fifth, then the last named.
    pub fn thinned(&self, tones: Tones, voices: usize, rooted: bool) -> Tones {
        let spare = [self.slot(1), self.slot(5)];
        let spare = if rooted { &spare[1..] } else { &spare[..] };
        let mut thin = tones;
        for pc in spare.iter().chain(tones.pcs().iter().rev()) {
            if thin.pcs().len() > voices.max(1) {
                thin = thin.without(*pc);
            }
        }
        thin
    }

    /// What a chord cannot go without: third, the seventh that the symbol names, and the root where no bass sounds.
    pub fn guides(&self, rooted: bool) -> u16 {
        let seventh = self.chord.quality.seventh().map_or(0, |tone| 1 << self.pc(tone));
        let root = if rooted { 1 << self.slot(1) } else { 0 };
        seventh | root | 1u16 << self.third()
    }

    /// Every tone and tension that may sound unasked.
    pub fn free(&self) -> u16 {
        let degrees = [1, 3, 5, 7, 9, 11, 13].into_iter().filter_map(|degree| self.degree(degree));
        degrees.fold(0, |set, pc| set | 1 << pc)
    }
}

/// Semitones between two pitch classes, the short way.
fn distance(a: u8, b: u8) -> u8 {
    let up = (a + 12 - b) % 12;
    up.min(12 - up)
}
