//! Everybody who plays: the pitched parts, the kit, the click and the performer. Runs on the audio thread.

use crate::sound::QUANTUM;
use crate::{Chord, EventKind, Frame, Note, Part, Patch, Role, Source, Tick};

use super::bind::{Binder, Bound, Held, Onset};
use super::hand::Hand;
use super::kit::Kit;
use super::lead::Lead;
use super::mixer::Stereo;
use super::view::View;
use super::witness::Witness;

/// Notes that wait for the first chord.
const WAITING: usize = 16;

/// A chord is late by up to this much, and its notes settle for a while: milliseconds.
const LATE_MS: Frame = 100;

/// A note that cannot be bound yet.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    note: Note,
    /// When it gives up.
    patience: Tick,
}

/// Everybody who plays.
#[derive(Debug)]
pub struct Band {
    hands: [Hand; 3],
    drums: Kit,
    click: Kit,
    lead: Lead,
    binder: Binder,
    /// The chord of the bass's last note, and whether its first note of a chord is the chord's bass.
    bass_chord: Option<Chord>,
    bass_roots: bool,
    /// Frames after a strike in which its chord may still be late.
    late: Frame,
    waiting: [Option<Waiting>; WAITING],
}

/// The place of a pitched part in `hands`.
fn hand_of(part: Part) -> Option<usize> {
    part.is_pitched().then(|| part.index() - Part::Bass.index())
}

const PITCHED: [Part; 3] = [Part::Bass, Part::Comp, Part::Pads];

impl Band {
    /// A band at rest. Allocates, so not on the audio thread.
    pub fn new(rate: u32) -> Band {
        Band {
            hands: PITCHED.map(|part| Hand::new(part, rate)),
            drums: Kit::new(Part::Drums, rate),
            click: Kit::new(Part::Click, rate),
            lead: Lead::new(),
            binder: Binder::new(),
            bass_chord: None,
            bass_roots: true,
            late: LATE_MS * Frame::from(rate) / 1000,
            waiting: [None; WAITING],
        }
    }

    /// Takes up the sounds of a rig.
    pub fn set(&mut self, patch: &Patch, rate: u32) {
        self.bass_roots = patch.bass_roots;
        for part in PITCHED {
            let voice = &patch.voices[part.index()];
            self.binder.set_range(part, voice.range.0, voice.range.1);
            if let Some(hand) = hand_of(part) {
                let strum = (voice.strum_ms / 1000.0 * rate as f32) as Frame;
                self.hands[hand].set(voice.moves, strum);
            }
        }
    }

    /// Whether a bass note sounds.
    pub fn bass_sounds(&self) -> bool {
        self.hands[0].is_playing()
    }

    /// Strikes a note, due at `at`: binds it to the chord of the moment.
    pub fn strike(&mut self, patch: &mut Patch, out: &mut Witness, onset: &Onset<'_>, view: &View, at: Tick) {
        let note = self.grounded(*onset.note, view);
        let until = at + Tick::from(note.length.max(1));
        match self.binder.bind_onset(&Onset { note: &note, ..*onset }, view) {
            Bound::Drum(key) => {
                let synth = &mut patch.voices[Part::Drums.index()].instrument;
                self.drums.strike(synth, out, key, note.velocity, until);
            }
            Bound::Keys(voicing) => {
                let Some(hand) = hand_of(note.part) else { return };
                let synth = &mut patch.voices[note.part.index()].instrument;
                self.hands[hand].strike(synth, out, note, voicing.keys(), until);
            }
            Bound::Nothing => self.wait(note, at),
        }
    }

    /// The first bass note of a chord states the chord's bass, whatever was written before the chord was known;
    /// styles whose bass avoids it say so in the rig.
    fn grounded(&mut self, mut note: Note, view: &View) -> Note {
        let first = note.part == Part::Bass && self.bass_chord != view.chord;
        if note.part == Part::Bass {
            self.bass_chord = view.chord;
        }
        if first
            && self.bass_roots
            && matches!(note.role, Role::Chord { .. } | Role::Scale { .. } | Role::Same)
        {
            note.role = Role::Root { octave: 0 };
        }
        note
    }

    /// Whether a part has struck since a frame what still sounds.
    pub fn has_struck(&self, part: Part, since: Frame) -> bool {
        hand_of(part).is_some_and(|hand| self.hands[hand].has_struck(since))
    }

    /// A first chord is often a little late, so a note waits a sixteenth for it.
    fn wait(&mut self, note: Note, at: Tick) {
        const PATIENCE: Tick = 240;
        if let Some(place) = self.waiting.iter_mut().find(|place| place.is_none()) {
            *place = Some(Waiting { note, patience: at + PATIENCE });
        }
    }

