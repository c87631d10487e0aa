//! What sounded as a standard MIDI file: a track for each part, tempo map, meter, chords and sections as markers.

use std::io;

use midly::num::{u4, u7, u15, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, Track, TrackEvent, TrackEventKind};

use super::tempo_map::{Mark, conductor};
use crate::{Meter, Part, Sounded, SoundedKind, TICKS_PER_QUARTER, Tick};

/// The parts that have a track: name, part, and the channel that hardware expects it on, from 0.
const TRACKS: [(&str, Part, u8); 5] = [
    ("performer", Part::Lead, 0),
    ("drums", Part::Drums, 9),
    ("bass", Part::Bass, 10),
    ("comp", Part::Comp, 11),
    ("pads", Part::Pads, 13),
];

/// The tick before which a jump back is the disorder of one block, and not a new start of the band.
const NEW_START: Tick = TICKS_PER_QUARTER;

/// Collects what sounds, and writes it as a file of type 1 with 960 ticks a quarter.
///
/// Tick 0 of the file is a bar line: bar 1, or the first bar of a count-in in which something sounds. When the
/// band starts again, its first bar follows the last one.
#[derive(Debug)]
pub struct MidiWriter {
    tracks: [Vec<(Tick, MidiMessage)>; TRACKS.len()],
    /// How often each key of each track has been struck and not released.
    held: [[u8; 128]; TRACKS.len()],
    chords: Vec<(Tick, String)>,
    sections: Vec<(Tick, &'static str)>,
    map: Vec<(Tick, Mark)>,
    /// The meter, and a bar line from which on it holds.
    meter: (Tick, Meter),
    /// The last tick of the band, and of the file.
    last: (Tick, Tick),
    /// What is added to the band's ticks.
    offset: Tick,
}

impl Default for MidiWriter {
    fn default() -> MidiWriter {
        MidiWriter {
            tracks: Default::default(),
            held: [[0; 128]; TRACKS.len()],
            chords: Vec::new(),
            sections: Vec::new(),
            map: Vec::new(),
            meter: (0, Meter::COMMON),
            last: (Tick::MIN, 0),
            offset: 0,
        }
    }
}

impl MidiWriter {
    /// Takes in what sounded; call it in the order of the frames.
    pub fn write(&mut self, sounded: &Sounded) {
        let tick = self.place(sounded.tick);
        match sounded.kind {
            SoundedKind::On { part, key, velocity, .. } => self.on(part, tick, key, velocity),
            SoundedKind::Off { part, key } => self.off(part, tick, key),
            SoundedKind::Program { part, program } => {
                let message = MidiMessage::ProgramChange { program: u7::from(program & 127) };
                self.tracks
                    .iter_mut()
                    .zip(TRACKS)
                    .filter(|(_, (_, with, _))| *with == part)
                    .for_each(|(track, _)| track.push((tick, message)));
            }
            SoundedKind::Controller { number, value } => {
                let (controller, value) = (u7::from(number & 127), u7::from(value & 127));
                self.tracks[0].push((tick, MidiMessage::Controller { controller, value }));
            }
            SoundedKind::Chord { chord, since } => {
                let name = chord.map_or_else(|| "N.C.".to_owned(), |chord| chord.to_string());
                if self.chords.last().is_none_or(|(_, last)| *last != name) {
                    self.chords.push((since + self.offset, name));
                }
            }
            SoundedKind::Section(section) => self.sections.push((tick, section.name())),
            SoundedKind::Tempo(bpm) => self.map.push((tick, Mark::Tempo(bpm))),
            SoundedKind::Meter(meter) => {
                self.meter = (tick, meter);
                self.map.push((tick, Mark::Meter(meter)));
            }
            SoundedKind::AllOff => self.all_off(tick),
        }
    }

