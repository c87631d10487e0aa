//! The chord under a melody: an exact filter over keys and chords, which remembers the form. Thread: audio.
//!
//! Each note weighs the belief over 12 keys × 108 chords in four kinds of music; from beat to beat chords change as
//! they do in the corpus, more on bars than between them. Where the melody comes as it came before, its next notes are
//! foretold. The chord that is taken is likely, holds the notes to come, and is worth the change. What comes is never
//! known: a note counts from the moment when it is struck.

mod belief;
mod choice;
mod line;
mod pace;
pub mod states;
pub mod tables;
#[cfg(test)]
mod tests;

use crate::{Chord, Guesses, POSITIONS};
use belief::Belief;
use choice::Outlook;
use line::Line;
pub(super) use pace::Melody;
use tables::{Place, STYLES, Sound, Style};

/// The twelfth of a beat after which the next change begins to be worked out.
const LATCH: u8 = POSITIONS - 2;

/// What the follower goes by; tuned on the validation songs (`models/src/bin/melody_tables.rs judge`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Habits {
    /// Weight of a note that is struck.
    pub struck: f32,
    /// How much more one on the beat weighs.
    pub on_beat: f32,
    /// Weight of each twelfth of a beat for which a note sounds.
    pub held: f32,
    /// How likely the key is forgotten, a beat.
    pub key_drift: f32,
    /// Nats that a note that fits has to surprise.
    pub usual: f32,
    /// By how much more the key is forgotten for each nat of surprise above that, as a logarithm.
    pub alarm: f32,
    /// Nats of surprise that make any beat as good as a half bar for a change.
    pub startle: f32,
    /// How likely the style is forgotten, a beat.
    pub style_drift: f32,
    /// Weight of what was foretold.
    pub memory: f32,
    /// Share of the melody that is the same by chance.
    pub alike: f32,
    /// How far the same melody, but higher or lower since a moment ago, is trusted to be the same.
    pub moved: f32,
    /// Beats that are compared with the past.
    pub window: usize,
    /// Beats that are foretold.
    pub horizon: usize,
    /// What it is worth to hold all notes to come.
    pub fit: f32,
    /// How likely the note that sounds is the one that comes.
    pub persistence: f32,
    /// What each note above a triad costs.
    pub lean: f32,
    /// What it is worth to be the chord that is expected if the chord changes.
    pub expectation: f32,
    /// What a change costs on bars, half bars and weak beats.
    pub inertia: [f32; 3],
    /// What it costs besides with `chord.restless` at 0.
    pub calm: [f32; 3],
}

impl Default for Habits {
    fn default() -> Habits {
        Habits {
            struck: 0.9,
            on_beat: 1.3,
            held: 0.04,
            key_drift: 0.025,
            usual: 2.1,
            alarm: 0.5,
            startle: 0.5,
            style_drift: 0.08,
            memory: 3.4,
            alike: 0.6,
            moved: 0.5,
            window: 8,
            horizon: 4,
            fit: 10.0,
            persistence: 0.55,
            lean: 0.65,
            expectation: 2.0,
            inertia: [0.8, 0.8, 5.0],
            calm: [0.5, 8.0, 12.0],
        }
    }
}

/// Follows a melody, in twelfths of a beat.
///
/// Each beat is one [`beat`](Follower::beat) and twelve [`twelfth`](Follower::twelfth)s, with
/// [`struck`](Follower::struck) where notes begin and [`work`](Follower::work) as often as there is time.
/// It allocates when it is made and never again.
#[derive(Clone, Debug)]
pub struct Follower {
    habits: Habits,
    restless: f32,
    belief: Belief,
    line: Line,
    chord: Option<Chord>,
    outlook: Outlook,
    /// Where the present beat lies.
    place: Place,
    beats_per_bar: usize,
    /// Twelfths of the present beat that are over.
    twelfths: u8,
    /// For how many twelfths the melody has clashed with the chord.
    clash: u8,
    /// What was struck for the coming beat.
    fresh: Option<u8>,
    /// The tonic that the key is locked to.
    locked: Option<u8>,
}

impl Default for Follower {
    fn default() -> Follower {
        Follower::new(tables::inside(), Habits::default())
    }
}

impl Follower {
    /// Has heard nothing. Thread: any but audio. Real-time: no.
    pub fn new(styles: Vec<Style>, habits: Habits) -> Follower {
        Follower {
            habits,
            restless: 0.5,
            belief: Belief::new(styles, &habits),
            line: Line::default(),
            chord: None,
            outlook: Outlook::default(),
            place: Place::Bar,
            beats_per_bar: 4,
            twelfths: 0,
            clash: 0,
            fresh: None,
            locked: None,
        }
    }

