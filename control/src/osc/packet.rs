//! OSC packets in and out: the only file that names rosc. Runs on the OSC thread.

use rosc::address::{Matcher, OscAddress};
use rosc::{OscMessage, OscPacket, OscType};

use super::guard::{self, Refused};

/// The longest address that is matched, in bytes.
const MAX_ADDRESS: usize = 256;

/// One argument, as far as anybody here reads it.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg<'a> {
    /// `i` or `h`.
    Int(i64),
    /// `f` or `d`.
    Float(f64),
    /// `s` or `S`.
    Text(&'a str),
    /// `c`.
    Char(char),
    /// `T` or `F`.
    Bool(bool),
    /// `I` or `N`, which Max and others send as a bang.
    Bang,
    /// A blob, a time, a colour, MIDI bytes or an array.
    Other,
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message(OscMessage);

impl Message {
    /// Where it goes to; may be a pattern.
    pub fn address(&self) -> &str {
        &self.0.addr
    }

    /// Its arguments.
    pub fn args(&self) -> Vec<Arg<'_>> {
        self.0.args.iter().map(arg).collect()
    }

    /// The bytes of a message with the same arguments to another address.
    pub fn readdressed(&self, address: &str) -> Option<Vec<u8>> {
        encode(OscMessage { addr: address.into(), args: self.0.args.clone() })
    }
}

fn arg(value: &OscType) -> Arg<'_> {
    match value {
        OscType::Int(n) => Arg::Int(i64::from(*n)),
        OscType::Long(n) => Arg::Int(*n),
        OscType::Float(x) => Arg::Float(f64::from(*x)),
        OscType::Double(x) => Arg::Float(*x),
        OscType::String(text) => Arg::Text(text),
        OscType::Char(c) => Arg::Char(*c),
        OscType::Bool(on) => Arg::Bool(*on),
        OscType::Nil | OscType::Inf => Arg::Bang,
        _ => Arg::Other,
    }
}

/// The messages of a datagram, in order; time tags are ignored, so that all of them are for now.
///
/// # Errors
/// Why it is not read.
pub fn decode(datagram: &[u8]) -> Result<Vec<Message>, Refused> {
    guard::check(datagram)?;
    let (_, packet) = rosc::decoder::decode_udp(datagram).map_err(|_| Refused::Malformed)?;
    let (mut messages, mut open) = (Vec::new(), vec![packet]);
    while let Some(packet) = open.pop() {
        match packet {
            OscPacket::Message(message) => messages.push(Message(message)),
            OscPacket::Bundle(bundle) => open.extend(bundle.content.into_iter().rev()),
        }
    }
    Ok(messages)
}

/// The bytes of a message whose arguments are text.
pub fn text_message(address: &str, args: &[&str]) -> Option<Vec<u8>> {
    let args = args.iter().map(|text| OscType::String((*text).into())).collect();
    encode(OscMessage { addr: address.into(), args })
}

fn encode(message: OscMessage) -> Option<Vec<u8>> {
    rosc::encoder::encode(&OscPacket::Message(message)).ok()
}

/// An address with wildcards.
#[derive(Debug)]
pub struct Pattern(Matcher);

impl Pattern {
    /// The pattern in an address, if it has wildcards and is well formed.
    pub fn new(address: &str) -> Option<Pattern> {
        let is_pattern = address.len() <= MAX_ADDRESS && address.contains(['*', '?', '[', '{']);
        is_pattern.then(|| Matcher::new(address).ok().map(Pattern)).flatten()
    }

    /// Whether it takes in an address.
    pub fn matches(&self, address: &str) -> bool {
        OscAddress::new(address.into()).is_ok_and(|address| self.0.match_address(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rosc::{OscBundle, OscTime};

    fn message(address: &str, args: Vec<OscType>) -> OscPacket {
        OscPacket::Message(OscMessage { addr: address.into(), args })
    }

    fn bundle(content: Vec<OscPacket>) -> OscPacket {
        OscPacket::Bundle(OscBundle { timetag: OscTime { seconds: 0, fractional: 1 }, content })
    }

    #[test]
    fn a_bundle_keeps_its_order() {
        let inner = bundle(vec![message("/b", vec![]), message("/c", vec![])]);
        let packet = bundle(vec![message("/a", vec![]), inner, message("/d", vec![])]);
        let messages = decode(&rosc::encoder::encode(&packet).unwrap()).unwrap();
        let addresses: Vec<&str> = messages.iter().map(Message::address).collect();
        assert_eq!(addresses, ["/a", "/b", "/c", "/d"]);
    }

    #[test]
    fn mutated_packets_never_crash() {
        let mut rng = fastrand::Rng::with_seed(4);
        let args = vec![
            OscType::Float(0.5),
            OscType::String("F#m7b5/C".into()),
            OscType::Blob(vec![1, 2, 3]),
            OscType::Bool(true),
        ];
        let plain = message("/sideman/mix/*/volume", args);
        let seeds = [
            rosc::encoder::encode(&plain).unwrap(),
            rosc::encoder::encode(&bundle(vec![bundle(vec![plain.clone()]), plain])).unwrap(),
        ];
        for round in 0..200_000 {
            let mut bytes = seeds[round % 2].clone();
            for _ in 0..rng.usize(1..6) {
                let at = rng.usize(..bytes.len());
                match rng.u8(..4) {
                    0 => bytes.truncate(at.max(1)),
                    1 => bytes.insert(at, *rng.choice(b"#[]{}*,/\0").unwrap()),
                    _ => bytes[at] = rng.u8(..),
                }
            }
            for message in decode(&bytes).unwrap_or_default() {
                if let Some(pattern) = Pattern::new(message.address()) {
                    pattern.matches("/sideman/mix/drums/volume");
                }
            }
        }
    }

    #[test]
    fn random_patterns_never_crash() {
        let mut rng = fastrand::Rng::with_seed(5);
        let pieces = ["/", "*", "?", "[", "]", "{", "}", "!", "-", ",", "a", "mix", "drums", "/sideman"];
        for _ in 0..200_000 {
            let text: String = (0..rng.usize(1..12)).map(|_| pieces[rng.usize(..pieces.len())]).collect();
            if let Some(pattern) = Pattern::new(&format!("/{text}")) {
                pattern.matches("/sideman/mix/drums");
                pattern.matches("/a");
            }
        }
    }

    #[test]
    fn wildcards_match_as_the_standard_says() {
        for (pattern, wanted) in [
            ("/sideman/mix/*/mute", true),
            ("/sideman/mix/d?ums/mute", true),
            ("/sideman/mix/{bass,drums}/m*", true),
            ("/sideman/mix/[a-d]rums/mute", true),
            ("/sideman/*/mute", false),
        ] {
            assert_eq!(
                Pattern::new(pattern).unwrap().matches("/sideman/mix/drums/mute"),
                wanted,
                "{pattern}"
            );
        }
        assert!(Pattern::new("/sideman/mix/drums/mute").is_none());
    }
}
