//! Tiny scores for the judges: notes in ticks, 960 to a beat.

use engine::{Chord, Frame, Level, Meter, Part, Quality, Section, Sounded, SoundedKind, Tick};

use crate::support::judge::{Band, Sounding, score};

/// A bar of four quarters.
pub const BAR: Tick = 3840;
/// A beat.
pub const BEAT: Tick = 960;

/// A note at velocity 90.
pub fn note(part: Part, key: u8, on: Tick, length: Tick) -> Sounding {
    Sounding { part, key, velocity: 90, on, off: on + length, moved: false }
}

/// Drum strokes of one piece.
pub fn hits(key: u8, velocity: u8, ticks: impl IntoIterator<Item = Tick>) -> Vec<Sounding> {
    ticks.into_iter().map(|on| Sounding { velocity, ..note(Part::Drums, key, on, 60) }).collect()
}

/// A band in 4/4 in main A over the chords given by bar.
pub fn band(notes: impl IntoIterator<Item = Sounding>, chords: &[(Tick, Chord)]) -> Band {
    let chords = chords.iter().map(|&(tick, chord)| (tick, Some(chord))).collect();
    Band::new(Meter::COMMON, notes, chords, vec![(0, Section::Main(Level::A))])
}

/// C major.
pub const C: Chord = Chord::new(0, Quality::Maj);
/// F seventh.
pub const F7: Chord = Chord::new(5, Quality::Dom7);

#[test]
fn notes_are_paired_and_a_move_is_no_strike() {
    let at = |frame: Frame, kind| Sounded { frame, tick: frame as Tick * 10, kind };
    let on = |key, moved| SoundedKind::On { part: Part::Pads, key, velocity: 80, moved };
    let heard = [
        at(0, SoundedKind::Meter(Meter::new(3, 4).unwrap())),
        at(0, SoundedKind::Section(Section::Main(Level::B))),
        at(1, on(60, false)),
        at(5, SoundedKind::Chord { chord: Some(F7), since: 40 }),
        at(6, SoundedKind::Off { part: Part::Pads, key: 60 }),
        at(6, on(63, true)),
        at(8, SoundedKind::On { part: Part::Lead, key: 70, velocity: 1, moved: false }),
        at(20, SoundedKind::AllOff),
    ];
    let band = Band::collect(&heard);
    let spans: Vec<_> = band.notes.iter().map(|n| (n.key, n.on, n.off, n.moved)).collect();
    assert_eq!(spans, [(60, 10, 60, false), (63, 60, 200, true)]);
    assert_eq!(band.struck(Part::Pads).count(), 1);
    assert_eq!((band.performer.len(), band.performer[0].off, band.bar()), (1, 200, 2880));
    assert_eq!(band.spans(), [(40, 200, F7)]);
    assert_eq!(band.section_at(100), Section::Main(Level::B));
}

#[test]
fn a_midi_file_becomes_the_same_band() {
    use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};
    let meta = |delta: u32, meta| TrackEvent { delta: delta.into(), kind: TrackEventKind::Meta(meta) };
    let midi = |delta: u32, message| TrackEvent {
        delta: delta.into(),
        kind: TrackEventKind::Midi { channel: 0.into(), message },
    };
    let mut smf = Smf::new(Header::new(Format::Parallel, Timing::Metrical(480.into())));
    let end = || meta(0, MetaMessage::EndOfTrack);
    smf.tracks.push(vec![meta(0, MetaMessage::TimeSignature(6, 3, 24, 8)), end()]);
    smf.tracks.push(vec![
        meta(0, MetaMessage::TrackName(b"bass")),
        midi(480, MidiMessage::NoteOn { key: 40.into(), vel: 70.into() }),
        midi(240, MidiMessage::NoteOn { key: 40.into(), vel: 0.into() }),
        end(),
    ]);
    smf.tracks.push(vec![
        meta(0, MetaMessage::TrackName(b"chords")),
        meta(0, MetaMessage::Marker(b"main_c")),
        meta(480, MetaMessage::Marker(b"F7")),
        end(),
    ]);
    let mut file = Vec::new();
    smf.write_std(&mut file).unwrap();
    let band = score::read(&file).unwrap();
    assert_eq!(band.notes, [Sounding { velocity: 70, ..note(Part::Bass, 40, 960, 480) }]);
    assert_eq!((band.bar(), band.chord_at(960)), (2880, Some(F7)));
    assert_eq!(band.section_at(0), Section::Main(Level::C));
}
