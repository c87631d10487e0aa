//! What was counted in the corpus, relative to the key: how chords follow each other, and which notes they bear.
//! Written by `models/src/bin/melody_tables.rs`, read once, before the audio thread starts.

use super::states::STATES;

/// Kinds of music that were counted apart, in the order of the file: pop, songbook, improvised jazz, bands.
pub const STYLES: usize = 4;

/// The tables that are inside.
static INSIDE: &[u8] = include_bytes!("tables.bin");

/// Steps of a byte in a natural logarithm: a probability is known to three hundredths.
const STEPS: f32 = 16.0;

/// Where in a bar a beat lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The first beat.
    Bar,
    /// The middle of a bar that has one.
    Half,
    /// Any other.
    Weak,
}

impl Place {
    /// The place of a beat, counted from 0, in a bar of so many.
    pub fn of(beat: i32, beats_per_bar: i32) -> Place {
        match beat {
            0 => Place::Bar,
            _ if 2 * beat == beats_per_bar => Place::Half,
            _ => Place::Weak,
        }
    }
}

/// How a note of the melody is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// It begins, off the beat.
    Struck,
    /// It begins on a beat.
    OnBeat,
    /// It sounds.
    Held,
}

/// What was counted in one kind of music. Chords are numbered from the tonic of the relative major key.
#[derive(Clone, Debug)]
pub struct Style {
    /// How often each chord is heard; sums to 1.
    pub first: [f32; STATES],
    /// Which chord comes after each; each row sums to 1, and no chord follows itself.
    pub change: Vec<[f32; STATES]>,
    /// How often the chord changes at each [`Place`].
    pub moves: [f32; 3],
    /// For each [`Sound`] and chord the notes over it, from the tonic; each row sums to 1.
    pub notes: [Vec<[f32; 12]>; 3],
}

impl Style {
    /// Bytes of a style in a file.
    const BYTES: usize = STATES + STATES * STATES + 3 + 3 * STATES * 12;

    /// All its numbers, in the order of the file.
    fn numbers(&self) -> impl Iterator<Item = f32> {
        let rows = self.change.iter().flatten();
        let notes = self.notes.iter().flatten().flatten();
        self.first.iter().chain(rows).chain(&self.moves).chain(notes).copied()
    }

    fn read(bytes: &[u8]) -> Style {
        let mut numbers = bytes.iter().map(|byte| (-f32::from(*byte) / STEPS).exp());
        let mut next = || numbers.next().unwrap_or_default();
        let first = normal(std::array::from_fn(|_| next()));
        let change = (0..STATES).map(|from| {
            let row: [f32; STATES] = std::array::from_fn(|_| next());
            normal(std::array::from_fn(|to| if to == from { 0.0 } else { row[to] }))
        });
        let change = change.collect();
        let moves = std::array::from_fn(|_| next());
        let mut rows = || (0..STATES).map(|_| normal(std::array::from_fn(|_| next()))).collect();
        Style { first, change, moves, notes: [rows(), rows(), rows()] }
    }
}

/// A row that sums to 1.
fn normal<const N: usize>(row: [f32; N]) -> [f32; N] {
    let sum: f32 = row.iter().sum();
    row.map(|number| number / sum)
}

/// The styles of a file, or of what is inside.
///
/// Allocates. Thread: any but audio. Real-time: no.
pub fn inside() -> Vec<Style> {
    read(INSIDE)
}

/// The styles in these bytes; what is missing has no style.
pub fn read(bytes: &[u8]) -> Vec<Style> {
    bytes.chunks_exact(Style::BYTES).map(Style::read).collect()
}

/// The bytes of these styles: a probability is a byte, 16 times its natural logarithm.
pub fn write(styles: &[Style]) -> Vec<u8> {
    let byte = |number: f32| (-number.ln() * STEPS).round().clamp(0.0, 255.0) as u8;
    styles.iter().flat_map(Style::numbers).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_is_written_as_it_was_read() {
        let styles = inside();
        assert_eq!(styles.len(), STYLES);
        assert_eq!(INSIDE.len(), STYLES * Style::BYTES);
        let again = read(&write(&styles));
        for (style, again) in styles.iter().zip(&again) {
            let near = |(a, b): (f32, f32)| (a - b).abs() <= 0.07 * a + 1e-6;
            assert!(style.numbers().zip(again.numbers()).all(near));
        }
    }

    #[test]
    fn chords_change_more_often_on_bars_than_on_weak_beats_and_a_third_is_at_home_in_its_chord() {
        for style in inside() {
            assert!(style.moves[0] > style.moves[2], "{:?}", style.moves);
            let tonic = style.notes[Sound::OnBeat as usize][0];
            assert!(tonic[4] > 2.0 * tonic[1] && tonic[0] > 2.0 * tonic[1], "{tonic:?}");
        }
    }
}
