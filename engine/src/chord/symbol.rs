//! How chords are written and read: `F#m7b5/C`, `N.C.`

use std::fmt;

use super::{Chord, Quality};

/// The roots as they are written.
static ROOTS: [&str; 12] = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

/// How a suffix may begin, longest first, and what it then means.
#[rustfmt::skip]
static HEADS: [(&str, &str); 26] = [
    ("madd", "madd"), ("major", "maj"), ("Major", "maj"), ("maj", "maj"), ("Maj", "maj"), ("MAJ", "maj"),
    ("minor", "m"), ("min", "m"), ("Min", "m"), ("MIN", "m"), ("mi", "m"), ("ma", "maj"), ("Ma", "maj"),
    ("M", "maj"), ("Δ", "Δ"), ("m", "m"), ("-", "m"), ("ø7", "m7b5"), ("ø", "m7b5"), ("°", "dim"),
    ("omit", "omit"), ("o", "dim"), ("+", "aug"), ("dom", ""), ("aug", "aug"), ("dim", "dim"),
];

/// Other spellings. Alterations that the table of qualities lacks become the nearest one that it has.
#[rustfmt::skip]
static ALIASES: [(&str, Quality); 44] = [
    ("maj", Quality::Maj), ("maj6", Quality::Six), ("maj69", Quality::SixNine), ("6add9", Quality::SixNine),
    ("m6add9", Quality::Min69), ("2", Quality::Add9), ("add2", Quality::Add9), ("majadd9", Quality::Add9),
    ("madd2", Quality::MinAdd9), ("4", Quality::Sus4), ("aug7", Quality::Dom7Sharp5),
    ("7aug", Quality::Dom7Sharp5), ("augmaj7", Quality::Maj7Sharp5), ("maj7aug", Quality::Maj7Sharp5),
    ("mb5", Quality::Dim), ("m7dim5", Quality::HalfDim), ("hdim7", Quality::HalfDim), ("no3", Quality::Power),
    ("omit3", Quality::Power), ("alt", Quality::Dom7Sharp9), ("7alt", Quality::Dom7Sharp9),
    ("7#9b13", Quality::Dom7Sharp9), ("7#9#5", Quality::Dom7Sharp9), ("7#5#9", Quality::Dom7Sharp9),
    ("7b9#9", Quality::Dom7Sharp9), ("7b9b13", Quality::Dom7Flat9), ("7b9#5", Quality::Dom7Flat9),
    ("7#5b9", Quality::Dom7Flat9), ("7b9#11", Quality::Dom7Flat9), ("7b9b5", Quality::Dom7Flat9),
    ("7b5b9", Quality::Dom7Flat9), ("9#11", Quality::Dom7Sharp11), ("13#11", Quality::Dom7Sharp11),
    ("9b5", Quality::Dom7Flat5), ("9#5", Quality::Dom7Sharp5), ("aug9", Quality::Dom7Sharp5),
    ("13sus4", Quality::Dom9Sus4), ("7b9sus4", Quality::Dom7Sus4), ("7sus4b9", Quality::Dom7Sus4),
    ("maj9#11", Quality::Maj7Sharp11), ("maj13#11", Quality::Maj7Sharp11), ("maj#11", Quality::Maj7Sharp11),
    ("m9b5", Quality::HalfDim), ("7#", Quality::Dom7Sharp5),
];

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spelt = |pc: u8| ROOTS[usize::from(pc % 12)];
        write!(f, "{}{}", spelt(self.root), self.quality.symbol())?;
        if self.bass == self.root { Ok(()) } else { write!(f, "/{}", spelt(self.bass)) }
    }
}

/// A text that is no chord symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChordError {
    /// What was read.
    pub text: String,
    /// The symbol that is nearest to it.
    pub nearest: String,
}

impl fmt::Display for ChordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no chord: \"{}\"; the nearest symbol is {}", self.text, self.nearest)
    }
}

impl std::error::Error for ChordError {}

