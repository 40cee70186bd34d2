//! The TOML parser: from text to a tree of values that knows lines and columns.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::depth;
use super::{Location, OptionEntry, OptionValue};
use crate::ConfigProblem;

impl OptionEntry {
    /// Reads TOML text into a tree that knows where everything stood.
    ///
    /// # Errors
    /// Every syntax error with its place, and nothing of the text.
    pub fn from_toml(text: &str) -> Result<Self, Vec<ConfigProblem>> {
        parse(text)
    }
}

/// Parses TOML. Syntax errors are all reported, with static texts only, so none can repeat a value.
fn parse(text: &str) -> Result<OptionEntry, Vec<ConfigProblem>> {
    // Not a part of the text: without it, columns of the first line are those that an editor shows.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::new(text);
    if let Some(byte) = depth::too_deep(text) {
        let at = lines.location(byte);
        let mut problem = ConfigProblem::new("", "nothing is nested as deeply as this");
        (problem.line, problem.column) = (Some(at.line), Some(at.column));
        return Err(vec![problem]);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let mut tree = Tree { lines, path: Vec::new(), problems: Vec::new() };
        let value = tree.table(table.get_ref());
        let problems = tree.problems;
        return if problems.is_empty() { Ok(OptionEntry::new(None, value)) } else { Err(problems) };
    }
    let mut problems: Vec<ConfigProblem> = Vec::new();
    for error in &errors {
        let message = error.message().lines().next().unwrap_or("unreadable");
        let mut problem = ConfigProblem::new("", format!("this is not TOML: {message}"));
        let location = error.span().map(|span| lines.location(span.start));
        (problem.line, problem.column) = (location.map(|at| at.line), location.map(|at| at.column));
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    problems.sort_by_key(|problem| (problem.line, problem.column));
    Err(problems)
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
        let rest = self.text.get(start..).unwrap_or_default();
        let column = rest.char_indices().take_while(|(index, _)| start + index < byte).count() + 1;
        Location::new(line, column)
    }
}

/// Copies what was parsed, and notes where everything stood.
struct Tree<'a> {
    lines: Lines<'a>,
    path: Vec<String>,
    problems: Vec<ConfigProblem>,
}

impl Tree<'_> {
    fn entry(&mut self, value: &Spanned<DeValue<'_>>) -> OptionEntry {
        let location = self.lines.location(value.span().start);
        OptionEntry::new(Some(location), self.value(value.get_ref(), location))
    }

    fn value(&mut self, value: &DeValue<'_>, at: Location) -> OptionValue {
        match value {
            DeValue::String(text) => OptionValue::Text(text.to_string()),
            DeValue::Boolean(truth) => OptionValue::Bool(*truth),
            DeValue::Datetime(_) => self.refuse(at, "a date or a time has to stand in quotes"),
            DeValue::Array(values) => {
                let elements = values.iter().enumerate();
                OptionValue::List(
                    elements.map(|(index, value)| self.below(&index.to_string(), value)).collect(),
                )
            }
            DeValue::Table(table) => self.table(table),
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix());
                // A number that is too large for any option is left to the reader of the option, which knows what would be
                // right.
                parsed.map_or(OptionValue::Float(f64::NAN), OptionValue::Integer)
            }
            DeValue::Float(number) => OptionValue::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        }
    }

    /// The rows in the order of the file; the parser gives them in that of the alphabet.
    fn table(&mut self, table: &DeTable<'_>) -> OptionValue {
        let mut rows: Vec<_> = table.iter().collect();
        rows.sort_by_key(|(key, _)| key.span().start);
        let row = |(key, value): (&Spanned<Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
            let place = self.lines.location(key.span().start);
            let name = key.get_ref().to_string();
            let entry = self.below(&name, value);
            (name, Some(place), entry)
        };
        OptionValue::Table(rows.into_iter().map(row).collect())
    }

    fn below(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> OptionEntry {
        self.path.push(key.to_owned());
        let entry = self.entry(value);
        self.path.pop();
        entry
    }

    fn refuse(&mut self, at: Location, message: &str) -> OptionValue {
        let path = ConfigProblem::join(self.path.iter().map(String::as_str));
        let mut problem = ConfigProblem::new(path, message);
        (problem.line, problem.column) = (Some(at.line), Some(at.column));
        self.problems.push(problem);
        OptionValue::Null
    }
}
