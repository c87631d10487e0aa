//! Reads a performance from the MIDI file that the program wrote.

use engine::{Chord, Meter, Part, Quality, Section, Tick};
use midly::{MetaMessage, MidiMessage, Smf, TrackEventKind};

use super::{Band, Sounding};

/// A performance from a type 1 file with the tracks `performer drums bass comp pads` and `chords`.
///
/// A note that begins where another of its part ends, at a change of chord, counts as struck: the file cannot
/// tell. Panics where the file is not what was promised.
pub fn read(file: &[u8]) -> Band {
    let smf = Smf::parse(file).expect("a standard MIDI file");
    let midly::Timing::Metrical(quarter) = smf.header.timing else { panic!("ticks are musical") };
    let scale = 960.0 / f64::from(quarter.as_int());
    let (mut notes, mut chords, mut sections, mut meter) = (Vec::new(), Vec::new(), Vec::new(), None);
    for track in &smf.tracks {
        let mut part = None;
        let (mut now, mut open) = (0_u64, Vec::<Sounding>::new());
        for event in track {
            now += u64::from(event.delta.as_int());
            let tick = (now as f64 * scale).round() as Tick;
            match event.kind {
                TrackEventKind::Meta(MetaMessage::TrackName(name)) => part = part_named(name),
                TrackEventKind::Meta(MetaMessage::TimeSignature(n, d, ..)) => {
                    meter = meter.or(Meter::new(n, 1 << d))
                }
                TrackEventKind::Meta(MetaMessage::Marker(text) | MetaMessage::Text(text)) => {
                    let text = String::from_utf8_lossy(text);
                    match section(&text) {
                        Some(section) => sections.push((tick, section)),
                        None => chords.push((tick, chord(&text))),
                    }
                }
                TrackEventKind::Midi { message, .. } => {
                    let part = part.expect("a track of notes has the name of a part");
                    take(message, part, tick, &mut open, &mut notes);
                }
                _ => {}
            }
        }
        assert!(open.is_empty(), "notes hang: {open:?}");
    }
    Band::new(meter.unwrap_or(Meter::COMMON), notes, chords, sections)
}

/// The chord of a symbol: `F#m7b5/C`. `None` for `N.C.` and for what is no chord.
pub fn chord(symbol: &str) -> Option<Chord> {
    let (symbol, bass) = symbol.trim().rsplit_once('/').map_or((symbol.trim(), None), |(a, b)| (a, Some(b)));
    let (root, quality) = pitch_class(symbol)?;
    let quality = Quality::all().find(|q| q.symbol() == quality)?;
    let chord = Chord::new(root, quality);
    match bass {
        None => Some(chord),
        Some(bass) => pitch_class(bass).filter(|(_, rest)| rest.is_empty()).map(|(bass, _)| chord.over(bass)),
    }
}

/// The pitch class that a name begins with, and what follows it.
fn pitch_class(name: &str) -> Option<(u8, &str)> {
    let natural =
        [9, 11, 0, 2, 4, 5, 7][usize::from(name.bytes().next()?.checked_sub(b'A').filter(|n| *n < 7)?)];
    let rest = &name[1..];
    match rest.as_bytes().first() {
        Some(b'#') => Some(((natural + 1) % 12, &rest[1..])),
        Some(b'b') => Some(((natural + 11) % 12, &rest[1..])),
        _ => Some((natural, rest)),
    }
}

fn section(name: &str) -> Option<Section> {
    use engine::Level;
    let levels = Level::ALL.into_iter();
    let all = levels.flat_map(|l| {
        [Section::Intro(l), Section::Main(l), Section::Fill(l), Section::Break(l), Section::Ending(l)]
    });
    all.chain([Section::Stopped]).find(|section| section.name() == name)
}

fn part_named(name: &[u8]) -> Option<Part> {
    let name = std::str::from_utf8(name).ok()?;
    if name == "performer" { Some(Part::Lead) } else { Part::named(name) }
}

fn take(message: MidiMessage, part: Part, tick: Tick, open: &mut Vec<Sounding>, notes: &mut Vec<Sounding>) {
    let (key, velocity) = match message {
        MidiMessage::NoteOn { key, vel } => (key.as_int(), vel.as_int()),
        MidiMessage::NoteOff { key, .. } => (key.as_int(), 0),
        _ => return,
    };
    if velocity > 0 {
        open.push(Sounding { part, key, velocity, on: tick, off: tick, moved: false });
    } else if let Some(i) = open.iter().position(|note| note.key == key) {
        notes.push(Sounding { off: tick, ..open.remove(i) });
    }
}
