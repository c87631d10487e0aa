//! At most five complaints a second to one sender, so that a wrong surface is told and not flooded.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Complaints to one sender within [`WINDOW`].
const MAX: u32 = 5;

/// The time over which they are counted.
const WINDOW: Duration = Duration::from_secs(1);

/// How many senders are remembered; the one whose window is oldest makes room.
const SENDERS: usize = 32;

/// Counts the complaints to each sender.
#[derive(Debug, Default)]
pub struct Limiter {
    seen: Vec<(SocketAddr, Instant, u32)>,
}

impl Limiter {
    /// Whether a complaint may go to `to` now; counts it if so.
    pub fn allows(&mut self, to: SocketAddr, now: Instant) -> bool {
        let Some((_, since, count)) = self.seen.iter_mut().find(|(sender, ..)| *sender == to) else {
            self.remember(to, now);
            return true;
        };
        if now.saturating_duration_since(*since) >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        *count <= MAX
    }

    fn remember(&mut self, to: SocketAddr, now: Instant) {
        if self.seen.len() == SENDERS
            && let Some(oldest) = (0..SENDERS).min_by_key(|&i| self.seen[i].1)
        {
            self.seen.swap_remove(oldest);
        }
        self.seen.push((to, now, 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn the_sixth_complaint_within_a_second_is_held_back() {
        let (mut limiter, start) = (Limiter::default(), Instant::now());
        let allowed = |limiter: &mut Limiter, at| (0..20).filter(|_| limiter.allows(sender(1), at)).count();
        assert_eq!(allowed(&mut limiter, start), 5);
        assert!(limiter.allows(sender(2), start));
        assert_eq!(allowed(&mut limiter, start + WINDOW), 5);
    }

    #[test]
    fn many_senders_take_no_more_room_than_few() {
        let (mut limiter, start) = (Limiter::default(), Instant::now());
        assert!((0..10_000).all(|port| limiter.allows(sender(port), start)));
        assert_eq!(limiter.seen.len(), SENDERS);
    }
}
