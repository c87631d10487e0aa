//! Obeys datagrams, one after the other. Runs on the OSC thread.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::{Count, EventKind};

use super::action::{Action, Problem, Reading};
use super::coerce::Unfit;
use super::limiter::Limiter;
use super::packet::{self, Message};
use super::sink::{Command, Sink};
use super::table::{PREFIX, Row, Table};

/// A second panic within this time stops the band as well.
const PANIC_TWICE: Duration = Duration::from_secs(1);

/// What the server counts beside the events.
#[derive(Debug, Default)]
pub struct Counts {
    /// Datagrams that were not decoded.
    pub refused: Count,
    /// Messages to an unknown address, or with arguments that do not fit.
    pub misfits: Count,
    /// Values that lay out of range.
    pub clamped: Count,
    /// Values that were no number.
    pub ignored: Count,
}

/// What is kept between datagrams.
#[derive(Debug)]
pub struct Session<S> {
    table: Table,
    sink: S,
    counts: Arc<Counts>,
    limiter: Limiter,
    last_panic: Option<Instant>,
    replies: Vec<Vec<u8>>,
}

impl<S: Sink> Session<S> {
    /// A session that hands on to `sink`.
    pub fn new(sink: S, counts: Arc<Counts>) -> Session<S> {
        Session {
            table: Table::default(),
            sink,
            counts,
            limiter: Limiter::default(),
            last_panic: None,
            replies: Vec::new(),
        }
    }

    /// Obeys a datagram that came from `from` at `now`; returns the datagrams to send back.
    pub fn hear(&mut self, datagram: &[u8], from: SocketAddr, now: Instant) -> Vec<Vec<u8>> {
        match packet::decode(datagram) {
            Ok(messages) => messages.iter().for_each(|message| self.obey(message, from, now)),
            Err(refused) => {
                self.counts.refused.add(1);
                tracing::debug!("a datagram from {from} was refused: {refused}");
            }
        }
        std::mem::take(&mut self.replies)
    }

    fn obey(&mut self, message: &Message, from: SocketAddr, now: Instant) {
        let args = message.args();
        let rows: Vec<Row> = self.table.find(message.address()).into_iter().cloned().collect();
        if rows.is_empty() {
            self.complain(message, "unknown address", from, now);
        }
        for row in rows {
            match Reading::new(&row, &args) {
                Ok(reading) => {
                    self.counts.clamped.add(u64::from(reading.clamped));
                    self.act(reading.action, message, now);
                }
                Err(Problem::Unfit(Unfit::Nan)) => self.counts.ignored.add(1),
                Err(problem) => self.complain(message, &problem.to_string(), from, now),
            }
        }
    }

    fn act(&mut self, action: Action, message: &Message, now: Instant) {
        match action {
            Action::Nothing => {}
            Action::Send(kind) => self.sink.send(kind),
            Action::Toggle => {
                let kind = if self.sink.is_running() { EventKind::Stop } else { EventKind::Start };
                self.sink.send(kind);
            }
            Action::Panic => self.panic(now),
            Action::Load(rig) => self.sink.command(Command::LoadRig(rig)),
            Action::Pong => self.replies.extend(message.readdressed(&format!("{PREFIX}/pong"))),
            Action::Version => {
                let version = env!("CARGO_PKG_VERSION");
                self.replies.extend(packet::text_message(&format!("{PREFIX}/version"), &[version]));
            }
        }
    }

    fn panic(&mut self, now: Instant) {
        self.sink.send(EventKind::Panic);
        let last = self.last_panic.replace(now);
        if last.is_some_and(|last| now.saturating_duration_since(last) < PANIC_TWICE) {
            self.sink.send(EventKind::Stop);
        }
    }

