//! The accompaniment that is about to sound: one slot for each beat to come, and what plays when it is empty.
//! Runs on the audio thread.

use crate::{Beat, Chunk, Grid, Loops, Role, Section};

/// Beats that are kept: what was played serves the vamp, what is to come is the plan.
const SLOTS: usize = 64;

/// Where a beat's notes came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Written for this beat in this revision.
    Fresh,
    /// Written before the last cue, for the same section.
    Older,
    /// The last groove unit again.
    Vamp,
    /// The rig's loop.
    Loop,
    /// Nothing was there.
    Nothing,
}

/// Why a chunk was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its beat has been decided.
    Late,
    /// A newer one is there, or the form has changed.
    Stale,
}

/// One slot for each beat.
#[derive(Debug)]
pub struct Timeline {
    slots: Box<[Option<Chunk>; SLOTS]>,
    decided: Beat,
    revision: u32,
    revised_from: Beat,
    vamping: bool,
    /// What plays now, if it came from nowhere else than the loop.
    looped: Chunk,
}

impl Default for Timeline {
    fn default() -> Self {
        Timeline {
            slots: Box::new([None; SLOTS]),
            decided: Beat(i32::MIN),
            revision: 0,
            revised_from: Beat(i32::MIN),
            vamping: false,
            looped: Chunk::new(Beat(0), 0, Section::Stopped),
        }
    }
}

impl Timeline {
    fn index(beat: Beat) -> usize {
        beat.0.rem_euclid(SLOTS as i32) as usize
    }

    /// What was written for a beat, decided or not.
    pub fn at(&self, beat: Beat) -> Option<&Chunk> {
        self.slot(beat)
    }

    fn slot(&self, beat: Beat) -> Option<&Chunk> {
        self.slots[Timeline::index(beat)].as_ref().filter(|chunk| chunk.beat == beat)
    }

    /// What is planned for a beat that has not been decided.
    pub fn planned(&self, beat: Beat) -> Option<&Chunk> {
        self.slot(beat).filter(|_| beat > self.decided)
    }

    /// Opens a revision: chunks written before it are stale from `from` on.
    pub fn revise(&mut self, from: Beat) -> u32 {
        self.revision += 1;
        self.revised_from = from;
        self.revision
    }

    /// Forgets everything that was planned and played; beats before `from` count as decided.
    pub fn clear(&mut self, from: Beat) {
        self.slots.fill(None);
        self.decided = from.plus(-1);
        self.vamping = false;
    }

    /// Takes a chunk in. `section` is what the form plays at its beat.
    ///
    /// # Errors
    /// If it is late or stale; the slot keeps what it held.
    pub fn insert(&mut self, chunk: &Chunk, section: Section) -> Result<(), Refused> {
        if chunk.beat <= self.decided {
            return Err(Refused::Late);
        }
        let newer = self.slot(chunk.beat).is_some_and(|held| held.revision > chunk.revision);
        if newer || chunk.section != section {
            return Err(Refused::Stale);
        }
        self.slots[Timeline::index(chunk.beat)] = Some(*chunk);
        Ok(())
    }

    /// How many beats from the decided one on are filled without a gap.
    pub fn lead(&self) -> i32 {
        (0..SLOTS as i32).take_while(|n| self.slot(self.decided.plus(*n)).is_some()).count() as i32
    }

    /// Decides what plays at a beat: fresh, older, vamp, loop. Later chunks for it are refused.
    pub fn decide(
        &mut self,
        beat: Beat,
        section: Section,
        grid: &Grid,
        loops: &Loops,
        unit_bars: u8,
    ) -> (Option<&Chunk>, Origin) {
        self.decided = beat;
        let origin = self.origin(beat, section);
        let was_vamping = std::mem::replace(&mut self.vamping, origin.is_none());
        if let Some(origin) = origin {
            return (self.slot(beat), origin);
        }
        let cut = if was_vamping { 0 } else { u8::MAX };
        if let Some(chunk) = self.vamp(beat, grid, unit_bars) {
            let chunk = repeated(*chunk, beat, cut);
            return (self.keep(beat, chunk), Origin::Vamp);
        }
        let Some(chunk) = looped(beat, section, grid, loops) else { return (None, Origin::Nothing) };
        // The loop is not kept among what was played, or the vamp would take its first bar up and stay there.
        self.looped = repeated(chunk, beat, cut);
        (Some(&self.looped), Origin::Loop)
    }

    fn origin(&self, beat: Beat, section: Section) -> Option<Origin> {
        let chunk = self.slot(beat).filter(|chunk| chunk.section == section)?;
        let older = chunk.revision < self.revision && beat >= self.revised_from;
        Some(if older { Origin::Older } else { Origin::Fresh })
    }

    fn keep(&mut self, beat: Beat, chunk: Chunk) -> Option<&Chunk> {
        let slot = self.slots[Timeline::index(beat)].insert(chunk);
        slot.beat = beat;
        Some(slot)
    }

    /// The beat of the last groove unit that lies in phase with `beat`; never a fill, break, intro or ending.
    fn vamp(&self, beat: Beat, grid: &Grid, unit_bars: u8) -> Option<&Chunk> {
        let unit = i32::from(unit_bars.max(1)) * grid.meter.beats_per_bar();
        (1..)
            .map(|units| beat.plus(-units * unit))
            .take_while(|past| beat.0 - past.0 < SLOTS as i32 - 8 && *past >= grid.beat)
            .find_map(|past| self.slot(past).filter(|chunk| chunk.section.is_main() && !chunk.ornate))
    }
}

