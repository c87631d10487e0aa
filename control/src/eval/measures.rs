//! Every measure of a take: its name, what it says, and where it comes from.

mod form;
mod harmony;
mod listening;

use engine::Part;

use super::subject::Subject;

/// A measure of one performance over one take.
#[derive(Debug)]
pub struct Measure {
    /// The head of its column.
    pub name: &'static str,
    /// What it says, in one line.
    pub doc: &'static str,
    /// Digits after the point.
    pub places: usize,
    /// Parts without which it says nothing of people.
    pub needs: &'static [Part],
    /// Its value; `None` where there is nothing to count.
    pub of: fn(&Subject<'_>) -> Option<f64>,
}

impl Measure {
    const fn new(
        name: &'static str,
        places: usize,
        doc: &'static str,
        needs: &'static [Part],
        of: fn(&Subject<'_>) -> Option<f64>,
    ) -> Measure {
        Measure { name, doc, places, needs, of }
    }

    /// Its value, unless people did not play what it needs.
    pub fn value(&self, subject: &Subject<'_>) -> Option<f64> {
        let is_there = self.needs.iter().all(|part| !subject.absent.contains(part));
        (self.of)(subject).filter(|value| is_there && value.is_finite())
    }
}

/// Measures that are printed side by side.
#[derive(Debug)]
pub struct Group {
    /// What they are about.
    pub name: &'static str,
    /// The measures.
    pub measures: &'static [Measure],
}

/// All measures.
pub static GROUPS: [Group; 6] = [
    Group { name: "chords", measures: &harmony::CHORDS },
    Group { name: "support", measures: &harmony::SUPPORT },
    Group { name: "form", measures: &form::FORM },
    Group { name: "playing", measures: &form::PLAYING },
    Group { name: "listening", measures: &listening::LISTENING },
    Group { name: "delivery", measures: &listening::DELIVERY },
];

/// All measures, in the order in which they are printed.
pub fn all() -> impl Iterator<Item = &'static Measure> {
    GROUPS.iter().flat_map(|group| group.measures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_measures_have_one_name_and_each_head_fits_its_column() {
        let names: Vec<&str> = all().map(|measure| measure.name).collect();
        for (i, name) in names.iter().enumerate() {
            assert!(!names[..i].contains(name) && name.len() <= 10, "{name}");
        }
    }
}