impl Chord {
    /// Reads a chord symbol in the usual spellings; `None` is `N.C.`
    ///
    /// # Errors
    /// The text is no chord symbol. The error names the nearest one.
    ///
    /// Thread: any but audio. Real-time: no.
    pub fn parse(text: &str) -> Result<Option<Chord>, ChordError> {
        let text = text.trim();
        if ["N.C.", "N.C", "NC"].iter().any(|none| text.eq_ignore_ascii_case(none)) {
            return Ok(None);
        }
        let error = |nearest: Chord| ChordError { text: text.to_owned(), nearest: nearest.to_string() };
        let Some((root, rest)) = note(text) else { return Err(error(guess(text))) };
        let (suffix, bass) = split_bass(rest, root);
        let suffix = plain(suffix);
        let known = spellings().find(|(spelling, _)| *spelling == suffix);
        match known {
            Some((_, quality)) => Ok(Some(Chord::new(root, quality).over(bass))),
            None => Err(error(Chord::new(root, nearest(&suffix)).over(bass))),
        }
    }
}

/// The note that a text begins with, and what follows it.
fn note(text: &str) -> Option<(u8, &str)> {
    let mut rest = text.chars();
    let letter = match rest.next()? {
        'C' => 0,
        'D' => 2,
        'E' => 4,
        'F' => 5,
        'G' => 7,
        'A' => 9,
        'B' => 11,
        _ => return None,
    };
    let natural = rest.as_str();
    let accidental = match rest.next() {
        Some('#' | '♯') => 1,
        Some('b' | '♭') => 11,
        _ => return Some((letter, natural)),
    };
    Some(((letter + accidental) % 12, rest.as_str()))
}

/// The suffix, and the bass after the last slash. The slash of `6/9` belongs to the suffix.
fn split_bass(rest: &str, root: u8) -> (&str, u8) {
    let slash = rest.rsplit_once('/').and_then(|(suffix, bass)| Some((suffix, note(bass.trim())?)));
    match slash {
        Some((suffix, (bass, ""))) => (suffix, bass),
        _ => (rest, root),
    }
}

/// A suffix in the spelling of the tables.
fn plain(suffix: &str) -> String {
    let signs = suffix.chars().filter(|c| !matches!(c, ' ' | '(' | ')' | '[' | ']' | ',' | '/'));
    let signs: String = signs.map(same_sign).collect();
    let (head, rest) = behead(&signs);
    let (second, rest) = if matches!(head, "m" | "aug") { behead_major(rest) } else { ("", rest) };
    let seventh = head == "Δ" || second == "Δ";
    let mut plain = format!("{head}{second}").replace('Δ', "maj");
    if seventh && !rest.starts_with(['7', '9', '1']) {
        plain.push('7');
    }
    plain.push_str(&rest.replace('+', "#").replace('-', "b").replace('M', "maj"));
    if plain.ends_with("sus") {
        plain.push('4');
    }
    plain
}

fn same_sign(sign: char) -> char {
    match sign {
        '♯' => '#',
        '♭' => 'b',
        '−' | '–' | '—' => '-',
        '△' | '∆' | '^' => 'Δ',
        'º' | '˚' => '°',
        'Ø' => 'ø',
        other => other,
    }
}

/// What a suffix begins with, in the spelling of the tables, and what follows.
fn behead(suffix: &str) -> (&'static str, &str) {
    let head = HEADS.iter().find_map(|(from, to)| Some((*to, suffix.strip_prefix(from)?)));
    match head {
        Some(("madd", _)) => ("m", suffix.strip_prefix('m').unwrap_or(suffix)),
        Some(found) => found,
        None => ("", suffix),
    }
}

/// The major sign after a minor or augmented one: `mM7`.
fn behead_major(suffix: &str) -> (&'static str, &str) {
    match behead(suffix) {
        found @ ("maj" | "Δ", _) => found,
        _ => ("", suffix),
    }
}