fn looped(beat: Beat, section: Section, grid: &Grid, loops: &Loops) -> Option<Chunk> {
    loops.at(section.level(), beat.0 - grid.beat.0).copied()
}

/// A chunk as it is played again at a beat: without a crash, and cutting what sounds as `cut` says.
fn repeated(mut chunk: Chunk, beat: Beat, cut: u8) -> Chunk {
    chunk.beat = beat;
    chunk.retain(|note| !is_crash(note.role));
    chunk.cut |= cut;
    chunk
}

/// Crash and splash cymbals mark an arrival, so a repeat leaves them out.
fn is_crash(role: Role) -> bool {
    matches!(role, Role::Drum(49 | 52 | 55 | 57))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Anchor, Level, Meter, Note, Part};

    const MAIN: Section = Section::Main(Level::A);
    const FILL: Section = Section::Fill(Level::A);

    fn chunk(beat: i32, revision: u32, section: Section, key: u8) -> Chunk {
        let mut chunk = Chunk::new(Beat(beat), revision, section);
        chunk.push(Note {
            role: Role::Drum(key),
            anchor: Anchor::Now,
            part: Part::Drums,
            position: 0,
            micro: 0,
            velocity: 80,
            length: 100,
        });
        chunk
    }

    fn key(chunk: Option<&Chunk>) -> Option<u8> {
        chunk?.notes().first().map(|note| match note.role {
            Role::Drum(key) => key,
            _ => 0,
        })
    }

    fn decide(timeline: &mut Timeline, beat: i32, section: Section) -> (Option<u8>, Origin) {
        let grid = Grid::new(Meter::COMMON);
        let (chunk, origin) = timeline.decide(Beat(beat), section, &grid, &Loops::default(), 1);
        (key(chunk), origin)
    }

    #[test]
    fn a_newer_revision_replaces_an_older_one_and_not_the_other_way() {
        let mut timeline = Timeline::default();
        assert_eq!(timeline.insert(&chunk(5, 0, MAIN, 36), MAIN), Ok(()));
        timeline.revise(Beat(4));
        assert_eq!(timeline.insert(&chunk(5, 1, MAIN, 38), MAIN), Ok(()));
        assert_eq!(timeline.insert(&chunk(5, 0, MAIN, 40), MAIN), Err(Refused::Stale));
        assert_eq!(decide(&mut timeline, 5, MAIN), (Some(38), Origin::Fresh));
    }

    #[test]
    fn a_late_chunk_is_refused() {
        let mut timeline = Timeline::default();
        decide(&mut timeline, 3, MAIN);
        assert_eq!(timeline.insert(&chunk(3, 0, MAIN, 36), MAIN), Err(Refused::Late));
        assert_eq!(timeline.insert(&chunk(4, 0, MAIN, 36), MAIN), Ok(()));
    }

    #[test]
    fn after_a_cue_an_older_plan_for_the_same_section_still_plays() {
        let mut timeline = Timeline::default();
        timeline.insert(&chunk(2, 0, MAIN, 36), MAIN).unwrap();
        timeline.revise(Beat(1));
        assert_eq!(decide(&mut timeline, 2, MAIN), (Some(36), Origin::Older));
    }

    #[test]
    fn a_vamp_repeats_the_groove_in_phase_and_never_the_fill() {
        let mut timeline = Timeline::default();
        for beat in 0..8 {
            let section = if beat >= 4 { FILL } else { MAIN };
            timeline.insert(&chunk(beat, 0, section, 40 + beat as u8), section).unwrap();
            decide(&mut timeline, beat, section);
        }
        for beat in 8..40 {
            let expected = (Some(40 + (beat % 4) as u8), Origin::Vamp);
            assert_eq!(decide(&mut timeline, beat, FILL), expected, "beat {beat}");
        }
    }

    #[test]
    fn a_vamp_has_no_crash_and_cuts_what_sounds_once() {
        let mut timeline = Timeline::default();
        for beat in 0..4 {
            timeline.insert(&chunk(beat, 0, MAIN, 49), MAIN).unwrap();
            decide(&mut timeline, beat, MAIN);
        }
        let grid = Grid::new(Meter::COMMON);
        let (first, _) = timeline.decide(Beat(4), MAIN, &grid, &Loops::default(), 1);
        assert_eq!(first.map(|c| (c.cut, c.notes().len())), Some((u8::MAX, 0)));
        let (second, _) = timeline.decide(Beat(5), MAIN, &grid, &Loops::default(), 1);
        assert_eq!(second.map(|c| c.cut), Some(0));
    }

    #[test]
    fn with_no_past_the_loop_plays() {
        let mut loops = Loops::default();
        loops.mains[0] = (0..4).map(|beat| chunk(beat, 0, MAIN, 60 + beat as u8)).collect();
        let grid = Grid::new(Meter::COMMON);
        let mut timeline = Timeline::default();
        let (played, origin) = timeline.decide(Beat(6), FILL, &grid, &loops, 1);
        assert_eq!((key(played), origin), (Some(62), Origin::Loop));
    }
}
