//! Reads TOML by key and keeps the place of everything, so that a mistake can be pointed at. Any thread but audio.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Mistake, nearest};

/// The text of a rig.
#[derive(Clone, Copy)]
pub(super) struct Source<'a>(pub(super) &'a str);

impl Source<'_> {
    /// A mistake at a byte of the text.
    pub(super) fn mistake(&self, at: usize, key: &str, problem: String) -> Mistake {
        let before = self.0.get(..at).unwrap_or(self.0);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Mistake { line, column, key: key.to_owned(), problem, expected: String::new(), nearest: None }
    }
}

/// A table, with the path that leads to it.
#[derive(Clone)]
pub(super) struct Table<'a> {
    source: Source<'a>,
    path: String,
    start: usize,
    table: &'a DeTable<'a>,
}

/// A value, with the path that leads to it.
#[derive(Clone)]
pub(super) struct Field<'a> {
    source: Source<'a>,
    path: String,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Table<'a> {
    /// The whole file.
    pub(super) fn root(source: Source<'a>, table: &'a DeTable<'a>) -> Table<'a> {
        Table { source, path: String::new(), start: 0, table }
    }

    /// Every entry in the order of the file: its key, where the key stands, and its value.
    pub(super) fn entries(&self) -> Vec<(&'a str, usize, Field<'a>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| {
                let field = Field { source: self.source, path: self.path_of(key.get_ref()), value };
                (key.get_ref().as_ref(), key.span().start, field)
            })
            .collect();
        entries.sort_by_key(|entry| entry.1);
        entries
    }

    /// Refuses the first key that is none of these.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Mistake> {
        let strange = self.entries().into_iter().find(|entry| !known.contains(&entry.0));
        strange.map_or(Ok(()), |(key, at, _)| Err(self.unknown(key, at, known.iter().copied())))
    }

    /// The mistake of a key that nobody knows.
    pub(super) fn unknown<'k>(
        &self,
        key: &str,
        at: usize,
        known: impl IntoIterator<Item = &'k str> + Clone,
    ) -> Mistake {
        let listed: Vec<_> = known.clone().into_iter().map(|name| format!("`{name}`")).collect();
        Mistake {
            expected: listing(&listed),
            nearest: nearest(key, known).map(str::to_owned),
            ..self.source.mistake(at, &self.path_of(key), format!("unknown key `{key}`"))
        }
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<Field<'a>> {
        let value = self.table.get(key)?;
        Some(Field { source: self.source, path: self.path_of(key), value })
    }

    /// The value of a key that must be there.
    pub(super) fn need(&self, key: &str, expected: &str) -> Result<Field<'a>, Mistake> {
        self.get(key).ok_or_else(|| Mistake {
            expected: expected.to_owned(),
            ..self.source.mistake(self.start, &self.path_of(key), format!("`{key}` is missing"))
        })
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl<'a> Field<'a> {
    /// A mistake in this value.
    pub(super) fn mistake(&self, problem: impl Into<String>, expected: impl Into<String>) -> Mistake {
        let mistake = self.source.mistake(self.value.span().start, &self.path, problem.into());
        Mistake { expected: expected.into(), ..mistake }
    }

    /// A mistake at a character, from 1, of the text that this value is.
    pub(super) fn mistake_at(
        &self,
        character: usize,
        problem: impl Into<String>,
        expected: impl Into<String>,
    ) -> Mistake {
        let at = self.byte_of(character).unwrap_or(self.value.span().start);
        let mistake = self.source.mistake(at, &self.path, problem.into());
        Mistake { expected: expected.into(), ..mistake }
    }

    /// Where a character of a string stands in the file; nothing if escapes stand before it.
    fn byte_of(&self, character: usize) -> Option<usize> {
        let Range { start, end } = self.value.span();
        let raw = self.source.0.get(start..end)?;
        let quotes = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
        let newline = usize::from(quotes == 3 && raw[quotes..].starts_with('\n'));
        let inner = raw.get(quotes + newline..)?;
        let (byte, _) = inner.char_indices().nth(character.checked_sub(1)?)?;
        (!inner[..byte].contains('\\')).then_some(start + quotes + newline + byte)
    }

    fn is_not(&self, expected: &str) -> Mistake {
        self.mistake(format!("found {}", kind(self.value.get_ref())), expected)
    }

    /// A string.
    pub(super) fn text(&self, expected: &str) -> Result<&'a str, Mistake> {
        self.value.get_ref().as_str().ok_or_else(|| self.is_not(expected))
    }

    /// A number in a range; `unit` is said when it is not.
    pub(super) fn number(&self, range: RangeInclusive<f32>, unit: &str) -> Result<f32, Mistake> {
        let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
        let expected = format!("a number from {} to {}{unit}", range.start(), range.end());
        let number = self.any_number().ok_or_else(|| self.is_not(&expected))?;
        if range.contains(&number) {
            return Ok(number);
        }
        Err(self.mistake(format!("{number} is out of range"), expected))
    }

    /// A number, whatever it is.
    pub(super) fn any_number(&self) -> Option<f32> {
        let value = self.value.get_ref();
        let integer = || value.as_integer().filter(|n| n.radix() == 10).map(|n| n.as_str());
        integer().or_else(|| value.as_float().map(|n| n.as_str()))?.parse().ok()
    }

    /// A whole number in a range.
    pub(super) fn count(&self, range: RangeInclusive<u8>, of: &str) -> Result<u8, Mistake> {
        let expected = format!("a whole number of {of} from {} to {}", range.start(), range.end());
        let integer = self.value.get_ref().as_integer().ok_or_else(|| self.is_not(&expected))?;
        let fits = integer.as_str().parse().ok().filter(|n| range.contains(n));
        fits.ok_or_else(|| self.mistake(format!("{} is out of range", integer.as_str()), expected))
    }

    /// `true` or `false`.
    pub(super) fn flag(&self) -> Result<bool, Mistake> {
        self.value.get_ref().as_bool().ok_or_else(|| self.is_not("true or false"))
    }

    /// `true` or `false`, if it is one.
    pub(super) fn any_flag(&self) -> Option<bool> {
        self.value.get_ref().as_bool()
    }

    /// One of some words.
    pub(super) fn choice<T: Copy>(&self, words: &[(&str, T)]) -> Result<T, Mistake> {
        let listed: Vec<_> = words.iter().map(|word| format!("\"{}\"", word.0)).collect();
        let expected = listing(&listed);
        let text = self.text(&expected)?;
        let found = words.iter().find(|word| word.0 == text).map(|word| word.1);
        found.ok_or_else(|| self.strange(text, expected, words.iter().map(|word| word.0)))
    }

    /// The mistake of a name that is none of the valid ones.
    pub(super) fn strange<'k>(
        &self,
        name: &str,
        expected: impl Into<String>,
        valid: impl IntoIterator<Item = &'k str>,
    ) -> Mistake {
        let nearest = nearest(name, valid).map(str::to_owned);
        Mistake { nearest, ..self.mistake(format!("unknown name \"{name}\""), expected) }
    }

    /// A list.
    pub(super) fn list(&self, expected: &str) -> Result<Vec<Field<'a>>, Mistake> {
        let array = self.value.get_ref().as_array().ok_or_else(|| self.is_not(expected))?;
        Ok(array.iter().map(|value| Field { value, ..self.clone() }).collect())
    }

    /// A list, or one thing that stands for a list of one.
    pub(super) fn one_or_more(&self) -> Vec<Field<'a>> {
        self.list("").unwrap_or_else(|_| vec![self.clone()])
    }

    /// A table.
    pub(super) fn table(&self) -> Result<Table<'a>, Mistake> {
        let table = self.any_table().ok_or_else(|| self.is_not("a table"))?;
        Ok(Table { source: self.source, path: self.path.clone(), start: self.value.span().start, table })
    }

    /// The table that this is, if it is one.
    pub(super) fn any_table(&self) -> Option<&'a DeTable<'a>> {
        self.value.get_ref().as_table()
    }
}

fn kind(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text \"{text}\""),
        DeValue::Integer(number) => format!("the number {}", number.as_str()),
        DeValue::Float(number) => format!("the number {}", number.as_str()),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// `a, b or c`.
fn listing(words: &[String]) -> String {
    match words {
        [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        _ => words.concat(),
    }
}
