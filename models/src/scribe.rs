//! What is known before a beat is written: the frame of a line, made in one way for training and for playing.
//!
//! A scribe hears what a band hears. A line is heard if its beat has begun: then the performer's beat before it and its
//! chord are known. Beyond, the performer reads `UNHEARD`, and the chord is the expected one or the last. Everything
//! in a frame is as of that moment, so that what is heard later changes no line that was heard.

mod head;
mod performer;
mod stream;
mod style;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use engine::{Beat, Chord, Heard, HeardKind, LocalKey};

use crate::groove::listener::Listener;
use crate::rig::Rig;
use crate::tokens::{Line, Performer, SEATS, Seat, Style};

pub use head::{density_bin, swing_bin};
pub use stream::Stream;
pub use style::{melodies, style_of};

/// Makes frames from what was heard.
#[derive(Clone, Debug)]
pub struct Scribe {
    rig: Arc<Rig>,
    listener: Listener,
    style: Style,
    key: LocalKey,
    /// The beat in progress; before the start, the one before the first.
    now: Beat,
    /// The chords of a chart, beat by beat from the first.
    chart: Vec<Option<Chord>>,
}

impl Scribe {
    /// Has heard nothing yet but what the rig says.
    pub fn new(rig: Arc<Rig>) -> Scribe {
        let (listener, style) = (Listener::new(&rig), style_of(&rig));
        Scribe { rig, listener, style, key: LocalKey::default(), now: Beat(-1), chart: Vec::new() }
    }

    /// Takes in what happened, in the order in which it sounded.
    pub fn hear(&mut self, heard: Heard) {
        match heard.kind {
            HeardKind::Beat { beat, .. } => self.now = beat,
            HeardKind::Started | HeardKind::Stopped => self.now = Beat(-1),
            HeardKind::Key(key) => self.key = key,
            _ => {}
        }
        self.listener.hear(heard);
    }

    /// Reads the chords to come, beat by beat from the first one; none takes the chart away.
    pub fn read_chart(&mut self, chords: Vec<Option<Chord>>) {
        self.chart = chords;
    }

    /// Says another style than the rig's.
    pub fn speak(&mut self, style: Style) {
        self.style = style;
    }

    /// What was heard.
    pub(crate) fn listener(&self) -> &Listener {
        &self.listener
    }

    /// The style that heads say.
    pub fn style(&self) -> Style {
        self.style
    }

    /// The beat in progress; before the start, the one before the first.
    pub fn now(&self) -> Beat {
        self.now
    }

    /// Whether a beat has begun, so that its chord and the performer's beat before it are known.
    pub fn has_heard(&self, beat: Beat) -> bool {
        beat <= self.now
    }

    /// The frame of a beat, without notes. `stream` is what the lines before it said.
    ///
    /// It has a head at bar lines, where a section begins, and if `with_head` says so: at the beginning of a stream.
    pub fn frame(&self, beat: Beat, stream: &Stream, seats: [Seat; SEATS], with_head: bool) -> Line {
        let grid = self.listener.grid_at(beat);
        let place = grid.place(beat).1;
        let chord = self.chord(beat);
        let next = self.next(beat).filter(|next| Some(*next) != chord);
        let after = stream.over(chord);
        let begins = self.listener.form.at(beat, &grid, &self.rig).from == beat;
        let head = (with_head || place == 0 || begins).then(|| self.head(beat, &after, seats));
        Line {
            head,
            chord: stream.word(chord),
            expected: !self.has_heard(beat) && !self.is_charted(beat),
            next: next.map(|next| after.word(Some(next))),
            performer: self.performer(beat, stream),
            ..Line::empty(place as u8)
        }
    }

    fn is_charted(&self, beat: Beat) -> bool {
        beat.0 >= 0 && (beat.0 as usize) < self.chart.len()
    }

    /// The chord that is in force a quarter into a beat; of a beat to come, the charted, the expected, or the last.
    pub(crate) fn chord(&self, beat: Beat) -> Option<Chord> {
        let (harmony, grid) = (&self.listener.harmony, self.listener.grid_at(beat));
        if self.has_heard(beat) {
            return harmony.of_beat(beat.0, &grid);
        }
        if self.is_charted(beat) {
            return self.chart[beat.0 as usize];
        }
        harmony.expected(beat, self.now, &grid).or(harmony.at(engine::Tick::MAX))
    }

    /// The chord that comes with the next beat, as far as chart or form tell.
    fn next(&self, beat: Beat) -> Option<Chord> {
        let next = beat.plus(1);
        if self.is_charted(next) {
            return self.chart[next.0 as usize];
        }
        let grid = self.listener.grid_at(next);
        self.listener.harmony.expected(next, beat.min(self.now), &grid)
    }

    /// What the performer did in the beat before.
    fn performer(&self, beat: Beat, stream: &Stream) -> Performer {
        if !self.has_heard(beat) {
            return Performer::Unheard;
        }
        let before = beat.plus(-1);
        let grid = self.listener.grid_at(before);
        let root = self.listener.harmony.of_beat(before.0, &grid).map_or(stream.root(), |chord| chord.root);
        performer::of(&self.listener.player, before.0, grid.meter.beats_per_bar(), root)
    }
}
