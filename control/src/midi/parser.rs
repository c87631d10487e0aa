//! A MIDI byte stream becomes events. Runs on the thread of the port, in JACK's case a real-time one.

use engine::EventKind;

/// Reads the bytes of one port.
///
/// It takes running status, real-time bytes anywhere, SysEx of any length, complete or cut off, and undefined
/// status bytes. SysEx is skipped as it comes: nothing is stored, so there is no length at which it could
/// overflow. All channels are taken as one.
#[derive(Debug, Default)]
pub struct Parser {
    /// The status that data bytes belong to; 0 while they are to be skipped.
    status: u8,
    first: Option<u8>,
    sensing: bool,
}

impl Parser {
    /// Takes in bytes, cut anywhere, and hands on each event as it is complete.
    ///
    /// Thread: that of the port. Real-time: yes.
    pub fn feed(&mut self, bytes: &[u8], mut f: impl FnMut(EventKind)) {
        for &byte in bytes {
            let event = match byte {
                0xF8.. => self.real_time(byte),
                0x80.. => self.begin(byte),
                _ => self.data(byte),
            };
            if let Some(event) = event {
                f(event);
            }
        }
    }

    /// Whether the device sends active sensing, so that 300 ms of silence mean that it has gone.
    pub fn is_sensing(&self) -> bool {
        self.sensing
    }

    /// Forgets a half message, running status and active sensing.
    pub fn reset(&mut self) {
        *self = Parser::default();
    }

    fn real_time(&mut self, byte: u8) -> Option<EventKind> {
        match byte {
            0xFE => self.sensing = true,
            0xFF => {
                self.reset();
                return Some(EventKind::AllNotesOff);
            }
            _ => {}
        }
        None
    }

    fn begin(&mut self, status: u8) -> Option<EventKind> {
        // System messages end running status, and nobody reads what they carry.
        self.status = if status < 0xF0 { status } else { 0 };
        self.first = None;
        None
    }

    fn data(&mut self, byte: u8) -> Option<EventKind> {
        let wants_two = !matches!(self.status & 0xF0, 0xC0 | 0xD0);
        match self.first.take() {
            _ if self.status == 0 => None,
            None if wants_two => {
                self.first = Some(byte);
                None
            }
            None => None,
            Some(first) => channel_message(self.status, first, byte),
        }
    }
}

