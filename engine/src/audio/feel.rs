//! Swing: where a grid position falls in its beat. Runs on the audio thread.

use crate::{POSITIONS, Tick};

/// Ticks after the start of a beat at which a grid position sounds.
///
/// `swing` is the place of the off-beat in what it divides: 0.5 is straight, 0.667 a triplet. With `sixteenths` the
/// off-beat sixteenths move inside each half of the beat, else the off-beat eighth moves, and the sixteenths
/// with it. Triplets stay where they are: they are written as played.
pub fn swung(position: u8, ticks_per_beat: Tick, swing: f32, sixteenths: bool) -> Tick {
    let place = match (position, sixteenths) {
        (6, false) => swing,
        (3, false) | (3, true) => swing / 2.0,
        (9, false) => (1.0 + swing) / 2.0,
        (9, true) => 0.5 + swing / 2.0,
        (position, _) => f32::from(position) / f32::from(POSITIONS),
    };
    (f64::from(place) * ticks_per_beat as f64).round() as Tick
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_is_the_grid() {
        for position in 0..POSITIONS {
            assert_eq!(swung(position, 960, 0.5, false), Tick::from(position) * 80);
            assert_eq!(swung(position, 960, 0.5, true), Tick::from(position) * 80);
        }
    }

    #[test]
    fn triplet_swing_puts_the_off_beat_on_the_last_triplet() {
        assert_eq!(swung(6, 960, 2.0 / 3.0, false), 640);
        assert_eq!(swung(8, 960, 2.0 / 3.0, false), 640);
        assert_eq!(swung(6, 960, 0.6, true), 480);
        assert_eq!(swung(9, 960, 0.6, true), 768);
    }
}
