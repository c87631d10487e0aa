//! Looks at a datagram before it is decoded, so that no packet can exhaust the decoder's stack. Runs on the OSC thread.
//!
//! The decoder recurses once for each nested bundle: some 2,000 levels, 40 kB, would overflow its stack and end
//! the process. The walk here keeps a list of its own of fixed depth, and never recurses.

use std::fmt;

/// The longest datagram that is read, in bytes.
pub const MAX_DATAGRAM: usize = 8192;

/// How deep bundles, and arrays in arguments, may nest.
pub const MAX_DEPTH: usize = 4;

const BUNDLE: &[u8] = b"#bundle\0";

/// Why a datagram was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is longer than [`MAX_DATAGRAM`].
    TooLong,
    /// Bundles or arrays nest deeper than [`MAX_DEPTH`].
    TooDeep,
    /// It is no OSC packet.
    Malformed,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::TooLong => write!(f, "datagram longer than {MAX_DATAGRAM} bytes"),
            Refused::TooDeep => write!(f, "bundles nested deeper than {MAX_DEPTH} levels"),
            Refused::Malformed => write!(f, "not an OSC packet"),
        }
    }
}

/// Whether a datagram is safe to decode.
///
/// # Errors
/// Why it is not.
pub fn check(datagram: &[u8]) -> Result<(), Refused> {
    if datagram.len() > MAX_DATAGRAM {
        return Err(Refused::TooLong);
    }
    let Some(content) = bundle_content(datagram)? else { return check_arrays(datagram) };
    let mut open: [&[u8]; MAX_DEPTH] = [&[]; MAX_DEPTH];
    open[0] = content;
    let mut depth = 1;
    while depth > 0 {
        let Some((element, rest)) = first_element(open[depth - 1])? else {
            depth -= 1;
            continue;
        };
        open[depth - 1] = rest;
        match bundle_content(element)? {
            None => check_arrays(element)?,
            Some(_) if depth == MAX_DEPTH => return Err(Refused::TooDeep),
            Some(content) => {
                open[depth] = content;
                depth += 1;
            }
        }
    }
    Ok(())
}

/// What follows the tag and the time of a bundle, if this is one.
fn bundle_content(packet: &[u8]) -> Result<Option<&[u8]>, Refused> {
    match packet.strip_prefix(BUNDLE) {
        Some(rest) => rest.get(8..).map(Some).ok_or(Refused::Malformed),
        None => Ok(None),
    }
}

/// An element of a bundle, and what follows it.
type Split<'a> = (&'a [u8], &'a [u8]);

/// Splits off the first element of a bundle. Sizes are multiples of 4, so that all padding stays aligned.
fn first_element(content: &[u8]) -> Result<Option<Split<'_>>, Refused> {
    if content.is_empty() {
        return Ok(None);
    }
    let (size, rest) = content.split_first_chunk().ok_or(Refused::Malformed)?;
    let size = u32::from_be_bytes(*size) as usize;
    if size == 0 || !size.is_multiple_of(4) {
        return Err(Refused::Malformed);
    }
    rest.split_at_checked(size).map(Some).ok_or(Refused::Malformed)
}

/// Refuses a message whose arrays nest too deep: what is decoded is freed by recursion.
fn check_arrays(message: &[u8]) -> Result<(), Refused> {
    let address = message.iter().position(|&byte| byte == 0).ok_or(Refused::Malformed)?;
    // A string is padded to a multiple of 4 with at least one zero.
    let tags = message.get((address / 4 + 1) * 4..).unwrap_or_default();
    let mut depth = 0_usize;
    for tag in tags.iter().take_while(|&&byte| byte != 0) {
        match tag {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(Refused::TooDeep);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &[u8] = b"/a\0\0,i\0\0\0\0\0\x01";

    fn nested(levels: usize) -> Vec<u8> {
        let mut packet = MESSAGE.to_vec();
        for _ in 0..levels {
            let size = (packet.len() as u32).to_be_bytes();
            packet = [BUNDLE, &[0; 7], &[1], &size, &packet].concat();
        }
        packet
    }

    #[test]
    fn four_levels_are_read_and_no_more() {
        for levels in 0..=MAX_DEPTH {
            assert_eq!(check(&nested(levels)), Ok(()), "{levels}");
        }
        for levels in [MAX_DEPTH + 1, 100, 400] {
            assert_eq!(check(&nested(levels)), Err(Refused::TooDeep), "{levels}");
        }
    }

    #[test]
    fn ten_thousand_levels_and_long_datagrams_are_refused_by_their_length() {
        assert_eq!(check(&nested(10_000)), Err(Refused::TooLong));
        assert_eq!(check(&[b'/'; 16_384]), Err(Refused::TooLong));
    }

    #[test]
    fn a_bundle_beside_a_deep_one_is_counted_for_itself() {
        let (four, size) = (nested(3), nested(3).len() as u32);
        let element = [&size.to_be_bytes()[..], &four].concat();
        assert_eq!(check(&[BUNDLE, &[0; 8], &element, &element].concat()), Ok(()));
    }

    #[test]
    fn arrays_nest_no_deeper_than_bundles() {
        let message = |depth: usize| {
            let mut tags = [b",".to_vec(), vec![b'['; depth], vec![b']'; depth], vec![0]].concat();
            tags.resize(tags.len().next_multiple_of(4), 0);
            [b"/a\0\0".to_vec(), tags].concat()
        };
        assert_eq!(check(&message(MAX_DEPTH)), Ok(()));
        assert_eq!(check(&message(MAX_DEPTH + 1)), Err(Refused::TooDeep));
        assert_eq!(check(&message(3000)), Err(Refused::TooDeep));
    }

    #[test]
    fn sizes_that_lie_are_malformed() {
        for size in [0_u32, 3, 11, 16, 1 << 31, u32::MAX] {
            let packet = [BUNDLE, &[0; 8], &size.to_be_bytes(), MESSAGE].concat();
            assert_eq!(check(&packet), Err(Refused::Malformed), "{size}");
        }
        assert_eq!(check(&[]), Err(Refused::Malformed));
    }
}
