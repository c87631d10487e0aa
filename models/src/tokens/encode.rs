//! From a line to its words.

use engine::{Meter, Part};

use super::line::{
    ChordWord, Head, Hit, Length, Line, PastBar, Performer, SectionWord, Side, Style, Tone, Touch, Trend,
};
use super::word::{Class, Word};
use super::{Seat, chord, role};

/// The meters that can be said, in the order of their words.
#[rustfmt::skip]
pub(super) const METERS: [(u8, u8); 9] = [(2, 4), (3, 4), (4, 4), (5, 4), (6, 4), (7, 4), (6, 8), (9, 8), (12, 8)];

/// Bars to a cue, in the order of their words.
pub(super) const CUES: [u8; 5] = [0, 1, 2, 4, 8];

/// How every part plays at the beginning of a line, until a `TOUCH` says otherwise.
pub(super) const USUAL: Touch = Touch { velocity: 2, length: Length::Full };

/// The lengths, in the order of their words.
pub(super) const LENGTHS: [Length; 5] =
    [Length::Dead, Length::Short, Length::Half, Length::Full, Length::Tied];

/// Writes a line; what cannot be said (a pedal, a drum outside the kit) is left out.
pub fn write(line: &Line) -> Vec<Word> {
    let mut writer = Writer::default();
    writer.frame(line);
    for part in Part::BAND {
        writer.part(line, part);
    }
    writer.words
}

/// Writes a line piece by piece: the frame first, then the parts in their order.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    /// What was written.
    pub words: Vec<Word>,
}

impl Writer {
    fn say(&mut self, class: Class, n: impl Into<u16>) {
        self.words.push(Word::new(class, n.into()));
    }

    /// All that stands before the notes.
    pub fn frame(&mut self, line: &Line) {
        self.say(Class::Beat, line.place.min(11));
        if let Some(head) = &line.head {
            self.head(head);
        }
        if line.expected {
            self.say(Class::Expected, 0u16);
        }
        self.chord(line.chord);
        if let Some(next @ ChordWord::Change { .. }) = line.next {
            self.say(Class::Next, 0u16);
            self.chord(next);
        }
        self.performer(&line.performer);
    }

    fn head(&mut self, head: &Head) {
        let cue = CUES.iter().rposition(|bars| *bars <= head.cue).unwrap_or(0) as u16;
        self.say(Class::Phrase, u16::from(head.bar % 8) * 5 + cue);
        self.say(Class::Meter, meter(head.meter));
        self.say(Class::Groove, u16::from(head.swing.min(4)) * 3 + side(head.clave));
        self.say(Class::Section, section(head.section) * 2 + u16::from(head.charted));
        self.say(Class::Style, style(head.style));
        self.say(Class::Energy, u16::from(head.energy.level.min(4)) * 3 + trend(head.energy.trend));
        let key = head.key.map_or(24, |(root, minor)| u16::from(root % 12) * 2 + u16::from(minor));
        self.say(Class::Key, key);
        for (part, seat) in (0..).zip(head.seats) {
            self.say(Class::Seat, part * 10 + seat_number(seat));
        }
        head.past.iter().flatten().for_each(|bar| self.past(*bar));
    }

    fn past(&mut self, bar: Option<PastBar>) {
        let Some(bar) = bar else { return self.say(Class::Past, 0u16) };
        self.say(Class::Past, 1 + u16::from(bar.root % 12) * 4 + u16::from(bar.kind.min(3)));
        self.say(Class::Trace, u16::from(bar.energy.min(2)) * 4 + u16::from(bar.skeleton.min(3)));
    }

    fn chord(&mut self, word: ChordWord) {
        match word {
            ChordWord::Hold => self.say(Class::Hold, 0u16),
            ChordWord::None => self.say(Class::NoChord, 0u16),
            ChordWord::Change { motion, quality, bass } => {
                let (family, alterations) = chord::spell(quality);
                self.say(Class::Change, u16::from(motion % 12) * 8 + u16::from(family));
                alterations.for_each(|alteration| self.say(Class::Alteration, alteration));
                if bass % 12 != 0 {
                    self.say(Class::Slash, u16::from(bass % 12) - 1);
                }
            }
        }
    }

