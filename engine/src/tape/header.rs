//! The head of an event log: what was so from the start.

/// What a replay must know before the first entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// Frames per second.
    pub rate: u32,
    /// Seed of everything that is random.
    pub seed: u64,
    /// Hash of the rig.
    pub rig: u64,
    /// Hash of the fonts.
    pub font: u64,
    /// Hash of the model's weights; 0 where none plays.
    pub weights: u64,
    /// Hash of the program.
    pub binary: u64,
    /// What the processor can do, from [`instruction_set`].
    pub instruction_set: String,
    /// Whatever else was set at the start: names and values, in order.
    pub facts: Vec<(String, String)>,
}

impl Header {
    /// The value of a fact.
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = self.rate.to_le_bytes().to_vec();
        for number in [self.seed, self.rig, self.font, self.weights, self.binary] {
            out.extend(number.to_le_bytes());
        }
        put_text(&self.instruction_set, &mut out);
        for (name, value) in &self.facts {
            put_text(name, &mut out);
            put_text(value, &mut out);
        }
        out
    }

    pub(super) fn decode(mut bytes: &[u8]) -> Option<Header> {
        let (rate, rest) = bytes.split_first_chunk()?;
        bytes = rest;
        let mut numbers = [0; 5];
        for number in &mut numbers {
            let (taken, rest) = bytes.split_first_chunk()?;
            (*number, bytes) = (u64::from_le_bytes(*taken), rest);
        }
        let [seed, rig, font, weights, binary] = numbers;
        let instruction_set = text(&mut bytes)?;
        let mut facts = Vec::new();
        while !bytes.is_empty() {
            facts.push((text(&mut bytes)?, text(&mut bytes)?));
        }
        Some(Header {
            rate: u32::from_le_bytes(*rate),
            seed,
            rig,
            font,
            weights,
            binary,
            instruction_set,
            facts,
        })
    }
}

fn put_text(text: &str, out: &mut Vec<u8>) {
    out.extend((text.len() as u32).to_le_bytes());
    out.extend(text.as_bytes());
}

fn text(bytes: &mut &[u8]) -> Option<String> {
    String::from_utf8(framed(bytes)?.to_vec()).ok()
}

/// What stands after its length, if it is whole.
pub(super) fn framed<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (taken, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *bytes = rest;
    Some(taken)
}

/// A hash for the header: FNV-1a, 64 bits.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The architecture, and those of its extensions on which the last bit of a sum may depend.
pub fn instruction_set() -> String {
    let mut name = std::env::consts::ARCH.to_owned();
    #[cfg(target_arch = "x86_64")]
    {
        let extensions = [
            ("avx2", is_x86_feature_detected!("avx2")),
            ("fma", is_x86_feature_detected!("fma")),
            ("avx512f", is_x86_feature_detected!("avx512f")),
        ];
        for (extension, _) in extensions.into_iter().filter(|(_, has)| *has) {
            name = name + "+" + extension;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        assert_eq!(hash(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
