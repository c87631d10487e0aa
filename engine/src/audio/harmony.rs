//! The harmony of the moment: which chord holds for new notes, for sounding ones, and for the record.
//! Thread: audio.

mod ages;
mod keys;
#[cfg(test)]
mod tests;

use super::expect::Expect;
use super::local_key::KeyFinder;
use super::melody::Melody;
use super::melody::tables::STYLES;
use super::recogniser::{Fingering, Recogniser};
use super::{Colour, View};
use crate::{Beat, Chord, Frame, Grid, Guesses, Knob, LocalKey, Settings, Source, Tick};
use ages::Ages;
use keys::Keys;
use std::ops::Range;

/// A chord that lived less is never told.
const TOLD_MS: Frame = 40;
/// With hold off, the chord ends so long after the last key.
const LIFT_MS: Frame = 150;

/// Who decides the chord.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ChordSource {
    /// The keys in the chord zone.
    #[default]
    Played,
    /// The melody: what suits it.
    Melody,
    /// A script.
    Sent,
}

/// What changed in a quantum.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Changes {
    /// New onsets are bound to another chord from here on.
    pub bound: bool,
    /// Sounding notes move to the bound chord now.
    pub settled: bool,
    /// A chord has lived 40 ms: it may be marked and told, with the tick at which it was first bound.
    pub told: Option<(Option<Chord>, Tick)>,
    /// The local key changed.
    pub key: Option<LocalKey>,
    /// With `bound` or `settled`: when the last key came that made the chord, or when it was sent.
    pub last_key: Option<Frame>,
}

/// Decides the chord of the moment from all that the performer does.
///
/// The chord has three ages. It is *bound* to new onsets as soon as it is recognised; sounding notes follow when
/// it has *settled*: no further chord key came for `chord.settle_ms`; it is *told* once it has lived 40 ms.
#[derive(Clone, Debug)]
pub struct Harmony {
    recogniser: Recogniser,
    keys: Keys,
    key: KeyFinder,
    expect: Expect,
    source: ChordSource,
    melody: Melody,
    /// When the melody's chord changed last.
    turned_at: Frame,
    sent: Option<Chord>,
    sent_at: Frame,
    ages: Ages,
    /// When the chord zone was last empty-handed, and a chord still held.
    lifted: Option<Frame>,
    sustained: bool,
    hold: bool,
    settle: Frame,
    colour: Colour,
    split: u8,
    changed_key: Option<LocalKey>,
    now: Frame,
    beat_began: Frame,
    beat_frames: Frame,
    beats_per_bar: i32,
    /// The chord of this beat, once it is known.
    beat_chord: Option<Option<Chord>>,
    per_ms: Frame,
}

impl Harmony {
    /// No chord yet, for a sample rate in hertz, with every knob at its default.
    pub fn new(rate: u32) -> Harmony {
        let mut harmony = Harmony {
            recogniser: Recogniser::new(rate),
            keys: Keys::default(),
            key: KeyFinder::default(),
            expect: Expect::default(),
            source: ChordSource::default(),
            melody: Melody::new(),
            turned_at: 0,
            sent: None,
            sent_at: 0,
            ages: Ages::default(),
            lifted: None,
            sustained: false,
            hold: true,
            settle: 0,
            colour: Colour::default(),
            split: 54,
            changed_key: None,
            now: 0,
            beat_began: 0,
            beat_frames: Frame::from(rate) / 2,
            beats_per_bar: 4,
            beat_chord: None,
            per_ms: Frame::from(rate) / 1000,
        };
        harmony.apply(&Settings::default());
        harmony
    }

    /// Takes the knobs in. Thread: audio. Real-time: yes.
    ///
    /// A chart decides no chord yet and leaves it to the keys.
    pub fn apply(&mut self, settings: &Settings) {
        let number = |knob| settings.get(knob).round().max(0.0) as usize;
        self.split = number(Knob::Split).min(127) as u8;
        self.recogniser.set(Fingering::at(number(Knob::Fingering)), self.split);
        self.source = match number(Knob::ChordSource) {
            2 => ChordSource::Melody,
            3 => ChordSource::Sent,
            _ => ChordSource::Played,
        };
        self.melody.set_restless(settings.get(Knob::Restless));
        self.hold = settings.is_on(Knob::Hold);
        self.settle = (settings.get(Knob::Settle) * self.per_ms as f32) as Frame;
        self.colour = [Colour::Triad, Colour::Seventh, Colour::Extended][number(Knob::Colour).min(2)];
        let tonic = settings.get(Knob::Tonic);
        let tonic = (tonic > -0.5).then(|| tonic.round() as u8);
        self.key.lock(tonic);
        self.melody.lock(tonic);
    }

    /// Which kinds of music the rig's melodies are likely of. Thread: audio. Real-time: yes.
    pub fn lean_to(&mut self, styles: [f32; STYLES]) {
        self.melody.lean_to(styles);
    }

    /// A key went down; its velocity decides nothing here. Thread: audio. Real-time: yes.
    pub fn key_down(&mut self, source: Source, key: u8, _velocity: u8, at: Frame) {
        self.keys.down(source, key, at);
        self.recogniser.key_down(key, at);
        if self.source == ChordSource::Melody {
            self.melody.key_down(key, self.keys.melody(self.split));
        }
        if key >= self.split {
            self.key.lead(key);
        }
    }

