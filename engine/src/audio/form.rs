//! The form: which section plays, and which one takes over when. Runs on the audio thread.

use crate::{Beat, Cue, Grid, Level, Section};

/// Changes of section that may be pending at once: fill, main; or intro, main; or ending, stop.
const PENDING: usize = 3;

/// How long a rig's own sections are, in bars.
#[derive(Clone, Copy, Debug)]
pub struct Lengths {
    /// Bars of the intro.
    pub intro: u8,
    /// Bars of the break.
    pub break_: u8,
    /// Bars of the ending.
    pub ending: u8,
}

/// What plays, and what is to come. While the band rests, the plan from its start on is pending.
#[derive(Debug, Default)]
pub struct Form {
    now: Section,
    pending: [Option<(Beat, Section)>; PENDING],
    /// Whether a start begins with the intro.
    intro: bool,
    level: Level,
}

impl Form {
    /// What plays now.
    pub fn now(&self) -> Section {
        self.now
    }

    /// The next change, if one is pending.
    pub fn next(&self) -> Option<(Beat, Section)> {
        self.pending[0]
    }

    /// Every pending change, in order.
    pub fn pending(&self) -> impl Iterator<Item = (Beat, Section)> {
        self.pending.into_iter().flatten()
    }

    /// What will play at a beat that has not come yet.
    pub fn at(&self, beat: Beat) -> Section {
        self.pending().take_while(|(from, _)| *from <= beat).last().map_or(self.now, |(_, section)| section)
    }

    /// Rests, and plans what plays from `beat` on once the band starts: the intro if it is armed, and the main.
    pub fn rest(&mut self, beat: Beat, grid: &Grid, lengths: Lengths) {
        self.now = Section::Stopped;
        let main = Section::Main(self.level);
        self.pending = [Some((beat, main)), None, None];
        if std::mem::take(&mut self.intro) {
            let end = grid.bar_start(grid.place(beat).0 + i32::from(lengths.intro));
            self.pending = [Some((beat, Section::Intro(self.level))), Some((end, main)), None];
        }
    }

    /// Takes in what is asked for while the playhead is in `beat`. Returns the first beat whose plan changed.
    ///
    /// A fill and a break begin with the next beat and end on the bar line; in the last beat of a bar they wait
    /// for the line and are a whole bar. While the band rests, an intro and a main are armed for the start.
    pub fn cue(
        &mut self,
        cue: Cue,
        beat: Beat,
        grid: &Grid,
        lengths: Lengths,
        auto_fill: bool,
    ) -> Option<Beat> {
        if self.now == Section::Stopped {
            return self.arm(cue, grid, lengths);
        }
        let soon = beat.plus(1);
        let bar = grid.next_bar(soon);
        let (from, to) = (soon, grid.next_bar(soon.plus(1)));
        let level = self.at(bar).level();
        self.pending = match cue {
            Cue::Main(level) => self.change(level, soon, bar, auto_fill),
            Cue::Fill => [Some((from, Section::Fill(level))), Some((to, Section::Main(level))), None],
            Cue::Break => {
                let to = grid.bar_start(grid.place(to).0 + i32::from(lengths.break_.max(1)) - 1);
                [Some((from, Section::Break(level))), Some((to, Section::Main(level))), None]
            }
            Cue::Intro => {
                let main = grid.bar_start(grid.place(bar).0 + i32::from(lengths.intro));
                [Some((bar, Section::Intro(level))), Some((main, Section::Main(level))), None]
            }
            Cue::Ending => {
                let stop = grid.bar_start(grid.place(bar).0 + i32::from(lengths.ending));
                [Some((bar, Section::Ending(level))), Some((stop, Section::Stopped)), None]
            }
        };
        self.pending[0].map(|(from, _)| from)
    }