/// Every spelling that is known.
fn spellings() -> impl Iterator<Item = (String, Quality)> {
    let symbols = Quality::all().map(|quality| (quality.symbol().to_lowercase(), quality));
    symbols.chain(ALIASES.iter().map(|(spelling, quality)| ((*spelling).to_owned(), *quality)))
}

/// The quality whose spelling is nearest.
fn nearest(suffix: &str) -> Quality {
    let by_distance = spellings().min_by_key(|(spelling, _)| distance(spelling, suffix));
    by_distance.map_or(Quality::Maj, |(_, quality)| quality)
}

/// A chord for a text that does not even begin with a note: small letters, and the German H.
fn guess(text: &str) -> Chord {
    let mut letters = text.chars();
    let first = letters.next().map_or('C', |letter| letter.to_ascii_uppercase());
    let first = if first == 'H' { 'B' } else { first };
    let again = format!("{first}{}", letters.as_str());
    let Some((root, rest)) = note(&again) else { return Chord::new(0, nearest(&plain(text))) };
    let (suffix, bass) = split_bass(rest, root);
    Chord::new(root, nearest(&plain(suffix))).over(bass)
}

/// Levenshtein's edit distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let swap = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = swap.min(row[j] + 1).min(corner + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chord_reads_back_as_it_was_written() {
        for root in 0..12 {
            for bass in 0..12 {
                for quality in Quality::all() {
                    let chord = Chord::new(root, quality).over(bass);
                    assert_eq!(Chord::parse(&chord.to_string()), Ok(Some(chord)), "{chord}");
                }
            }
        }
    }

    #[test]
    fn the_usual_spellings_are_read() {
        #[rustfmt::skip]
        let same = [
            ("Cmaj7", "CM7 CΔ CΔ7 Cma7 CMaj7 Cmajor7 C^7 C^ Cmaj(7)"), ("Cm7", "C-7 Cmin7 Cmi7 Cminor7 C−7"),
            ("Cm7b5", "Cø Cø7 C-7b5 Cm7(b5) Cm7-5 Chdim7 CØ"), ("Cdim7", "Co7 C°7 Cº7"), ("Cdim", "Co C° Cmb5"),
            ("Caug", "C+"), ("C7#5", "C+7 Caug7 C7+ C7+5 C7aug"), ("C7#9", "C7alt Calt C7(#9) C7+9"),
            ("C7b9", "C7(b9) C7-9 C7♭9 C7(b9,b13)"), ("C7sus4", "C7sus"), ("Csus4", "Csus"), ("C69", "C6/9 C6(9) C6add9"),
            ("CmMaj7", "CmM7 C-Δ Cm(maj7) CminMaj7 C-^7"), ("F#m7b5/C", "F♯ø/C Gbø/B# F#-7b5/C"), ("Bb/D", "B♭/D A#maj/D"),
            ("C69/E", "C6/9/E"), ("Cmadd9", "Cm(add9) C-add9"), ("C5", "Cno3 C(omit3)"), ("Cmaj7#5", "C+M7 CΔ#5"),
        ];
        for (symbol, spellings) in same {
            for spelling in spellings.split(' ') {
                let read = Chord::parse(spelling).unwrap().unwrap();
                assert_eq!(read.to_string(), symbol, "{spelling}");
            }
        }
        assert!(["N.C.", "NC", " n.c. "].iter().all(|none| Chord::parse(none) == Ok(None)));
    }

    #[test]
    fn an_error_names_the_nearest_symbol() {
        for (text, nearest) in [("Cmaj77", "Cmaj7"), ("f#m7", "F#m7"), ("H7", "B7"), ("Dm7b55/G", "Dm7b5/G")]
        {
            assert_eq!(Chord::parse(text).unwrap_err().nearest, nearest, "{text}");
        }
        let message = Chord::parse("Gm77").unwrap_err().to_string();
        assert_eq!(message, "no chord: \"Gm77\"; the nearest symbol is Gm7");
    }
}
