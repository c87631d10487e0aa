//! How a take lies on the grid: how early or late as a whole, how far it swings, and which slot each onset means.
//!
//! An onset is given to the slot that most likely made it: a normal error around each place where a slot sounds, times
//! how often the take uses the slot. So a late sixteenth of a rock beat does not become a triplet.

use engine::POSITIONS;

const SLOTS: usize = POSITIONS as usize;

/// The spread of an onset around its slot, as a share of the beat. Narrow enough for an onset that lies exactly on a
/// slot to be given to it, however rare the slot is.
const SPREAD: f32 = 0.028;
/// A slot that the take never uses counts as used this often.
const RARE: f32 = 0.012;
/// Below this an off-beat is late, and not swung.
const LEAST_SWING: f32 = 0.54;
/// From here a swung eighth is the last triplet, and the sixteenths around it are triplets of the half beat.
const TRIPLET_SWING: f32 = 0.62;
/// Off-beats that it takes to speak of swing, at full velocity.
const LEAST_HEAP: f32 = 3.0;

/// How a take lies on the grid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timing {
    /// How late the take is as a whole, as a share of the beat; negative is early.
    pub offset: f32,
    /// Place of the off-beat in what it divides: 0.5 is straight, at most 0.75.
    pub swing: f32,
    /// Whether the sixteenths swing inside the half beats, and not the eighths.
    pub sixteenths: bool,
    /// How often the take uses each slot, in natural logarithms; nothing can lie on a slot at -∞.
    use_of: [f32; SLOTS],
}

impl Timing {
    /// A take that is on time, with a given swing, all slots alike.
    pub fn new(swing: f32, sixteenths: bool) -> Timing {
        let mut timing = Timing { offset: 0.0, swing, sixteenths, use_of: [0.0; SLOTS] };
        timing.learn_use(&[]);
        timing
    }

    /// Measures a take from its onsets: tick and velocity (0 = unknown).
    ///
    /// Only quarter-note beats (`ticks_per_beat` of 480) are taken to swing: a compound beat has its triplets. Where
    /// all three triplets are played the take is not swung either: they lie at positions 4 and 8.
    pub fn measure(onsets: &[(i64, u8)], ticks_per_beat: i64) -> Timing {
        let mut places: Vec<(f32, f32)> =
            onsets.iter().map(|(tick, velocity)| (phase(*tick, ticks_per_beat), weight(*velocity))).collect();
        let offset = offset(&places);
        for place in &mut places {
            place.0 = (place.0 - offset).rem_euclid(1.0);
        }
        let (swing, sixteenths) = match ticks_per_beat {
            480 => swing(&places),
            _ => (0.5, false),
        };
        let mut timing = Timing { offset, ..Timing::new(swing, sixteenths) };
        timing.learn_use(&places);
        timing
    }

    /// Where an onset belongs: beat, position, and how late it is there as a share of the beat, in a take that is on
    /// time as a whole.
    pub fn place(&self, tick: i64, ticks_per_beat: i64) -> (i64, u8, f32) {
        let at = tick as f64 / ticks_per_beat as f64 - f64::from(self.offset);
        // From a little before the beat on, an onset may belong to it.
        let beat = (at + 0.5).floor();
        let (slot, micro) = self.nearest((at - beat) as f32);
        (beat as i64 + slot.div_euclid(SLOTS as i64), slot.rem_euclid(SLOTS as i64) as u8, micro)
    }

    /// The tick at which a position sounds in this take, with its swing and as late as it is as a whole.
    pub fn tick(&self, beat: i64, position: u8, ticks_per_beat: i64) -> i64 {
        let place = f64::from(self.sounds(usize::from(position)) + self.offset);
        beat * ticks_per_beat + (place * ticks_per_beat as f64).round() as i64
    }

    /// Where a slot sounds, as a share of the beat: the engine's rule.
    fn sounds(&self, slot: usize) -> f32 {
        match (slot, self.sixteenths) {
            (6, false) => self.swing,
            (3, _) => self.swing / 2.0,
            (9, false) => (1.0 + self.swing) / 2.0,
            (9, true) => 0.5 + self.swing / 2.0,
            _ => slot as f32 / SLOTS as f32,
        }
    }

    /// The likeliest slot from half a beat before to half a beat after a beat, and the distance from it.
    fn nearest(&self, at: f32) -> (i64, f32) {
        let slots = (-(SLOTS as i64)..SLOTS as i64).map(|slot| {
            let i = slot.rem_euclid(SLOTS as i64) as usize;
            let late = at - self.sounds(i) - slot.div_euclid(SLOTS as i64) as f32;
            (slot, late, self.use_of[i] - 0.5 * (late / SPREAD).powi(2))
        });
        let best = slots.max_by(|a, b| a.2.total_cmp(&b.2));
        best.map_or((0, at), |(slot, late, _)| (slot, late))
    }