    /// The place in the file of a tick of the band.
    fn place(&mut self, tick: Tick) -> Tick {
        let (last, end) = self.last;
        if last > tick.saturating_add(NEW_START) {
            let (line, meter) = self.meter;
            let bar = meter.ticks_per_bar();
            let next_bar = line - (line - end).div_euclid(bar) * bar;
            self.offset = next_bar - tick.div_euclid(bar) * bar;
            self.meter.0 = next_bar;
        }
        let place = tick + self.offset;
        self.last = (tick, end.max(place));
        place
    }

    fn on(&mut self, part: Part, tick: Tick, key: u8, velocity: u8) {
        let Some((track, key)) = track_of(part).zip(u7::try_from(key)) else { return };
        let held = &mut self.held[track][usize::from(key.as_int())];
        if *held > 0 {
            // A player of the file would let the first release end both.
            self.tracks[track].push((tick, MidiMessage::NoteOff { key, vel: u7::from(0) }));
        }
        *held = held.saturating_add(1);
        self.tracks[track].push((tick, MidiMessage::NoteOn { key, vel: u7::from(velocity.clamp(1, 127)) }));
    }

    fn off(&mut self, part: Part, tick: Tick, key: u8) {
        let Some((track, key)) = track_of(part).zip(u7::try_from(key)) else { return };
        let held = &mut self.held[track][usize::from(key.as_int())];
        if *held == 1 {
            self.tracks[track].push((tick, MidiMessage::NoteOff { key, vel: u7::from(0) }));
        }
        *held = held.saturating_sub(1);
    }

    fn all_off(&mut self, tick: Tick) {
        for (track, held) in self.tracks.iter_mut().zip(&mut self.held) {
            track.extend(releases(held).map(|message| (tick, message)));
            *held = [0; 128];
        }
    }

    /// The file as it is now; notes that still sound end with it.
    ///
    /// # Errors
    /// It has grown beyond what a MIDI file can hold.
    pub fn bytes(&self) -> io::Result<Vec<u8>> {
        let (shift, end) = self.span();
        let mut smf =
            Smf::new(Header::new(Format::Parallel, Timing::Metrical(u15::from(TICKS_PER_QUARTER as u16))));
        smf.tracks.push(track("sideman", shift, end, conductor(&self.map, -shift)));
        for (i, (name, _, channel)) in TRACKS.into_iter().enumerate() {
            let tail = releases(&self.held[i]).map(|message| (end, message));
            let messages = self.tracks[i].iter().copied().chain(tail);
            let channel = u4::from(channel);
            let events = messages.map(|(tick, message)| (tick, TrackEventKind::Midi { channel, message }));
            smf.tracks.push(track(name, shift, end, events.collect()));
        }
        let chords = self.chords.iter().map(|(tick, name)| (*tick, marker(name)));
        smf.tracks.push(track("chords", shift, end, chords.collect()));
        let sections = self.sections.iter().map(|(tick, name)| (*tick, marker(name)));
        smf.tracks.push(track("sections", shift, end, sections.collect()));
        let mut bytes = Vec::new();
        smf.write_std(&mut bytes)?;
        Ok(bytes)
    }

    /// How far everything moves so that the file begins with a bar, and the last tick before that.
    fn span(&self) -> (Tick, Tick) {
        let notes = self.tracks.iter().flatten().map(|(tick, _)| *tick);
        let chords = self.chords.iter().map(|(tick, _)| *tick);
        let first = notes.chain(chords).chain(self.sections.iter().map(|(tick, _)| *tick)).min().unwrap_or(0);
        let meter = self.map.iter().find_map(|(_, mark)| match mark {
            Mark::Meter(meter) => Some(*meter),
            Mark::Tempo(_) => None,
        });
        let bar = meter.unwrap_or(Meter::COMMON).ticks_per_bar();
        (-first.min(0).div_euclid(bar) * bar, self.last.1)
    }
}

fn track_of(part: Part) -> Option<usize> {
    TRACKS.iter().position(|(_, with, _)| *with == part)
}

fn releases(held: &[u8; 128]) -> impl Iterator<Item = MidiMessage> {
    let keys = (0..128u8).zip(held).filter(|(_, count)| **count > 0);
    keys.map(|(key, _)| MidiMessage::NoteOff { key: u7::from(key), vel: u7::from(0) })
}

fn marker(name: &str) -> TrackEventKind<'_> {
    TrackEventKind::Meta(MetaMessage::Marker(name.as_bytes()))
}

