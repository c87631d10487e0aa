//! Listens to UDP, on a thread of its own, and answers to the port that a datagram came from.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::guard::MAX_DATAGRAM;
use super::session::{Counts, Session};
use super::sink::Sink;

/// Where the server listens unless told otherwise: this machine only.
pub const DEFAULT_ADDR: &str = "127.0.0.1:8000";

/// How often the thread looks whether it is to end.
const PATIENCE: Duration = Duration::from_millis(50);

/// The port could not be had. Exit code 6.
#[derive(Debug)]
pub struct OscError {
    addr: SocketAddr,
    error: io::Error,
}

impl fmt::Display for OscError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ip, port) = (self.addr.ip(), self.addr.port());
        match self.error.kind() {
            ErrorKind::AddrInUse => {
                write!(
                    f,
                    "osc: port {port} of {ip} is taken by another program; --osc {ip}:0 finds a free one"
                )
            }
            _ => write!(f, "osc: cannot listen on port {port} of {ip}: {}", self.error),
        }
    }
}

impl std::error::Error for OscError {}

/// The OSC server. It ends when it is dropped.
#[derive(Debug)]
pub struct Server {
    addr: SocketAddr,
    counts: Arc<Counts>,
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens on `addr`, where port 0 is any free one, and hands on to `sink`.
    ///
    /// # Errors
    /// If the port is taken or the address is not this machine's.
    pub fn start(addr: SocketAddr, sink: impl Sink + 'static) -> Result<Server, OscError> {
        let fail = |error| OscError { addr, error };
        let socket = UdpSocket::bind(addr).map_err(fail)?;
        socket.set_read_timeout(Some(PATIENCE)).map_err(fail)?;
        let addr = socket.local_addr().map_err(fail)?;
        let (counts, end) = (Arc::new(Counts::default()), Arc::new(AtomicBool::new(false)));
        let session = Session::new(sink, counts.clone());
        let thread = std::thread::Builder::new()
            .name("osc".into())
            .spawn({
                let end = end.clone();
                move || listen(&socket, session, &end)
            })
            .map_err(fail)?;
        Ok(Server { addr, counts, end, thread: Some(thread) })
    }

    /// Where it listens; tells the port that was found for port 0.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What was refused, clamped and ignored so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end.store(true, Relaxed);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the OSC thread has panicked");
        }
    }
}

fn listen(socket: &UdpSocket, mut session: Session<impl Sink>, end: &AtomicBool) {
    // One byte more than is allowed, or a datagram that was cut off would look like a lawful one.
    let mut buffer = [0; MAX_DATAGRAM + 1];
    while !end.load(Relaxed) {
        match socket.recv_from(&mut buffer) {
            Ok((length, from)) => {
                for reply in session.hear(&buffer[..length], from, Instant::now()) {
                    if let Err(error) = socket.send_to(&reply, from) {
                        tracing::debug!("cannot answer {from}: {error}");
                    }
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) => {
                tracing::debug!("osc: {error}");
                std::thread::sleep(PATIENCE);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::super::packet;
    use super::super::sink::{Command, Remote};
    use super::*;
    use engine::wires::{AudioEnds, wires};
    use engine::{EventKind, FrameClock, Knob, Param, Part};

    fn remote() -> (Remote, AudioEnds, Receiver<Command>) {
        let mut wires = wires(0);
        let (commands, received) = channel();
        let clock = Arc::new(FrameClock::new(48_000));
        let remote = Remote { input: wires.inputs.remove(0), clock, commands, stats: wires.stats };
        (remote, wires.audio, received)
    }

    fn server() -> (Server, AudioEnds, Receiver<Command>, UdpSocket) {
        let (remote, audio, received) = remote();
        let server = Server::start(SocketAddr::from(([127, 0, 0, 1], 0)), remote).unwrap();
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        client.connect(server.addr()).unwrap();
        client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        (server, audio, received, client)
    }

    /// Sends, and waits for the answer to a ping behind it, by which time everything before was obeyed.
    fn send(client: &UdpSocket, messages: &[(&str, &[&str])]) {
        for (address, args) in messages.iter().chain([&("/sideman/ping", &[][..])]) {
            client.send(&packet::text_message(address, args).unwrap()).unwrap();
        }
        let mut buffer = [0; 512];
        let length = client.recv(&mut buffer).unwrap();
        assert_eq!(packet::decode(&buffer[..length]).unwrap()[0].address(), "/sideman/pong");
    }

    #[test]
    fn what_comes_over_the_wire_is_heard_in_order() {
        let (_server, mut audio, commands, client) = server();
        let messages: [(&str, &[&str]); 4] = [
            ("/sideman/transport/start", &[]),
            ("/sideman/mix/bass/volume", &["0.5"]),
            ("/sideman/preset/load", &["bossa"]),
            ("/sideman/chord/set", &["N.C."]),
        ];
        send(&client, &messages);
        let mut heard = Vec::new();
        audio.drain(|event| heard.push(event.kind));
        let volume = EventKind::Set { param: Param::on(Knob::Volume, Part::Bass), value: 0.5 };
        assert_eq!(heard, [EventKind::Start, volume, EventKind::Chord(None)]);
        assert_eq!(commands.try_recv(), Ok(Command::LoadRig("bossa".into())));
    }

    #[test]
    fn a_long_datagram_is_refused_and_the_server_lives() {
        let (server, _audio, _commands, client) = server();
        client.send(&[b'/'; 20_000]).unwrap();
        client.send(&b"#bundle\0".repeat(1000)).unwrap();
        send(&client, &[]);
        assert_eq!(server.counts().refused.get(), 2);
    }

    #[test]
    fn a_taken_port_is_named() {
        let (server, _audio, _commands, _client) = server();
        let error = Server::start(server.addr(), remote().0).unwrap_err().to_string();
        assert!(error.contains(&server.addr().port().to_string()) && error.contains("taken"), "{error}");
    }
}
