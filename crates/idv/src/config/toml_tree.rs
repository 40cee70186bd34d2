//! From TOML text to a tree of values that knows lines and columns.

use idv_core::{ConfigProblem, Entry, Location, OptionValue};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Parses TOML. Syntax errors are all reported, with static texts only, so none can repeat a value.
pub(super) fn parse(text: &str) -> Result<Entry, Vec<ConfigProblem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let lines = Lines::new(text);
    if errors.is_empty() {
        let mut problems = Vec::new();
        let tree = Entry { location: None, value: lines.table(table.get_ref(), &mut problems) };
        return if problems.is_empty() { Ok(tree) } else { Err(problems) };
    }
    let describe = |error: &toml::de::Error| {
        let message = error.message().lines().next().unwrap_or("unreadable");
        let at = lines.location(error.span().map_or(0, |span| span.start));
        let mut problem = ConfigProblem::new("", format!("this is not TOML: {message}"));
        (problem.line, problem.column) = (Some(at.line), Some(at.column));
        problem
    };
    Err(errors.iter().map(describe).collect())
}

/// Finds line and column of a byte.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let after_newlines = text.match_indices('\n').map(|(index, _)| index + 1);
        Self { text, starts: std::iter::once(0).chain(after_newlines).collect() }
    }

    fn location(&self, byte: usize) -> Location {
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..byte).unwrap_or_default();
        Location { line, column: before.chars().count() + 1 }
    }

    fn entry(&self, value: &Spanned<DeValue<'_>>, problems: &mut Vec<ConfigProblem>) -> Entry {
        let location = self.location(value.span().start);
        Entry { location: Some(location), value: self.value(value.get_ref(), location, problems) }
    }

    fn value(&self, value: &DeValue<'_>, at: Location, problems: &mut Vec<ConfigProblem>) -> OptionValue {
        match value {
            DeValue::String(text) => OptionValue::Text(text.to_string()),
            DeValue::Boolean(truth) => OptionValue::Bool(*truth),
            DeValue::Datetime(time) => OptionValue::Text(time.to_string()),
            DeValue::Array(values) => {
                OptionValue::List(values.iter().map(|value| self.entry(value, problems)).collect())
            }
            DeValue::Table(table) => self.table(table, problems),
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                let parsed = i64::from_str_radix(&digits, number.radix()).ok();
                parsed.map_or_else(|| too_large(at, problems), OptionValue::Integer)
            }
            DeValue::Float(number) => {
                let parsed = number.as_str().replace('_', "").parse().ok();
                parsed.map_or_else(|| too_large(at, problems), OptionValue::Float)
            }
        }
    }

    fn table(&self, table: &DeTable<'_>, problems: &mut Vec<ConfigProblem>) -> OptionValue {
        let row = |(key, value): (&Spanned<_>, _)| {
            let key: &Spanned<std::borrow::Cow<'_, str>> = key;
            let place = self.location(key.span().start);
            (key.get_ref().to_string(), Some(place), self.entry(value, problems))
        };
        OptionValue::Table(table.iter().map(row).collect())
    }
}

fn too_large(at: Location, problems: &mut Vec<ConfigProblem>) -> OptionValue {
    let mut problem = ConfigProblem::new("", "the number is too large");
    (problem.line, problem.column) = (Some(at.line), Some(at.column));
    problems.push(problem);
    OptionValue::Null
}