    fn complain(&mut self, message: &Message, why: &str, from: SocketAddr, now: Instant) {
        self.counts.misfits.add(1);
        if self.limiter.allows(from, now) {
            let error = packet::text_message(&format!("{PREFIX}/error"), &[message.address(), why]);
            self.replies.extend(error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::{Cue, Knob, Param, Part};

    #[derive(Default)]
    struct Notes {
        events: Vec<EventKind>,
        commands: Vec<Command>,
        running: bool,
    }

    impl Sink for Notes {
        fn send(&mut self, kind: EventKind) {
            self.events.push(kind);
        }

        fn command(&mut self, command: Command) {
            self.commands.push(command);
        }

        fn is_running(&self) -> bool {
            self.running
        }
    }

    fn session() -> Session<Notes> {
        Session::new(Notes::default(), Arc::default())
    }

    fn hear(session: &mut Session<Notes>, address: &str, args: &[&str]) -> Vec<String> {
        let datagram = packet::text_message(address, args).unwrap();
        let replies = session.hear(&datagram, SocketAddr::from(([127, 0, 0, 1], 9)), Instant::now());
        replies.iter().map(|reply| packet::decode(reply).unwrap()[0].address().to_owned()).collect()
    }

    #[test]
    fn every_address_of_the_table_can_be_obeyed() {
        let mut session = session();
        for row in Table::default().rows() {
            let value = if row.address.ends_with("chord/set") { "C7" } else { "1" };
            let replies = hear(&mut session, &row.address, &[value]);
            assert!(replies.iter().all(|address| !address.ends_with("error")), "{}", row.address);
        }
        assert_eq!(session.counts.misfits.get(), 0);
    }

    #[test]
    fn a_wildcard_reaches_every_part() {
        let mut session = session();
        assert_eq!(hear(&mut session, "/sideman/mix/*/mute", &["1"]), [""; 0]);
        let mut muted: Vec<Part> = session.sink.events.iter().filter_map(muted_part).collect();
        muted.sort();
        assert_eq!(muted, Part::ALL);
    }

    fn muted_part(event: &EventKind) -> Option<Part> {
        match event {
            EventKind::Set { param: Param { knob: Knob::Mute, part }, value: 1.0 } => Some(*part),
            _ => None,
        }
    }

    #[test]
    fn what_is_unknown_or_unfit_is_answered_five_times() {
        let mut session = session();
        let replies: Vec<String> = (0..9)
            .flat_map(|i| {
                let address = if i % 2 == 0 { "/sideman/nothing" } else { "/sideman/tempo/bpm" };
                hear(&mut session, address, &["fast"])
            })
            .collect();
        assert_eq!(replies, ["/sideman/error"; 5]);
        assert_eq!(session.counts.misfits.get(), 9);
        assert!(session.sink.events.is_empty());
    }

    #[test]
    fn what_is_no_number_is_ignored_and_counted() {
        let mut session = session();
        assert_eq!(hear(&mut session, "/sideman/tempo/bpm", &["nan"]), [""; 0]);
        assert_eq!((session.counts.ignored.get(), session.sink.events.len()), (1, 0));
    }

    #[test]
    fn a_second_panic_stops_the_band() {
        let (mut session, from, start) = (session(), SocketAddr::from(([127, 0, 0, 1], 9)), Instant::now());
        let panic = packet::text_message("/sideman/transport/panic", &[]).unwrap();
        for seconds in [0.0, 1.5, 2.0] {
            session.hear(&panic, from, start + Duration::from_secs_f64(seconds));
        }
        use EventKind::{Panic, Stop};
        assert_eq!(session.sink.events, [Panic, Panic, Panic, Stop]);
    }

    #[test]
    fn toggle_asks_whether_the_band_plays() {
        let mut session = session();
        hear(&mut session, "/sideman/transport/toggle", &[]);
        session.sink.running = true;
        hear(&mut session, "/sideman/transport/toggle", &[]);
        assert_eq!(session.sink.events, [EventKind::Start, EventKind::Stop]);
    }

    #[test]
    fn a_ping_comes_back() {
        let mut session = session();
        assert_eq!(hear(&mut session, "/sideman/ping", &["a", "b"]), ["/sideman/pong"]);
        assert_eq!(hear(&mut session, "/sideman/version", &[]), ["/sideman/version"]);
        assert!(session.sink.events.is_empty());
    }

    #[test]
    fn a_rig_is_the_stage_s_to_load_and_a_fill_is_the_band_s_to_play() {
        let mut session = session();
        hear(&mut session, "/sideman/preset/load", &["bossa"]);
        hear(&mut session, "/sideman/section/fill", &[]);
        assert_eq!(session.sink.commands, [Command::LoadRig("bossa".into())]);
        assert_eq!(session.sink.events, [EventKind::Cue(Cue::Fill)]);
    }

    #[test]
    fn rubbish_is_refused_and_counted() {
        let mut session = session();
        let from = SocketAddr::from(([127, 0, 0, 1], 9));
        for rubbish in [&b"hello"[..], b"", &[b'#'; 9000]] {
            assert!(session.hear(rubbish, from, Instant::now()).is_empty());
        }
        assert_eq!(session.counts.refused.get(), 3);
    }
}