    /// How readily the chord changes, 0 to 1.
    pub fn set_restless(&mut self, restless: f32) {
        self.restless = restless.clamp(0.0, 1.0);
    }

    /// Which kinds of music the melody is likely of, in the order of the tables; shares that sum to 1.
    pub fn lean_to(&mut self, styles: [f32; STYLES]) {
        self.belief.lean_to(styles);
    }

    /// Locks the key to a tonic, major or minor, or lets it go. Thread: audio. Real-time: yes.
    pub fn lock(&mut self, tonic: Option<u8>) {
        if self.locked != tonic {
            self.locked = tonic;
            self.belief.lock(tonic);
        }
    }

    /// The chord of the moment; none before the first note.
    pub fn chord(&self) -> Option<Chord> {
        self.chord
    }

    /// Time begins anew: what was played at which place is forgotten, keys and chords are not.
    pub fn restart(&mut self) {
        self.line = Line::default();
        (self.twelfths, self.clash, self.fresh) = (0, 0, None);
    }

    /// A note begins. One on the beat may come up to half a twelfth before it and after.
    ///
    /// The first note of all is given a chord at once. Thread: audio. Real-time: yes.
    pub fn struck(&mut self, pitch_class: u8, is_on_beat: bool) {
        self.belief.hear(if is_on_beat { Sound::OnBeat } else { Sound::Struck }, pitch_class);
        if self.twelfths > LATCH {
            self.fresh = Some(pitch_class);
        }
        match self.chord {
            None => {
                self.outlook = Outlook { sounding: Some(pitch_class), ..Outlook::default() };
                self.decide(f32::MIN);
            }
            Some(chord) if chord.holds(pitch_class) => self.clash = 0,
            Some(_) => {}
        }
    }

    /// The middle of a twelfth, in which this pitch class sounds, or nothing. Thread: audio. Real-time: yes.
    pub fn twelfth(&mut self, sounding: Option<u8>) {
        if let Some(pitch_class) = sounding {
            self.belief.hear(Sound::Held, pitch_class);
            let clashes = self.chord.is_some_and(|chord| choice::clashes(chord, pitch_class));
            self.clash = self.clash.saturating_add(u8::from(clashes));
        }
        self.line.push(sounding);
        self.twelfths += 1;
        if self.twelfths == LATCH + 1 {
            self.belief.begin_change();
        }
    }

    /// Works a little ahead: two rows of the coming change. Thread: audio. Real-time: yes, about 10 µs.
    pub fn work(&mut self) {
        self.belief.work();
        self.belief.work();
    }

    /// A beat begins, with this pitch class sounding; `expected` is what the accompanist thinks may come.
    ///
    /// Thread: audio. Real-time: yes, about 25 µs.
    pub fn beat(&mut self, beat: i32, beats_per_bar: i32, sounding: Option<u8>, expected: Guesses) {
        self.belief.beat(Place::of(beat, beats_per_bar));
        self.place = Place::of(beat, beats_per_bar);
        self.beats_per_bar = beats_per_bar.max(1) as usize;
        self.twelfths = 0;
        let fresh = self.fresh.take();
        let foretold = self.foretold(fresh);
        self.outlook = Outlook { sounding, foretold, expected };
        if self.chord.is_some() {
            self.decide(self.threshold());
        }
    }

    /// A note came just after the beat and belongs to it: the decision is taken again.
    ///
    /// Thread: audio. Real-time: yes, about 40 µs.
    pub fn look_again(&mut self, sounding: Option<u8>) {
        (self.outlook.sounding, self.outlook.foretold) = (sounding, self.foretold(sounding));
        if self.chord.is_some() {
            self.decide(self.threshold());
        }
    }

    /// What is foretold, if this pitch class has just begun: a past that it contradicts foretells no more as it was.
    fn foretold(&self, fresh: Option<u8>) -> Option<([f32; 12], f32)> {
        let echo = self.line.echo(&self.habits, self.beats_per_bar, fresh)?;
        let often = self.line.foretold(echo, self.habits.horizon);
        (often != [0.0; 12]).then_some((often, echo.trust))
    }

    /// What a change costs now: a note that has clashed for over a beat makes a weak beat a half bar.
    fn threshold(&self) -> f32 {
        let cost = |place| choice::threshold(place, self.restless, &self.habits);
        let usual = cost(self.place);
        let is_wrong = self.clash >= POSITIONS || self.belief.surprise() >= self.habits.startle;
        if is_wrong { usual.min(cost(Place::Half)) } else { usual }
    }

    fn decide(&mut self, threshold: f32) {
        let merits = choice::merits(&self.belief, &self.outlook, self.chord, &self.habits);
        let chord = choice::choose(&merits, self.chord, threshold);
        if self.chord != Some(chord) {
            (self.chord, self.clash) = (Some(chord), 0);
        }
    }
}
