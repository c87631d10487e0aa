//! Which port a name means: names survive another plugging, numbers do not.

use super::ports::{MidiError, Port};

/// Finds the port that a name means: the whole name, else the name without numbers, else a part of it that no
/// other port has. Two devices of one model are told apart by asking twice: `taken` are not found again.
///
/// # Errors
/// If none or several fit.
pub fn find<'a>(ports: &'a [Port], name: &str, taken: &[&Port]) -> Result<&'a Port, MidiError> {
    let free = || ports.iter().filter(|port| !taken.contains(port));
    let (whole, wanted) = (name.trim().to_lowercase(), stem(name.trim()).to_lowercase());
    let exact = free()
        .find(|port| port.name.to_lowercase() == whole || port.id.to_lowercase() == whole)
        .or_else(|| free().find(|port| port.stem().to_lowercase() == wanted));
    if let Some(port) = exact {
        return Ok(port);
    }
    let candidates: Vec<&Port> = free().filter(|port| port.stem().to_lowercase().contains(&wanted)).collect();
    let names = |ports: &mut dyn Iterator<Item = &Port>| ports.map(|port| port.stem().to_owned()).collect();
    match candidates[..] {
        [port] => Ok(port),
        [] => Err(MidiError::Unknown { name: name.into(), there: names(&mut ports.iter()) }),
        [first, ..] if candidates.iter().all(|port| port.stem() == first.stem()) => Ok(first),
        _ => Err(MidiError::Ambiguous { name: name.into(), candidates: names(&mut candidates.into_iter()) }),
    }
}

/// Finds a port for each name; one that was found for a name is not found for the next.
pub fn find_all(ports: &[Port], names: &[String]) -> Vec<Result<Port, MidiError>> {
    let mut taken: Vec<&Port> = Vec::new();
    let found = names.iter().map(|name| {
        let port = find(ports, name, &taken)?;
        taken.push(port);
        Ok(port.clone())
    });
    found.collect()
}

/// Cuts off a trailing ` 24:0`.
pub fn stem(name: &str) -> &str {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match name.rsplit_once(' ') {
        Some((stem, tail)) if tail.split_once(':').is_some_and(|(a, b)| is_number(a) && is_number(b)) => stem,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(names: &[&str]) -> Vec<Port> {
        let port =
            |name: &&str| Port { id: (*name).into(), name: (*name).into(), device: None, is_default: true };
        names.iter().map(port).collect()
    }

    #[test]
    fn a_name_survives_another_plugging() {
        let ports =
            ports(&["Keystation 49:Keystation 49 MIDI 1 28:0", "nanoKONTROL2:nanoKONTROL2 MIDI 1 24:0"]);
        for name in ["Keystation 49:Keystation 49 MIDI 1 20:0", "keystation 49:keystation 49 midi 1", "keyst"]
        {
            assert_eq!(find(&ports, name, &[]), Ok(&ports[0]), "{name}");
        }
    }

    #[test]
    fn an_ambiguous_name_tells_its_candidates() {
        let ports = ports(&["Launchkey:MIDI 20:0", "Launchkey:DAW 20:1", "Other 24:0"]);
        let candidates = vec!["Launchkey:MIDI".into(), "Launchkey:DAW".into()];
        let error = MidiError::Ambiguous { name: "launch".into(), candidates };
        assert_eq!(find(&ports, "launch", &[]), Err(error));
        assert!(
            matches!(find(&ports, "Piano", &[]), Err(MidiError::Unknown { there, .. }) if there.len() == 3)
        );
    }

    #[test]
    fn a_whole_name_beats_a_longer_one_that_contains_it() {
        let ports = ports(&["Piano 2 20:0", "Piano 24:0"]);
        assert_eq!(find(&ports, "piano", &[]), Ok(&ports[1]));
    }

    #[test]
    fn two_devices_of_one_model_are_had_by_asking_twice() {
        let ports = ports(&["Keys:MIDI 20:0", "Keys:MIDI 24:0"]);
        assert_eq!(find(&ports, "keys", &[]), Ok(&ports[0]));
        assert_eq!(find(&ports, "keys", &[&ports[0]]), Ok(&ports[1]));
        assert_eq!(find(&ports, "Keys:MIDI 24:0", &[]), Ok(&ports[1]));
    }

    #[test]
    fn only_alsa_s_numbers_are_cut_off() {
        assert_eq!(stem("a:b 24:0"), "a:b");
        assert_eq!(stem("system:midi_capture_1"), "system:midi_capture_1");
        assert_eq!(stem("Piano 2"), "Piano 2");
        assert_eq!(stem("Take 4:x"), "Take 4:x");
    }
}
