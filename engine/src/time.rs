//! Musical time and sample time, and the only arithmetic between them.

use std::fmt;

/// A position in musical time, 960 to a quarter note. Negative in the count-in.
pub type Tick = i64;

/// A position in sample time, counted from the first sample that the renderer made.
pub type Frame = u64;

/// Ticks in a quarter note.
pub const TICKS_PER_QUARTER: Tick = 960;

/// Grid positions in a beat: sixteenths and triplets.
pub const POSITIONS: u8 = 12;

/// The ordinal of a felt pulse: 0 is the first beat of the first bar, negative in the count-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Beat(pub i32);

impl Beat {
    /// The beat `n` after this one.
    pub const fn plus(self, n: i32) -> Beat {
        Beat(self.0 + n)
    }
}

/// A time signature: 2/4 to 7/4, 6/8, 9/8 or 12/8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Meter {
    numerator: u8,
    denominator: u8,
}

impl Meter {
    /// Four quarters.
    pub const COMMON: Meter = Meter { numerator: 4, denominator: 4 };

    /// The meter with this numerator and denominator, if the band can play it.
    pub const fn new(numerator: u8, denominator: u8) -> Option<Meter> {
        match (numerator, denominator) {
            (2..=7, 4) | (6 | 9 | 12, 8) => Some(Meter { numerator, denominator }),
            _ => None,
        }
    }

    /// Reads `"4/4"`.
    pub fn parse(text: &str) -> Option<Meter> {
        let (numerator, denominator) = text.split_once('/')?;
        Meter::new(numerator.trim().parse().ok()?, denominator.trim().parse().ok()?)
    }

    /// Numerator as written.
    pub const fn numerator(self) -> u8 {
        self.numerator
    }

    /// Denominator as written.
    pub const fn denominator(self) -> u8 {
        self.denominator
    }

    /// Whether the felt pulse is a dotted quarter.
    pub const fn is_compound(self) -> bool {
        self.denominator == 8
    }

    /// Felt pulses in a bar: 2 in 6/8, 4 in 4/4.
    pub const fn beats_per_bar(self) -> i32 {
        if self.is_compound() { self.numerator as i32 / 3 } else { self.numerator as i32 }
    }

    /// Ticks in a felt pulse: 960, or 1440 in a compound meter.
    pub const fn ticks_per_beat(self) -> Tick {
        if self.is_compound() { TICKS_PER_QUARTER * 3 / 2 } else { TICKS_PER_QUARTER }
    }

    /// Ticks in a bar.
    pub const fn ticks_per_bar(self) -> Tick {
        self.ticks_per_beat() * self.beats_per_bar() as Tick
    }
}

impl fmt::Display for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

/// Where beats and bars lie from a bar line on: a meter and the bar where it began.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// The time signature.
    pub meter: Meter,
    /// The first beat in this meter; a bar line.
    pub beat: Beat,
    /// The tick of that beat.
    pub tick: Tick,
    /// The number of that bar, from 0.
    pub bar: i32,
}

impl Grid {
    /// A grid that begins at tick 0.
    pub const fn new(meter: Meter) -> Grid {
        Grid { meter, beat: Beat(0), tick: 0, bar: 0 }
    }

    /// The tick at which a beat begins.
    pub fn tick_of(&self, beat: Beat) -> Tick {
        self.tick + Tick::from(beat.0 - self.beat.0) * self.meter.ticks_per_beat()
    }

    /// The beat in which a tick lies.
    pub fn beat_at(&self, tick: Tick) -> Beat {
        let beats = (tick - self.tick).div_euclid(self.meter.ticks_per_beat());
        self.beat.plus(beats as i32)
    }

    /// The number of the bar in which a beat lies, and its place in that bar, both from 0.
    pub fn place(&self, beat: Beat) -> (i32, i32) {
        let beats = beat.0 - self.beat.0;
        let per_bar = self.meter.beats_per_bar();
        (self.bar + beats.div_euclid(per_bar), beats.rem_euclid(per_bar))
    }

    /// The first beat of a bar.
    pub fn bar_start(&self, bar: i32) -> Beat {
        self.beat.plus((bar - self.bar) * self.meter.beats_per_bar())
    }

    /// The first bar line at or after a beat.
    pub fn next_bar(&self, beat: Beat) -> Beat {
        let (bar, place) = self.place(beat);
        self.bar_start(if place == 0 { bar } else { bar + 1 })
    }

    /// The grid that takes over with another meter at a bar line.
    pub fn change(&self, meter: Meter, at: Beat) -> Grid {
        Grid { meter, beat: at, tick: self.tick_of(at), bar: self.place(at).0 }
    }
}

/// Converts frames to ticks and back: `frame(t) = f0 + (t - t0) * frames_per_tick`.
///
/// It is anchored anew at each change of tempo, so that no error accumulates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clock {
    frame: f64,
    tick: f64,
    frames_per_tick: f64,
}

impl Clock {
    /// A clock that shows `tick` at `frame`, and runs at `bpm` beats of `ticks_per_beat` a minute.
    pub fn new(frame: Frame, tick: Tick, rate: u32, bpm: f64, ticks_per_beat: Tick) -> Clock {
        let frames_per_tick = f64::from(rate) * 60.0 / (bpm * ticks_per_beat as f64);
        Clock { frame: frame as f64, tick: tick as f64, frames_per_tick }
    }

    /// The same clock from `frame` on, at another tempo.
    pub fn retimed(&self, frame: Frame, rate: u32, bpm: f64, ticks_per_beat: Tick) -> Clock {
        let tick = self.tick + (frame as f64 - self.frame) / self.frames_per_tick;
        let frames_per_tick = f64::from(rate) * 60.0 / (bpm * ticks_per_beat as f64);
        Clock { frame: frame as f64, tick, frames_per_tick }
    }

    /// The exact, fractional frame of a tick; may lie before frame 0.
    pub fn frame_of(&self, tick: Tick) -> f64 {
        self.frame + (tick as f64 - self.tick) * self.frames_per_tick
    }

    /// The tick that has begun at a frame.
    pub fn tick_at(&self, frame: Frame) -> Tick {
        // A hair of slack, or a tick that falls exactly on a frame would round to the one before.
        ((frame as f64 - self.frame) / self.frames_per_tick + self.tick + 1e-6).floor() as Tick
    }

    /// Frames in a tick.
    pub const fn frames_per_tick(&self) -> f64 {
        self.frames_per_tick
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_comes_back_from_its_frame() {
        for bpm in [40.0, 61.3, 120.0, 259.9] {
            let clock = Clock::new(0, -3840, 48_000, bpm, 960);
            for tick in (-3840..96_000).step_by(7) {
                assert_eq!(clock.tick_at(clock.frame_of(tick).ceil() as Frame), tick);
            }
        }
    }

    #[test]
    fn beats_and_bars_go_on_over_a_change_of_meter() {
        let grid = Grid::new(Meter::COMMON);
        let six_eight = grid.change(Meter::new(6, 8).unwrap(), Beat(8));
        assert_eq!(six_eight.tick_of(Beat(8)), 8 * 960);
        assert_eq!(six_eight.tick_of(Beat(9)), 8 * 960 + 1440);
        assert_eq!(six_eight.place(Beat(11)), (3, 1));
        assert_eq!(six_eight.next_bar(Beat(11)), Beat(12));
    }

    #[test]
    fn the_count_in_lies_before_beat_nought() {
        let grid = Grid::new(Meter::COMMON);
        assert_eq!(grid.beat_at(-1), Beat(-1));
        assert_eq!(grid.place(Beat(-1)), (-1, 3));
    }
}
