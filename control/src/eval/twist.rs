//! A take that is played otherwise: with other dynamics, or with a melody that jumps.

use engine::take::{Schedule, Take};
use engine::{EventKind, Frame, TICKS_PER_QUARTER, Tick};

use super::judge::adaptation::PUSH;

/// How a take is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twist {
    /// As it is.
    Plain,
    /// With the velocities of [`arc`].
    Arcs,
    /// Six semitones higher from the seventeenth quarter on.
    Pushed,
}

/// Bars after which the arcs begin again.
const CYCLE: f64 = 16.0;

/// The velocity that the arcs ask for at a bar: four bars from pp to ff, four bars ff, a step to p for four, then
/// four bars mf with a dip of one bar in the middle.
pub fn arc(bar: f64) -> u8 {
    const PP: f64 = 30.0;
    const FF: f64 = 115.0;
    match bar.rem_euclid(CYCLE) {
        place if place < 4.0 => (PP + (FF - PP) * place / 4.0) as u8,
        place if place < 8.0 => FF as u8,
        place if place < 12.0 => 45,
        place if (14.0..15.0).contains(&place) => 35,
        _ => 80,
    }
}

/// What the performer does in a schedule of the take, twisted.
pub fn score(take: &Take, schedule: Schedule, twist: Twist) -> Vec<(Frame, EventKind)> {
    let mut ticks = take.events().iter().map(|(tick, _)| *tick);
    let mut jumped = [false; 128];
    let bar = take.meter().ticks_per_bar() as f64;
    let twisted = schedule.events.into_iter().map(|(frame, kind)| {
        if matches!(kind, EventKind::Meter(_) | EventKind::Set { .. }) {
            return (frame, kind);
        }
        let tick = ticks.next().unwrap_or(0);
        let kind = match (twist, kind) {
            (Twist::Arcs, EventKind::NoteOn { key, .. }) => {
                EventKind::NoteOn { key, velocity: arc(tick as f64 / bar) }
            }
            (Twist::Pushed, kind) => pushed(kind, tick, &mut jumped),
            (_, kind) => kind,
        };
        (frame, kind)
    });
    twisted.collect()
}

/// A key that went down after the jump goes up there too.
fn pushed(kind: EventKind, tick: Tick, jumped: &mut [bool; 128]) -> EventKind {
    const FROM: Tick = PUSH as Tick * TICKS_PER_QUARTER;
    const BY: u8 = 6;
    match kind {
        EventKind::NoteOn { key, velocity } if tick >= FROM && key < 128 - BY => {
            jumped[usize::from(key)] = true;
            EventKind::NoteOn { key: key + BY, velocity }
        }
        EventKind::NoteOff { key } if std::mem::take(&mut jumped[usize::from(key)]) => {
            EventKind::NoteOff { key: key + BY }
        }
        kind => kind,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::takes;

    fn played(twist: Twist) -> Vec<(Frame, EventKind)> {
        let take = takes::find(Path::new("first-take")).unwrap();
        let schedule = take.schedule(48_000, None);
        score(&take, schedule, twist)
    }

    /// When each key went down and up again.
    fn keys(score: &[(Frame, EventKind)], is_on: bool) -> Vec<(Frame, u8)> {
        let key = |(frame, kind): &(Frame, EventKind)| match kind {
            EventKind::NoteOn { key, .. } if is_on => Some((*frame, *key)),
            EventKind::NoteOff { key } if !is_on => Some((*frame, *key)),
            _ => None,
        };
        score.iter().filter_map(key).collect()
    }

    #[test]
    fn arcs_change_velocities_and_nothing_else() {
        let (plain, arcs) = (played(Twist::Plain), played(Twist::Arcs));
        assert_eq!(keys(&plain, true), keys(&arcs, true));
        assert_eq!(keys(&plain, false), keys(&arcs, false));
        assert_ne!(plain, arcs);
    }

    #[test]
    fn a_push_moves_every_key_with_its_release() {
        let (plain, pushed) = (played(Twist::Plain), played(Twist::Pushed));
        let ons: Vec<u8> =
            keys(&plain, true).iter().zip(keys(&pushed, true)).map(|(a, b)| b.1 - a.1).collect();
        let first = ons.iter().position(|by| *by == 6).expect("the take is longer than four bars");
        assert!(
            first > 0 && ons[..first].iter().all(|by| *by == 0) && ons[first..].iter().all(|by| *by == 6)
        );
        let (mut down, mut up) = (keys(&pushed, true), keys(&pushed, false));
        down.sort_by_key(|(_, key)| *key);
        up.sort_by_key(|(_, key)| *key);
        assert!(down.iter().map(|(_, key)| key).eq(up.iter().map(|(_, key)| key)));
    }
}