/// A track from events at ticks, which may be in disorder.
fn track<'a>(
    name: &'a str,
    shift: Tick,
    end: Tick,
    mut events: Vec<(Tick, TrackEventKind<'a>)>,
) -> Track<'a> {
    events.sort_by_key(|(tick, _)| *tick);
    let begin = (-shift, TrackEventKind::Meta(MetaMessage::TrackName(name.as_bytes())));
    let end = (end, TrackEventKind::Meta(MetaMessage::EndOfTrack));
    let mut now = -shift;
    let all = std::iter::once(begin).chain(events).chain(std::iter::once(end));
    all.map(|(tick, kind)| {
        let delta = (tick - now).clamp(0, (1 << 28) - 1);
        now += delta;
        TrackEvent { delta: u28::from(delta as u32), kind }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Chord, Level, Quality, Section};

    fn write(all: &[(Tick, SoundedKind)]) -> Vec<u8> {
        let mut midi = MidiWriter::default();
        all.iter().for_each(|&(tick, kind)| midi.write(&Sounded { frame: 0, tick, kind }));
        midi.bytes().unwrap()
    }

    fn on(part: Part, key: u8) -> SoundedKind {
        SoundedKind::On { part, key, velocity: 90, moved: false }
    }

    fn off(part: Part, key: u8) -> SoundedKind {
        SoundedKind::Off { part, key }
    }

    /// Every event of a track with its tick, as text.
    fn track(bytes: &[u8], name: &str) -> Vec<(u32, String)> {
        let smf = Smf::parse(bytes).unwrap();
        let named = |track: &&Track<'_>| matches!(track[0].kind, TrackEventKind::Meta(MetaMessage::TrackName(n)) if n == name.as_bytes());
        let mut tick = 0;
        let mut events = Vec::new();
        for event in smf.tracks.iter().find(named).unwrap().iter().skip(1) {
            tick += event.delta.as_int();
            let text = match event.kind {
                TrackEventKind::Midi { message: MidiMessage::NoteOn { key, .. }, .. } => format!("on {key}"),
                TrackEventKind::Midi { message: MidiMessage::NoteOff { key, .. }, .. } => {
                    format!("off {key}")
                }
                TrackEventKind::Meta(MetaMessage::Marker(text)) => String::from_utf8_lossy(text).into(),
                TrackEventKind::Meta(MetaMessage::Tempo(tempo)) => format!("tempo {tempo}"),
                TrackEventKind::Meta(MetaMessage::TimeSignature(n, d, ..)) => format!("meter {n}/{}", 1 << d),
                _ => continue,
            };
            events.push((tick, text));
        }
        events
    }

    fn texts(events: &[(u32, &str)]) -> Vec<(u32, String)> {
        events.iter().map(|(tick, text)| (*tick, (*text).to_owned())).collect()
    }

    #[test]
    fn each_track_names_the_sound_of_its_part() {
        let bytes = write(&[
            (0, SoundedKind::Program { part: Part::Bass, program: 32 }),
            (0, on(Part::Bass, 36)),
            (960, SoundedKind::Program { part: Part::Bass, program: 38 }),
        ]);
        let smf = Smf::parse(&bytes).unwrap();
        let programs = smf.tracks.iter().flatten().filter_map(|event| match event.kind {
            TrackEventKind::Midi { channel, message: MidiMessage::ProgramChange { program } } => {
                Some((channel.as_int(), program.as_int()))
            }
            _ => None,
        });
        assert_eq!(programs.collect::<Vec<_>>(), [(10, 32), (10, 38)]);
    }

    #[test]
    fn each_part_has_its_track_and_chords_are_markers_where_they_began() {
        let chord = Chord::new(6, Quality::HalfDim).over(0);
        let bytes = write(&[
            (0, on(Part::Lead, 60)),
            (0, on(Part::Click, 76)),
            (480, on(Part::Bass, 36)),
            (500, SoundedKind::Chord { chord: Some(chord), since: 470 }),
            (960, off(Part::Lead, 60)),
            (1440, off(Part::Bass, 36)),
            (1500, SoundedKind::Chord { chord: None, since: 1480 }),
            (1600, SoundedKind::Section(Section::Fill(Level::B))),
        ]);
        assert_eq!(track(&bytes, "performer"), texts(&[(0, "on 60"), (960, "off 60")]));
        assert_eq!(track(&bytes, "bass"), texts(&[(480, "on 36"), (1440, "off 36")]));
        assert_eq!(track(&bytes, "chords"), texts(&[(470, "F#m7b5/C"), (1480, "N.C.")]));
        assert_eq!(track(&bytes, "sections"), texts(&[(1600, "fill_b")]));
        assert_eq!(track(&bytes, "sideman"), texts(&[(0, "meter 4/4"), (0, "tempo 500000")]));
    }

    #[test]
    fn a_count_in_moves_the_file_by_whole_bars() {
        let three = Meter::new(3, 4).unwrap();
        let bytes = write(&[
            (-5760, SoundedKind::Meter(three)),
            (-5760, SoundedKind::Tempo(60.0)),
            (-100, on(Part::Lead, 60)),
            (0, on(Part::Drums, 36)),
        ]);
        assert_eq!(track(&bytes, "drums")[0], (2880, "on 36".into()));
        assert_eq!(track(&bytes, "performer")[0], (2780, "on 60".into()));
        assert_eq!(track(&bytes, "sideman"), texts(&[(0, "meter 3/4"), (0, "tempo 1000000")]));
    }

    #[test]
    fn the_tempo_of_a_compound_meter_is_told_in_quarters() {
        let bytes = write(&[
            (0, SoundedKind::Tempo(90.0)),
            (3840, SoundedKind::Meter(Meter::new(6, 8).unwrap())),
            (3840, SoundedKind::Tempo(60.0)),
        ]);
        let expected = [(0, "meter 4/4"), (0, "tempo 666667"), (3840, "meter 6/8"), (3840, "tempo 666667")];
        assert_eq!(track(&bytes, "sideman"), texts(&expected[..3]));
        let same_bpm =
            write(&[(0, SoundedKind::Tempo(90.0)), (3840, SoundedKind::Meter(Meter::new(6, 8).unwrap()))]);
        assert_eq!(track(&same_bpm, "sideman")[3], (3840, "tempo 444444".into()));
    }

    #[test]
    fn a_key_struck_twice_ends_with_its_last_release_and_open_notes_end_with_the_file() {
        let part = Part::Comp;
        let bytes = write(&[
            (0, on(part, 60)),
            (10, on(part, 60)),
            (20, off(part, 60)),
            (30, off(part, 60)),
            (40, on(part, 64)),
        ]);
        let expected =
            [(0, "on 60"), (10, "off 60"), (10, "on 60"), (30, "off 60"), (40, "on 64"), (40, "off 64")];
        assert_eq!(track(&bytes, "comp"), texts(&expected));
    }

    #[test]
    fn a_band_that_starts_again_goes_on_at_the_next_bar() {
        let drum = on(Part::Drums, 36);
        let bytes = write(&[(0, drum), (5000, drum), (5000, SoundedKind::AllOff), (0, drum), (3840, drum)]);
        let ons: Vec<u32> = track(&bytes, "drums")
            .iter()
            .filter(|(_, text)| text == "on 36")
            .map(|(tick, _)| *tick)
            .collect();
        assert_eq!(ons, [0, 5000, 7680, 11_520]);
    }
}
