//! What every variation goes on from, and what is given of each of its lines.
//!
//! The prefix has the rig's opening groove and the phrase with the rig's band around it. The lines that follow have the
//! same chords and no band, so that hardly a word is read that is not the melody's. A performer's beat stands in the line
//! after it: the first line after the phrase is in the prefix, and one more than the beats of a variation is asked for.

use std::sync::Arc;

use engine::{Beat, EventKind, Heard, HeardKind, POSITIONS, Tick};

use super::{Phrase, VariationsError};
use crate::net::Config;
use crate::rig::Rig;
use crate::scribe::{Scribe, Stream};
use crate::tokens::{Class, Grammar, Line, Performer, SEATS, Seat, Word, Writer, write};
use crate::transformer::opening::{self, Band};

/// Words that a beat of the melody may take, as far as the context allows.
const MOST: [usize; 4] = [16, 12, 8, 6];

/// A line whose performer is to be drawn.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What stands before the performer.
    pub given: Vec<Word>,
    /// What the chord hand plays.
    pub hand: Vec<Word>,
    /// The root over which the degrees are said.
    pub root: u8,
    /// What the performer played at the same place of the phrase.
    pub original: Performer,
}

/// The common part of all variations.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// What is read once.
    pub prefix: Vec<Word>,
    /// Where the grammar stands after it.
    pub grammar: Grammar,
    /// The lines that tell of the variation's beats.
    pub lines: Vec<Asked>,
    /// Words that a beat of the melody may take.
    pub most: usize,
    /// Notes of the melody that may sound at once: as many as in the phrase.
    pub together: usize,
}

impl Sheet {
    /// Prepares variations of a phrase in `bars` bars.
    pub fn new(
        rig: &Arc<Rig>,
        phrase: &Phrase,
        bars: u32,
        seed: u64,
        config: &Config,
    ) -> Result<Sheet, VariationsError> {
        let beats = bars as i32 * phrase.grid.meter.beats_per_bar();
        let mut copyist = Copyist::new(rig, phrase, beats);
        let mut lines = copyist.opening(seed);
        lines.extend(copyist.phrase(seed));
        lines.push(copyist.repeat(0));
        let asked: Vec<Asked> = (1..=beats).map(|n| copyist.ask(n)).collect();
        let given: usize = asked.iter().map(|line| line.given.len() + line.hand.len()).sum();
        // A quarter of the context is for the past.
        let room = config.context * 3 / 4;
        let fits = |most: &usize| given + beats as usize * most <= room;
        let most = MOST.into_iter().find(fits).ok_or(VariationsError::TooLong(bars))?;
        let prefix = latest(&lines, config.context - given - beats as usize * most)
            .ok_or(VariationsError::TooLong(bars))?;
        let mut grammar = Grammar::default();
        prefix.iter().for_each(|word| _ = grammar.take(*word));
        let together = asked.iter().map(|line| together(&line.original)).max().unwrap_or(0);
        Ok(Sheet { prefix, grammar, lines: asked, most, together: together.max(1) })
    }

    /// Tokens that a variation takes at most.
    pub fn room(&self) -> usize {
        self.lines.iter().map(|line| line.given.len() + line.hand.len() + self.most).sum()
    }

    /// The root under each beat of a variation.
    pub fn roots(&self) -> Vec<u8> {
        self.lines.iter().map(|line| line.root).collect()
    }

    /// What the performer played in the phrase, at the places of a variation's beats.
    pub fn original(&self) -> Vec<Performer> {
        self.lines.iter().map(|line| line.original.clone()).collect()
    }
}

/// A line with the stream on both sides of it.
struct Written {
    line: Line,
    before: Stream,
    after: Stream,
}

/// Listens to the phrase once more, writes it down, and then listens to it again and again.
struct Copyist<'a> {
    rig: &'a Arc<Rig>,
    phrase: &'a Phrase,
    scribe: Scribe,
    stream: Stream,
    /// How much of the phrase has been heard.
    heard: usize,
}