/// What a channel message of two data bytes says to the band; key pressure says nothing.
fn channel_message(status: u8, first: u8, second: u8) -> Option<EventKind> {
    match status & 0xF0 {
        0x90 if second > 0 => Some(EventKind::NoteOn { key: first, velocity: second }),
        0x80 | 0x90 => Some(EventKind::NoteOff { key: first }),
        // The mode messages from 124 on imply "all notes off".
        0xB0 if matches!(first, 120 | 123..) => Some(EventKind::AllNotesOff),
        0xB0 => Some(EventKind::Controller { number: first, value: second }),
        0xE0 => Some(EventKind::PitchBend((i16::from(second) << 7 | i16::from(first)) - 8192)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EventKind::{AllNotesOff, Controller, NoteOff, NoteOn, PitchBend};

    fn parse(bytes: &[u8]) -> Vec<EventKind> {
        parse_in(&mut Parser::default(), bytes)
    }

    fn parse_in(parser: &mut Parser, bytes: &[u8]) -> Vec<EventKind> {
        let mut events = Vec::new();
        parser.feed(bytes, |event| events.push(event));
        events
    }

    /// Well-formed messages of every kind, and what they mean.
    fn message(rng: &mut fastrand::Rng) -> (Vec<u8>, Option<EventKind>) {
        let (channel, a, b) = (rng.u8(..16), rng.u8(..128), rng.u8(1..128));
        match rng.u8(..9) {
            0 => (vec![0x90 | channel, a, b], Some(NoteOn { key: a, velocity: b })),
            1 => (vec![0x80 | channel, a, b], Some(NoteOff { key: a })),
            2 => (vec![0x90 | channel, a, 0], Some(NoteOff { key: a })),
            3 => (vec![0xB0 | channel, a % 120, b], Some(Controller { number: a % 120, value: b })),
            4 => (vec![0xE0 | channel, a, b], Some(PitchBend((i16::from(b) * 128 + i16::from(a)) - 8192))),
            5 => (vec![0xC0 | channel, a], None),
            6 => (vec![0xA0 | channel, a, b], None),
            7 => {
                let body = (0..rng.usize(..300)).map(|_| rng.u8(..128));
                (std::iter::once(0xF0).chain(body).chain([0xF7]).collect(), None)
            }
            _ => (vec![0xB0 | channel, 123, 0], Some(AllNotesOff)),
        }
    }

    #[test]
    fn every_message_means_what_the_standard_says_however_the_stream_is_cut() {
        let mut rng = fastrand::Rng::with_seed(1);
        let messages: Vec<_> = (0..5000).map(|_| message(&mut rng)).collect();
        let bytes: Vec<u8> = messages.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        let wanted: Vec<EventKind> = messages.iter().filter_map(|(_, event)| *event).collect();
        let (mut parser, mut heard, mut rest) = (Parser::default(), Vec::new(), bytes.as_slice());
        while !rest.is_empty() {
            let (piece, tail) = rest.split_at(rng.usize(1..=rest.len().min(7)));
            heard.extend(parse_in(&mut parser, piece));
            rest = tail;
        }
        assert_eq!(heard, wanted);
    }

    #[test]
    fn real_time_bytes_anywhere_change_nothing() {
        let mut rng = fastrand::Rng::with_seed(2);
        let plain: Vec<u8> = (0..2000).flat_map(|_| message(&mut rng).0).collect();
        let mut noisy = Vec::new();
        for &byte in &plain {
            noisy.push(byte);
            if rng.bool() {
                noisy.push(*rng.choice(&[0xF8, 0xF9, 0xFA, 0xFB, 0xFC, 0xFD, 0xFE]).unwrap());
            }
        }
        assert_eq!(parse(&noisy), parse(&plain));
    }

    #[test]
    fn running_status_saves_bytes_and_no_notes() {
        let full = [0x90, 60, 100, 0x90, 64, 100, 0x90, 60, 0, 0x90, 64, 0];
        let running = [0x90, 60, 100, 64, 100, 60, 0, 64, 0];
        assert_eq!(parse(&running), parse(&full));
        assert_eq!(parse(&running).len(), 4);
    }

    #[test]
    fn a_system_message_ends_running_status() {
        assert_eq!(parse(&[0x90, 60, 100, 0xF3, 5, 60, 0]), [NoteOn { key: 60, velocity: 100 }]);
        assert_eq!(parse(&[0x90, 60, 100, 0xF6, 60, 0]), [NoteOn { key: 60, velocity: 100 }]);
    }

    #[test]
    fn a_sysex_that_is_cut_off_swallows_nothing_after_it() {
        assert_eq!(parse(&[0xF0, 1, 2, 3, 0x90, 60, 100]), [NoteOn { key: 60, velocity: 100 }]);
    }

    #[test]
    fn a_sysex_without_end_is_skipped() {
        let mut bytes = vec![0xF0];
        bytes.resize(1_000_000, 0x40);
        bytes.extend([0xF7, 0x80, 60, 0]);
        assert_eq!(parse(&bytes), [NoteOff { key: 60 }]);
    }

    #[test]
    fn a_message_that_is_cut_off_is_forgotten() {
        assert_eq!(parse(&[0x90, 60, 0x80, 62, 1]), [NoteOff { key: 62 }]);
        assert_eq!(parse(&[60, 61, 62]), []);
    }

    #[test]
    fn active_sensing_is_noticed_and_a_reset_ends_it() {
        let mut parser = Parser::default();
        assert_eq!(parse_in(&mut parser, &[0xFE]), []);
        assert!(parser.is_sensing());
        assert_eq!(parse_in(&mut parser, &[0xFF]), [AllNotesOff]);
        assert!(!parser.is_sensing());
    }

    #[test]
    fn a_million_random_bytes_make_only_lawful_events() {
        let mut rng = fastrand::Rng::with_seed(3);
        let bytes: Vec<u8> = (0..1_000_000).map(|_| rng.u8(..)).collect();
        for event in parse(&bytes) {
            assert!(match event {
                NoteOn { key, velocity } => key < 128 && (1..128).contains(&velocity),
                NoteOff { key } => key < 128,
                Controller { number, value } =>
                    number < 120 && number != 120 && value < 128 || matches!(number, 121 | 122) && value < 128,
                PitchBend(bend) => (-8192..8192).contains(&bend),
                other => other == AllNotesOff,
            });
        }
    }
}