    /// Binds what waited, now that there is a chord; gives up what waited too long, and counts it.
    pub fn serve_waiting(&mut self, patch: &mut Patch, out: &mut Witness, view: &View) -> u64 {
        let mut given_up = 0;
        for place in 0..WAITING {
            let Some(Waiting { note, patience }) = self.waiting[place] else { continue };
            if view.chord.is_some() {
                self.waiting[place] = None;
                let onset = Onset { note: &note, target: None, same_chord: false, bar_start: false };
                let now = out.tick;
                self.strike(patch, out, &onset, view, now);
            } else if patience <= out.tick {
                self.waiting[place] = None;
                given_up += 1;
            }
        }
        given_up
    }

    /// Moves what sounds to the chord of the moment, without striking again; returns whether anything moved.
    pub fn follow(&mut self, patch: &mut Patch, out: &mut Witness, view: &View) -> bool {
        let mut moved = false;
        for part in PITCHED {
            let Some(hand) = hand_of(part) else { continue };
            for slot in 0..self.hands[hand].slots() {
                let Some(hit) = self.hands[hand].hit(slot).copied() else { continue };
                let (keys, len) = hit.keys();
                let young = out.frame.saturating_sub(hit.struck()) < self.late;
                // A bass note that came just before its chord is that chord's first.
                let note = if part == Part::Bass && young { self.grounded(hit.note, view) } else { hit.note };
                let held = Held { young, ..Held::new(note, &keys[..len]) };
                let voicing = self.binder.rebind(&held, view);
                let synth = &mut patch.voices[part.index()].instrument;
                moved |= self.hands[hand].follow(synth, out, slot, voicing.keys());
            }
        }
        moved
    }

    /// Plays what the performer does with their own sound.
    pub fn perform(&mut self, patch: &mut Patch, out: &mut Witness, source: Source, kind: EventKind) {
        self.lead.play(&mut patch.voices[Part::Lead.index()].instrument, out, source, kind);
    }

    /// Whether the performer holds a key that sounds.
    pub fn performs(&self, source: Source, key: u8) -> bool {
        self.lead.holds(source, key)
    }

    /// Clicks a beat of the count-in: sticks, the first of a bar louder.
    pub fn count(&mut self, patch: &mut Patch, out: &mut Witness, first: bool, until: Tick) {
        const STICKS: u8 = 31;
        const RIM: u8 = 37;
        let synth = &mut patch.voices[Part::Click.index()].instrument;
        let (key, velocity) = if first { (RIM, 120) } else { (STICKS, 100) };
        self.click.strike(synth, out, key, velocity, until);
    }

    /// Ends what is over and moves what glides.
    pub fn advance(&mut self, patch: &mut Patch, out: &mut Witness, running: bool) {
        for (hand, part) in self.hands.iter_mut().zip(PITCHED) {
            hand.advance(&mut patch.voices[part.index()].instrument, out, running);
        }
        self.drums.advance(&mut patch.voices[Part::Drums.index()].instrument, out, running);
        self.click.advance(&mut patch.voices[Part::Click.index()].instrument, out, running);
    }

    /// Renders one quantum of every part.
    pub fn render(&self, patch: &mut Patch, parts: &mut [Stereo; Part::COUNT]) {
        for (voice, [left, right]) in patch.voices.iter_mut().zip(parts) {
            voice.instrument.render(left, right);
        }
    }

    /// Ends what the parts in `mask` play; tails ring.
    pub fn release(&mut self, patch: &mut Patch, out: &mut Witness, mask: u8) {
        for (hand, part) in self.hands.iter_mut().zip(PITCHED) {
            if mask & part.bit() != 0 {
                hand.release_all(&mut patch.voices[part.index()].instrument, out);
            }
        }
        if mask & Part::Drums.bit() != 0 {
            self.drums.release_all(&mut patch.voices[Part::Drums.index()].instrument, out);
        }
    }

    /// Ends everything that the band plays, and what waits; tails ring, and the performer plays on.
    pub fn rest(&mut self, patch: &mut Patch, out: &mut Witness) {
        self.waiting = [None; WAITING];
        self.release(patch, out, u8::MAX);
        self.click.release_all(&mut patch.voices[Part::Click.index()].instrument, out);
    }

    /// Ends everything at once, the performer's notes and all tails too.
    pub fn cut(&mut self, patch: &mut Patch, out: &mut Witness) {
        self.rest(patch, out);
        self.lead.release_all(&mut patch.voices[Part::Lead.index()].instrument, out);
        for voice in &mut patch.voices {
            voice.instrument.cut();
        }
        for (hand, part) in self.hands.iter_mut().zip(PITCHED) {
            hand.cut(&mut patch.voices[part.index()].instrument, out);
        }
    }

    /// Releases every key before another rig takes over; the performer's too, since their sound changes.
    pub fn hand_over(&mut self, patch: &mut Patch, out: &mut Witness) {
        self.rest(patch, out);
        self.lead.release_all(&mut patch.voices[Part::Lead.index()].instrument, out);
        for (hand, part) in self.hands.iter_mut().zip(PITCHED) {
            hand.cut(&mut patch.voices[part.index()].instrument, out);
        }
        self.binder.reset();
    }
}

/// A silent quantum of every part.
pub const SILENCE: [Stereo; Part::COUNT] = [[[0.0; QUANTUM]; 2]; Part::COUNT];