impl<'a> Copyist<'a> {
    fn new(rig: &'a Arc<Rig>, phrase: &'a Phrase, beats: i32) -> Copyist<'a> {
        let mut scribe = Scribe::new(rig.clone());
        // The chords are known before: a variation has the changes of its phrase.
        let mut chart = phrase.chords.clone();
        chart.extend((0..=beats).map(|n| phrase.chord(phrase.under(n))));
        scribe.read_chart(chart);
        Copyist { rig, phrase, scribe, stream: Stream::default(), heard: 0 }
    }

    fn written(&mut self, line: Line) -> Written {
        let before = self.stream;
        self.stream = before.after(&line);
        Written { line, before, after: self.stream }
    }

    /// The rig's own groove before the phrase.
    fn opening(&mut self, seed: u64) -> Vec<Written> {
        let first = self.phrase.first;
        self.hear_until(first.plus(1));
        let listener = self.scribe.listener();
        let level = listener.form.at(first, &listener.grid_at(first), self.rig).section.level();
        let lines = opening::lines(self.rig, seed, level, self.phrase.chord(first), first);
        lines.into_iter().map(|entry| self.written(entry.line)).collect()
    }

    /// The phrase with the rig's band around it.
    fn phrase(&mut self, seed: u64) -> Vec<Written> {
        let rig = self.rig.clone();
        let mut band = Band::new(&rig, seed);
        let mut lines = Vec::new();
        for n in 0..self.phrase.beats {
            let beat = self.phrase.first.plus(n);
            self.hear_until(beat.plus(1));
            let line = band.line(&self.scribe, beat, &self.stream, n == 0);
            let line = line.map_or_else(|| self.tacet(beat, n == 0), |(line, _)| line);
            lines.push(self.written(line));
        }
        lines
    }

    /// The line of a beat in which the band rests.
    fn tacet(&self, beat: Beat, begins: bool) -> Line {
        self.scribe.frame(beat, &self.stream, [Seat::Tacet; SEATS], begins)
    }

    /// The `n`th line after the phrase; then what the performer does in its beat is heard once more.
    fn repeat(&mut self, n: i32) -> Written {
        let Phrase { grid, first, beats, .. } = *self.phrase;
        let (beat, under) = (first.plus(beats + n), self.phrase.under(n));
        let (at, chord) = (grid.tick_of(beat), self.phrase.chord(under));
        if n == 0 {
            self.hear_until(Beat(i32::MAX));
        }
        self.scribe.hear(Heard { at, kind: HeardKind::Beat { beat, bpm: self.phrase.bpm() } });
        if chord != self.stream.chord() {
            self.scribe.hear(Heard { at, kind: HeardKind::Chord { chord, since: at } });
        }
        let line = self.tacet(beat, n == 0);
        self.play_again(under, at - grid.tick_of(under));
        self.written(line)
    }

    /// The `n`th line after the phrase, without its performer, who is asked for.
    fn ask(&mut self, n: i32) -> Asked {
        let root = self.stream.root();
        let mut line = self.repeat(n).line;
        let original = std::mem::replace(&mut line.performer, Performer::Unheard);
        let mut given = words(&line);
        given.pop();
        Asked { given, hand: hand(&original), root, original }
    }

    /// Hears everything before a beat begins.
    fn hear_until(&mut self, beat: Beat) {
        let ends = |one: &Heard| matches!(one.kind, HeardKind::Beat { beat: other, .. } if other >= beat);
        while let Some(one) = self.phrase.heard.get(self.heard).filter(|one| !ends(one)) {
            self.scribe.hear(*one);
            self.heard += 1;
        }
    }

    /// Hears what the performer does in a beat of the phrase, so much later.
    fn play_again(&mut self, beat: Beat, later: Tick) {
        let grid = self.phrase.grid;
        let early = grid.meter.ticks_per_beat() / (2 * Tick::from(POSITIONS));
        let span = grid.tick_of(beat) - early..grid.tick_of(beat.plus(1)) - early;
        for one in self.phrase.heard.iter().filter(|one| span.contains(&one.at)) {
            let HeardKind::Event(event) = one.kind else { continue };
            if matches!(
                event.kind,
                EventKind::NoteOn { .. } | EventKind::NoteOff { .. } | EventKind::AllNotesOff
            ) {
                self.scribe.hear(Heard { at: one.at + later, ..*one });
            }
        }
    }
}

/// The words of a frame.
fn words(frame: &Line) -> Vec<Word> {
    let mut writer = Writer::default();
    writer.frame(frame);
    writer.words
}

/// The words of the chord hand.
fn hand(performer: &Performer) -> Vec<Word> {
    let line = Line { performer: performer.clone(), ..Line::empty(0) };
    let words = words(&line);
    let first = words.iter().position(|word| word.class == Class::Hand);
    first.map_or(Vec::new(), |first| words[first..].to_vec())
}

/// How many notes of the melody begin at once.
fn together(performer: &Performer) -> usize {
    let Performer::Play { lead, .. } = performer else { return 0 };
    lead.chunk_by(|a, b| a.0 == b.0).map(<[_]>::len).max().unwrap_or(0)
}

/// The words of as many of the last lines as there is room for. They begin with a head, as a stream does.
fn latest(lines: &[Written], room: usize) -> Option<Vec<Word>> {
    let begins = |from: &usize| lines[*from].line.head.is_some();
    let mut all = (0..lines.len()).filter(begins).map(|from| {
        let Written { line, before, after } = &lines[from];
        let first = Line { chord: before.anew().word(after.chord()), ..line.clone() };
        let rest = lines[from + 1..].iter().flat_map(|written| write(&written.line));
        write(&first).into_iter().chain(rest).collect::<Vec<Word>>()
    });
    all.find(|words| words.len() <= room)
}