    fn performer(&mut self, performer: &Performer) {
        match performer {
            Performer::Unheard => self.say(Class::Unheard, 0u16),
            Performer::Absent => self.say(Class::Absent, 0u16),
            Performer::Rest(how) => self.say(Class::Rest, (*how).min(4)),
            Performer::Play { level, register, lead, hand } => {
                self.say(Class::Play, u16::from(*level.min(&4)) * 3 + u16::from(*register.min(&2)));
                self.lead(lead);
                for (position, accent) in hand {
                    self.say(Class::Hand, *position);
                    self.accent(*accent);
                }
            }
        }
    }

    fn lead(&mut self, lead: &[(u8, u8, bool)]) {
        let mut last = None;
        for (position, degree, accent) in lead {
            if last != Some(position) {
                self.say(Class::Lead, *position);
            }
            last = Some(position);
            self.say(Class::Degree, *degree);
            self.accent(*accent);
        }
    }

    fn accent(&mut self, accent: bool) {
        if accent {
            self.say(Class::Accent, 0u16);
        }
    }

    /// The notes of a part of the band.
    pub fn part(&mut self, line: &Line, part: Part) {
        match part {
            Part::Drums => self.drums(&line.drums),
            Part::Bass | Part::Comp | Part::Pads => {
                let pitched = part.index() - Part::Bass.index();
                self.pitched(part, line.ties[pitched], &line.tones[pitched]);
            }
            Part::Lead | Part::Click => {}
        }
    }

    fn drums(&mut self, hits: &[Hit]) {
        let mut last = None;
        for hit in hits.iter().filter(|hit| KIT.contains(&hit.key)) {
            if last != Some(hit.position) {
                self.say(Class::Position, hit.position);
            }
            last = Some(hit.position);
            self.say(Class::Drum, u16::from(hit.key - KIT.start()) * 4 + u16::from(hit.velocity.min(3)));
            if let Some(ornament) = hit.ornament {
                self.say(Class::Ornament, ornament as u16);
            }
        }
    }

    fn pitched(&mut self, part: Part, tied: bool, tones: &[Tone]) {
        let pitched = (part.index() - Part::Bass.index()) as u16;
        if tied {
            self.say(Class::Tie, pitched);
        }
        let (mut onset, mut touch) = (None, USUAL);
        for tone in tones {
            let Some(number) = role_number(part, tone) else { continue };
            if onset.map(|(position, _)| position) != Some(tone.position) {
                self.say(Class::Position, (pitched + 1) * 12 + u16::from(tone.position));
                onset = Some((tone.position, false));
            }
            if tone.push && onset != Some((tone.position, true)) {
                self.say(Class::Push, 0u16);
                onset = Some((tone.position, true));
            }
            if tone.touch != touch {
                touch = tone.touch;
                self.say(
                    Class::Touch,
                    pitched * 20 + u16::from(touch.velocity.min(3)) * 5 + length(touch.length),
                );
            }
            self.say(if part == Part::Bass { Class::Bass } else { Class::Chordal }, number);
        }
    }
}

/// The keys of the kit that can be said.
pub(super) const KIT: std::ops::RangeInclusive<u8> = 35..=82;

/// The number of a tone's role in its part; none if it cannot be said.
pub(super) fn role_number(part: Part, tone: &Tone) -> Option<u16> {
    role::number(tone.role).filter(|number| part != Part::Bass || *number < role::SINGLES)
}

fn meter(meter: Meter) -> u16 {
    let said = (meter.numerator(), meter.denominator());
    METERS.iter().position(|known| *known == said).unwrap_or(2) as u16
}

fn side(side: Side) -> u16 {
    side as u16
}

fn section(section: SectionWord) -> u16 {
    section as u16
}

fn style(style: Style) -> u16 {
    style as u16
}

fn trend(trend: Trend) -> u16 {
    trend as u16
}

fn length(length: Length) -> u16 {
    length as u16
}

fn seat_number(seat: Seat) -> u16 {
    match seat {
        Seat::Tacet => 0,
        Seat::Performer => 1,
        Seat::Human(density) => 2 + u16::from(density.min(3)),
        Seat::Teacher(density) => 6 + u16::from(density.min(3)),
    }
}
