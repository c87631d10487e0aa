//! The event log: everything that a replay needs, in the order in which the audio thread took it in.
//!
//! A file is [`MAGIC`], the header, then entries; the header and each entry stand after their length (32 bits,
//! little-endian). A file that was cut off anywhere holds every entry before the cut.

use std::fmt;
use std::io::{self, Write};
use std::path::Path;

use super::decode::decode;
use super::encode::encode;
use super::header::{Header, framed};
use crate::wires::Logged;

/// What a log begins with; the last byte counts versions of the format.
pub const MAGIC: [u8; 8] = *b"SIDELOG\x02";

/// Writes a log.
#[derive(Debug)]
pub struct LogWriter<W: Write> {
    out: W,
    entry: Vec<u8>,
}

impl<W: Write> LogWriter<W> {
    /// Begins a log.
    ///
    /// # Errors
    /// Those of writing.
    pub fn new(mut out: W, header: &Header) -> io::Result<LogWriter<W>> {
        let header = header.encode();
        out.write_all(&MAGIC)?;
        out.write_all(&(header.len() as u32).to_le_bytes())?;
        out.write_all(&header)?;
        Ok(LogWriter { out, entry: Vec::new() })
    }

    /// Adds an entry.
    ///
    /// # Errors
    /// Those of writing.
    pub fn write(&mut self, logged: &Logged) -> io::Result<()> {
        self.entry.clear();
        encode(logged, &mut self.entry);
        self.out.write_all(&(self.entry.len() as u32).to_le_bytes())?;
        self.out.write_all(&self.entry)
    }

    /// Hands everything to the system, where the end of this program does not lose it.
    ///
    /// # Errors
    /// Those of writing.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A log that was read.
#[derive(Clone, Debug)]
pub struct Log {
    /// What was so from the start.
    pub header: Header,
    /// What happened, in order.
    pub entries: Vec<Logged>,
    /// Whether the file ends with a whole entry.
    pub is_whole: bool,
}

impl Log {
    /// Reads a log, up to where it was cut off or makes no sense.
    ///
    /// # Errors
    /// The file cannot be read, is no log, or its header is not whole.
    pub fn read(path: &Path) -> Result<Log, LogError> {
        Log::parse(&std::fs::read(path)?)
    }

    /// Reads the bytes of a log. See [`Log::read`].
    ///
    /// # Errors
    /// The bytes are no log, or its header is not whole.
    pub fn parse(bytes: &[u8]) -> Result<Log, LogError> {
        let mut rest = bytes.strip_prefix(&MAGIC).ok_or(LogError::NoLog)?;
        let header = framed(&mut rest).and_then(Header::decode).ok_or(LogError::NoHeader)?;
        let mut entries = Vec::new();
        let mut is_whole = true;
        while !rest.is_empty() {
            let Some(entry) = framed(&mut rest).and_then(decode) else {
                is_whole = false;
                break;
            };
            entries.push(entry);
        }
        Ok(Log { header, entries, is_whole })
    }
}

/// A log that cannot be read.
#[derive(Debug)]
pub enum LogError {
    /// The file cannot be read.
    File(io::Error),
    /// It is something else, or of another version.
    NoLog,
    /// It was cut off before its first entry.
    NoHeader,
}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LogError::File(error) => write!(f, "cannot read the log: {error}"),
            LogError::NoLog => write!(f, "not an event log, or one of another version"),
            LogError::NoHeader => write!(f, "the event log is cut off before its first entry"),
        }
    }
}

impl std::error::Error for LogError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            LogError::File(error) => Some(error),
            LogError::NoLog | LogError::NoHeader => None,
        }
    }
}

impl From<io::Error> for LogError {
    fn from(error: io::Error) -> LogError {
        LogError::File(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tape::header::instruction_set;
    use crate::{Beat, Chunk, Event, EventKind, Section, Source};

    fn header() -> Header {
        Header {
            rate: 44_100,
            seed: u64::MAX - 1,
            rig: 2,
            font: 3,
            weights: 4,
            binary: 5,
            instruction_set: instruction_set(),
            facts: vec![("rig".into(), "medium-swing".into()), ("split".into(), String::new())],
        }
    }

    fn log(entries: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut log = LogWriter::new(&mut bytes, &header()).unwrap();
        for frame in 0..entries {
            let event = Event { arrival: frame, source: Source(1), kind: EventKind::Start };
            let chunk = Chunk::new(Beat(1), 0, Section::default());
            log.write(&Logged::Event { frame, event }).unwrap();
            log.write(&Logged::Chunk { frame, chunk }).unwrap();
        }
        log.flush().unwrap();
        bytes
    }

    #[test]
    fn a_log_comes_back_with_its_header() {
        let read = Log::parse(&log(10)).unwrap();
        assert_eq!(read.header, header());
        assert_eq!(read.header.fact("rig"), Some("medium-swing"));
        assert!(read.is_whole && read.entries.len() == 20);
    }

    #[test]
    fn a_log_that_was_cut_off_anywhere_holds_what_came_before() {
        let bytes = log(10);
        let head = log(0).len();
        let mut most = 0;
        for end in head..bytes.len() {
            let read = Log::parse(&bytes[..end]).unwrap();
            assert!(read.entries.len() >= most && read.entries.len() < 20);
            most = read.entries.len();
        }
        assert_eq!(most, 19);
        assert!((0..head).all(|end| Log::parse(&bytes[..end]).is_err()));
    }

    #[test]
    fn a_tail_of_noughts_is_not_taken_for_entries() {
        let mut bytes = log(2);
        bytes.extend([0; 100]);
        let read = Log::parse(&bytes).unwrap();
        assert!(!read.is_whole && read.entries.len() == 4);
    }
}