    fn change(
        &self,
        level: Level,
        soon: Beat,
        bar: Beat,
        auto_fill: bool,
    ) -> [Option<(Beat, Section)>; PENDING] {
        let main = Some((bar, Section::Main(level)));
        if auto_fill && soon < bar && self.now != Section::Main(level) {
            [Some((soon, Section::Fill(level))), main, None]
        } else {
            [main, None, None]
        }
    }

    fn arm(&mut self, cue: Cue, grid: &Grid, lengths: Lengths) -> Option<Beat> {
        match cue {
            Cue::Main(level) => self.level = level,
            Cue::Intro => self.intro = true,
            Cue::Fill | Cue::Break | Cue::Ending => return None,
        }
        let from = self.pending[0].map_or(grid.beat, |(from, _)| from);
        self.rest(from, grid, lengths);
        Some(from)
    }

    /// Moves on as the playhead enters `beat`; returns the section that begins here, if one does.
    pub fn enter(&mut self, beat: Beat) -> Option<Section> {
        let mut begun = None;
        while let Some((from, section)) = self.pending[0]
            && from <= beat
        {
            self.pending.rotate_left(1);
            self.pending[PENDING - 1] = None;
            self.now = section;
            begun = Some(section);
        }
        if let Some(Section::Main(level)) = begun {
            self.level = level;
        }
        begun
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Meter;

    const LENGTHS: Lengths = Lengths { intro: 2, break_: 1, ending: 2 };

    fn started() -> (Form, Grid) {
        let (mut form, grid) = (Form::default(), Grid::new(Meter::COMMON));
        form.rest(Beat(0), &grid, LENGTHS);
        form.enter(Beat(0));
        (form, grid)
    }

    #[test]
    fn a_main_takes_over_at_the_next_bar_after_a_fill() {
        let (mut form, grid) = started();
        assert_eq!(form.cue(Cue::Main(Level::C), Beat(1), &grid, LENGTHS, true), Some(Beat(2)));
        assert_eq!(form.at(Beat(1)), Section::Main(Level::A));
        assert_eq!(form.at(Beat(3)), Section::Fill(Level::C));
        assert_eq!(form.at(Beat(4)), Section::Main(Level::C));
        assert_eq!((form.enter(Beat(2)), form.enter(Beat(3))), (Some(Section::Fill(Level::C)), None));
        assert_eq!(form.enter(Beat(4)), Some(Section::Main(Level::C)));
    }

    #[test]
    fn without_auto_fill_the_change_is_bare() {
        let (mut form, grid) = started();
        form.cue(Cue::Main(Level::B), Beat(1), &grid, LENGTHS, false);
        assert_eq!(form.next(), Some((Beat(4), Section::Main(Level::B))));
    }

    #[test]
    fn a_fill_in_the_last_beat_waits_and_is_a_whole_bar() {
        let (mut form, grid) = started();
        form.cue(Cue::Fill, Beat(3), &grid, LENGTHS, true);
        assert_eq!(form.at(Beat(4)), Section::Fill(Level::A));
        assert_eq!(form.at(Beat(7)), Section::Fill(Level::A));
        assert_eq!(form.at(Beat(8)), Section::Main(Level::A));
    }

    #[test]
    fn an_intro_leads_into_its_main_and_an_ending_stops() {
        let (mut form, grid) = (Form::default(), Grid::new(Meter::COMMON));
        form.cue(Cue::Main(Level::B), Beat(0), &grid, LENGTHS, true);
        form.cue(Cue::Intro, Beat(0), &grid, LENGTHS, true);
        form.enter(Beat(0));
        assert_eq!(form.now(), Section::Intro(Level::B));
        assert_eq!(form.at(Beat(8)), Section::Main(Level::B));
        form.enter(Beat(8));
        form.cue(Cue::Ending, Beat(9), &grid, LENGTHS, true);
        assert_eq!(form.at(Beat(12)), Section::Ending(Level::B));
        assert_eq!(form.at(Beat(20)), Section::Stopped);
    }
}
