//! Feeds a take into the live path, in real time, as if a controller played it.

use engine::take::Schedule;
use engine::wires::Input;
use engine::{EventKind, Frame};

/// How far ahead of its time an event is handed over, in seconds; the audio thread keeps it until it is due.
const AHEAD: f64 = 0.5;

/// A take on its way to the audio thread.
#[derive(Debug)]
pub struct Feeder {
    input: Input,
    events: std::vec::IntoIter<(Frame, EventKind)>,
    next: Option<(Frame, EventKind)>,
    /// The frame of what was handed over last.
    sent: Frame,
    start: Frame,
    end: Frame,
    ahead: Frame,
}

impl Feeder {
    /// A feeder whose take begins at frame `start`: what is set for the first bar at once, the band with its first
    /// bar, the stop after its last.
    pub fn new(input: Input, schedule: Schedule, start: Frame, rate: u32) -> Feeder {
        let setting = |kind: &EventKind| {
            matches!(kind, EventKind::Meter(_) | EventKind::Set { .. } | EventKind::Cue(_))
        };
        let opening = schedule.events.iter().take_while(|(frame, kind)| *frame == 0 && setting(kind)).count();
        let end = schedule.end;
        let (before, played) = schedule.events.split_at(opening);
        let before = before.iter().map(|(_, kind)| (0, *kind));
        let played =
            played.iter().filter(|(frame, _)| *frame < end).map(|(frame, kind)| (frame + start, *kind));
        let stop = [(end + start, EventKind::AllNotesOff), (end + start, EventKind::Stop)];
        let events: Vec<_> = before.chain([(start, EventKind::Start)]).chain(played).chain(stop).collect();
        let mut events = events.into_iter();
        let next = events.next();
        Feeder { input, events, next, sent: 0, start, end, ahead: (AHEAD * f64::from(rate)) as Frame }
    }

    /// Hands over what is due soon.
    pub fn feed(&mut self, now: Frame) {
        while let Some((frame, kind)) = self.next
            && frame < now + self.ahead
            && self.input.room() > 2
        {
            self.input.send(frame, kind);
            self.sent = frame;
            self.next = self.events.next();
        }
    }

    /// Ends the take early: lets every key go once what was handed over has sounded, at most half a second later.
    pub fn release(&mut self) {
        self.input.send(self.sent, EventKind::AllNotesOff);
    }

    /// The frame of the bar line after the last bar.
    pub fn end(&self) -> Frame {
        self.start + self.end
    }
}
