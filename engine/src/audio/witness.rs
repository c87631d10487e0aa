//! Tells the tape and MIDI out what sounded, with the frame. Runs on the audio thread.

use std::sync::Arc;

use rtrb::Producer;

use crate::{EventKind, Frame, Part, Sounded, SoundedKind, Stats, Tick};

/// Where notes go besides the synth.
#[derive(Debug)]
pub struct Witness {
    tape: Producer<Sounded>,
    midi_out: Producer<Sounded>,
    stats: Arc<Stats>,
    /// The frame of the present quantum.
    pub frame: Frame,
    /// The tick of the present quantum.
    pub tick: Tick,
}

impl Witness {
    /// A witness that reports to these queues.
    pub fn new(tape: Producer<Sounded>, midi_out: Producer<Sounded>, stats: Arc<Stats>) -> Witness {
        Witness { tape, midi_out, stats, frame: 0, tick: 0 }
    }

    /// Reports something; what finds a full queue is lost and counted.
    pub fn tell(&mut self, kind: SoundedKind) {
        let sounded = Sounded { frame: self.frame, tick: self.tick, kind };
        // A queue of one place stands for a reader that does not exist.
        if self.tape.push(sounded).is_err() && self.tape.buffer().capacity() > 1 {
            self.stats.tape_dropped.add(1);
        }
        let _ = self.midi_out.push(sounded);
    }

    /// A note began.
    pub fn on(&mut self, part: Part, key: u8, velocity: u8, moved: bool) {
        self.stats.notes_on.add(1);
        self.tell(SoundedKind::On { part, key, velocity, moved });
    }

    /// A note ended.
    pub fn off(&mut self, part: Part, key: u8) {
        self.stats.notes_off.add(1);
        self.tell(SoundedKind::Off { part, key });
    }

    /// The performer moved a key that does not sound itself.
    pub fn played(&mut self, kind: EventKind) {
        match kind {
            EventKind::NoteOn { key, velocity } => {
                self.tell(SoundedKind::On { part: Part::Lead, key, velocity, moved: false });
            }
            EventKind::NoteOff { key } => self.tell(SoundedKind::Off { part: Part::Lead, key }),
            _ => {}
        }
    }

    /// A note was struck to make room for another.
    pub fn stolen(&self) {
        self.stats.notes_stolen.add(1);
    }
}