    /// Counts how often the slots are used, by what seems likeliest before and then after a first count.
    fn learn_use(&mut self, places: &[(f32, f32)]) {
        let may = self.allowed();
        self.use_of = may.map(|may| if may { 0.0 } else { f32::NEG_INFINITY });
        if places.is_empty() {
            return;
        }
        let total: f32 = places.iter().map(|place| place.1).sum();
        for _ in 0..2 {
            let mut counts = [0.0; SLOTS];
            for (at, weight) in places {
                counts[self.nearest(at - at.round()).0.rem_euclid(SLOTS as i64) as usize] += weight / total;
            }
            let of = |slot: usize| if may[slot] { (counts[slot] + RARE).ln() } else { f32::NEG_INFINITY };
            self.use_of = std::array::from_fn(of);
        }
    }

    /// The slots that the swing leaves room for: none that sounds where another one is meant.
    fn allowed(&self) -> [bool; SLOTS] {
        let excluded: &[usize] = match (self.swing >= LEAST_SWING, self.sixteenths) {
            (false, _) => &[],
            (true, true) => &[4, 10],
            (true, false) if self.swing < TRIPLET_SWING => &[7, 8],
            (true, false) => &[3, 7, 8, 9],
        };
        std::array::from_fn(|slot| !excluded.contains(&slot))
    }
}

fn phase(tick: i64, ticks_per_beat: i64) -> f32 {
    tick.rem_euclid(ticks_per_beat) as f32 / ticks_per_beat as f32
}

/// Loud onsets say more about the grid than ghosts.
fn weight(velocity: u8) -> f32 {
    if velocity == 0 { 0.5 } else { f32::from(velocity) / 127.0 }
}

/// The median distance of the onsets around the beats from the beats.
fn offset(places: &[(f32, f32)]) -> f32 {
    let mut offset = 0.0;
    for reach in [0.125, 0.08, 0.08] {
        let late = |at: f32| (at - offset + 0.5).rem_euclid(1.0) - 0.5;
        let near =
            places.iter().map(|(at, weight)| (late(*at), *weight)).filter(|place| place.0.abs() <= reach);
        offset += median(near.collect()).unwrap_or(0.0);
    }
    offset
}

/// Swing, and whether it is that of the sixteenths.
fn swing(places: &[(f32, f32)]) -> (f32, bool) {
    if let Some(swing) = off_beat(places) {
        return (swing.min(0.75), false);
    }
    let halves: Vec<_> = places.iter().map(|(at, weight)| ((at * 2.0).fract(), *weight)).collect();
    // Two halves that swing each by itself: a shuffle of eighths has nothing at the half beat.
    let struck = |from: f32, to: f32| heap(places, from, to);
    let has_half = struck(0.44, 0.56) > 0.5 * struck(0.56, 0.72);
    off_beat(&halves).filter(|swing| has_half && *swing < 0.7).map_or((0.5, false), |swing| (swing, true))
}

/// The place of the off-beat, where the onsets between the beats are one heap, late, and not triplets.
fn off_beat(places: &[(f32, f32)]) -> Option<f32> {
    const WINDOW: (f32, f32) = (0.40, 0.82);
    const REACH: f32 = 0.11;
    let mode = mode(places, WINDOW)?;
    let all = heap(places, WINDOW.0, WINDOW.1);
    let near = heap(places, mode - REACH, mode + REACH);
    let middle = heap(places, 1.0 / 3.0 - 0.07, 1.0 / 3.0 + 0.06);
    let triplets = mode > 0.6 && middle > 0.65 * near;
    if all < LEAST_HEAP.max(0.1 * heap(places, 0.0, 1.0)) || near < 0.72 * all || triplets {
        return None;
    }
    let heap = places.iter().copied().filter(|(at, _)| (at - mode).abs() <= REACH).collect();
    median(heap).filter(|place| *place >= LEAST_SWING)
}

/// The weight of the onsets from one place to another.
fn heap(places: &[(f32, f32)], from: f32, to: f32) -> f32 {
    places.iter().filter(|(at, _)| (from..=to).contains(at)).map(|place| place.1).sum()
}

/// Where the onsets of a window crowd most.
fn mode(places: &[(f32, f32)], window: (f32, f32)) -> Option<f32> {
    let steps = 40;
    let at = |step: i32| window.0 + (window.1 - window.0) * step as f32 / steps as f32;
    let crowd = |at: f32| heap(places, at - 0.04, at + 0.04);
    (0..=steps).map(at).max_by(|a, b| crowd(*a).total_cmp(&crowd(*b)))
}

/// The weighted median of values.
fn median(mut values: Vec<(f32, f32)>) -> Option<f32> {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|value| value.1).sum::<f32>() / 2.0;
    let mut sum = 0.0;
    values.iter().find_map(|(value, weight)| {
        sum += weight;
        (sum >= half).then_some(*value)
    })
}

#[cfg(test)]
mod tests;
