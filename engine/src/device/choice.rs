//! Which device is wanted.

use std::convert::Infallible;
use std::str::FromStr;

/// What `--audio` calls the null device.
pub(super) const NULL: &str = "none";

/// Which host and which of its devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HostChoice {
    /// JACK where a server runs, else the system's own, else the null device.
    #[default]
    Auto,
    /// A host by name, and the whole or a part of the name of a device.
    Named(String, Option<String>),
    /// The paced null device.
    None,
}

impl FromStr for HostChoice {
    type Err = Infallible;

    /// Reads `auto`, `none`, `jack`, `alsa:USB`.
    fn from_str(text: &str) -> Result<HostChoice, Infallible> {
        let (host, device) = match text.split_once(':') {
            Some((host, device)) => (host, Some(device.trim().to_owned())),
            None => (text, None),
        };
        Ok(match host.trim().to_lowercase().as_str() {
            "" | "auto" => HostChoice::Auto,
            NULL => HostChoice::None,
            host => HostChoice::Named(host.to_owned(), device.filter(|name| !name.is_empty())),
        })
    }
}

/// What is wanted of a device.
#[derive(Clone, Debug, Default)]
pub struct AudioConfig {
    /// Which one.
    pub host: HostChoice,
    /// Frames per second; the device's own where none is given.
    pub rate: Option<u32>,
    /// Frames in a block, 32 to 2048; [`AudioConfig::BLOCK`] where none is given. JACK's server decides alone.
    pub buffer: Option<u32>,
}

impl AudioConfig {
    /// The rate of the null device where none is given.
    pub const RATE: u32 = 48_000;
    /// The block where none is given, in frames.
    pub const BLOCK: u32 = 256;

    /// The block that is wanted, in its range.
    pub(super) fn block(&self) -> u32 {
        self.buffer.unwrap_or(AudioConfig::BLOCK).clamp(32, 2048)
    }
}

/// The one name that is meant by `wanted`: itself, else the only one that contains it, in any case.
///
/// # Errors
/// The names that might be meant; none or more than one.
pub(super) fn pick(wanted: &str, names: &[String]) -> Result<usize, Vec<String>> {
    let wanted = wanted.to_lowercase();
    let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    if let Some(exact) = lower.iter().position(|name| *name == wanted) {
        return Ok(exact);
    }
    let found: Vec<usize> = (0..names.len()).filter(|&i| lower[i].contains(&wanted)).collect();
    match found[..] {
        [only] => Ok(only),
        _ => Err(found.iter().map(|&i| names[i].clone()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_from_a_word() {
        let named = |host: &str, device: Option<&str>| HostChoice::Named(host.into(), device.map(Into::into));
        assert_eq!("auto".parse(), Ok(HostChoice::Auto));
        assert_eq!("None".parse(), Ok(HostChoice::None));
        assert_eq!("JACK".parse(), Ok(named("jack", None)));
        assert_eq!("alsa:hw:CARD=USB,DEV=0".parse(), Ok(named("alsa", Some("hw:CARD=USB,DEV=0"))));
        assert_eq!("alsa:".parse(), Ok(named("alsa", None)));
    }

    #[test]
    fn a_name_is_exact_or_the_only_one_that_contains_it() {
        let names: Vec<String> = ["USB", "usb audio", "PCH"].map(Into::into).to_vec();
        assert_eq!(pick("usb", &names), Ok(0));
        assert_eq!(pick("pc", &names), Ok(2));
        assert_eq!(pick("us", &names), Err(names[..2].to_vec()));
        assert_eq!(pick("hdmi", &names), Err(Vec::new()));
    }
}