    /// A key went up. It stays down while another input holds it. Thread: audio. Real-time: yes.
    pub fn key_up(&mut self, source: Source, key: u8, at: Frame) {
        if self.keys.up(source, key) {
            self.recogniser.key_up(key, at);
            self.melody.key_up(self.keys.melody(self.split));
        }
    }

    /// An input vanished or lost a message: all its keys are up. Thread: audio. Real-time: yes.
    pub fn source_gone(&mut self, source: Source, at: Frame) {
        let mut keys = self.keys.of(source);
        while keys != 0 {
            let key = keys.trailing_zeros() as u8;
            keys &= keys - 1;
            self.key_up(source, key, at);
        }
    }

    /// The sustain pedal moved: with hold off, it holds the chord. Thread: audio. Real-time: yes.
    pub fn sustain(&mut self, down: bool) {
        self.sustained = down;
    }

    /// A script sent a chord, or `N.C.` It counts where the chord's source is `sent`. Thread: audio. Real-time: yes.
    pub fn sent(&mut self, chord: Option<Chord>, at: Frame) {
        (self.sent, self.sent_at) = (chord, at);
    }

    /// The pitch class of a bass that is known otherwise; over it a chord may go without its root.
    pub fn known_bass(&mut self, bass: Option<u8>) {
        self.recogniser.known_bass(bass);
    }

    /// The playhead enters a beat that lasts so many frames. Thread: audio. Real-time: yes.
    pub fn beat(&mut self, grid: &Grid, beat: Beat, frames: Frame) {
        let last = self.beat_chord.take().unwrap_or(self.ages.bound());
        self.beats_per_bar = grid.meter.beats_per_bar();
        self.expect.beat(beat, self.beats_per_bar, last);
        self.changed_key = self.key.beat(last, self.beats_per_bar).or(self.changed_key);
        (self.beat_began, self.beat_frames) = (self.now, frames);
    }

    /// Time passes over `ticks`: where the melody decides the chord, it is followed. `planned` says which chords the
    /// accompanist expects at a beat, and the last beat that it had heard then.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn follow_melody(
        &mut self,
        ticks: Range<Tick>,
        grid: &Grid,
        planned: impl Fn(Beat) -> Option<(Guesses, Beat)>,
    ) {
        if self.source == ChordSource::Melody {
            // A plan that was made before the chord came is no expectation of what follows it.
            let since = self.melody.since();
            let fresh = |beat| planned(beat).filter(|(_, heard)| *heard >= since).unwrap_or_default().0;
            self.melody.advance(ticks, grid, fresh);
        }
    }

    /// Every key is up. The chord, the key and the form stay, so that the band can go on. Real-time: yes.
    pub fn reset(&mut self) {
        self.keys = Keys::default();
        self.recogniser.release_all(self.now);
        self.melody.key_up(None);
        self.sustained = false;
    }

    /// Lets time pass to `at`, the quantum's frame; called after the events of each quantum.
    ///
    /// Thread: audio. Real-time: yes.
    pub fn advance(&mut self, at: Frame, tick: Tick) -> Changes {
        self.now = at;
        self.recogniser.advance(at);
        self.lift(at);
        self.note_chord_of_beat(at);
        let (chord, last_key, wait) = self.wanted();
        let bound = self.ages.bind(chord, at, tick);
        let settled = self.ages.settle(at, last_key, wait);
        Changes {
            bound,
            settled,
            told: self.ages.tell(at, TOLD_MS * self.per_ms),
            key: self.changed_key.take(),
            last_key: chord.filter(|_| bound || settled).map(|_| last_key),
        }
    }

    /// What the binder sees; `bass_sounds` is left to the caller.
    pub fn view(&self) -> View {
        View {
            chord: self.ages.bound(),
            next: self.expect.next(),
            key: self.key.key(),
            colour: self.colour,
            performed: self.keys.pitch_classes(self.now.saturating_sub(self.beat_frames)),
            lead: self.keys.lowest_from(self.split),
            bass_sounds: false,
        }
    }

    /// The chord that sounding notes follow.
    pub fn settled(&self) -> Option<Chord> {
        self.ages.settled()
    }

    /// Without hold, ends the chord a while after the hand has left it.
    fn lift(&mut self, at: Frame) {
        let held =
            self.hold || self.sustained || self.recogniser.is_held() || self.recogniser.chord().is_none();
        if held {
            self.lifted = None;
        } else if at.saturating_sub(*self.lifted.get_or_insert(at)) >= LIFT_MS * self.per_ms {
            self.recogniser.forget();
        }
    }

    /// The chord of the source, when its last key was struck, and how long sounding notes wait for another one.
    fn wanted(&self) -> (Option<Chord>, Frame, Frame) {
        match self.source {
            ChordSource::Played => (self.recogniser.chord(), self.recogniser.last_key(), self.settle),
            // Until the first note the chord stays that was there before.
            ChordSource::Melody => (self.melody.chord().or(self.ages.bound()), self.turned_at, 0),
            ChordSource::Sent => (self.sent, self.sent_at, 0),
        }
    }

    /// Takes the chord that holds at two fifths of a beat for the beat's: late keys and pushes do not count.
    fn note_chord_of_beat(&mut self, at: Frame) {
        if self.beat_chord.is_none() && at.saturating_sub(self.beat_began) * 5 >= self.beat_frames * 2 {
            self.beat_chord = Some(self.ages.bound());
        }
    }
}
