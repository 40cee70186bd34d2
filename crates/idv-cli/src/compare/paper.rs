//! Headings, tables and lists, for a terminal or as Markdown.

use std::fmt::Write as _;

use anstyle::Style;

use crate::output::{Cell, Table};

/// The printed report, part by part.
#[derive(Default)]
pub(crate) struct Paper(Vec<Block>);

enum Block {
    Heading { level: usize, text: String },
    Text(String),
    List(Vec<String>),
    Grid { head: Vec<String>, rows: Vec<Vec<String>> },
}

/// The style of headings; the printer drops it where the output is no terminal.
const BOLD: Style = Style::new().bold();

/// The content of an empty cell.
pub(crate) const NOTHING: &str = "–";

/// Lists our words before the vendor's, one kind on one line.
pub(crate) const SEPARATOR: &str = "; ";

impl Paper {
    /// A heading, counted from 1.
    pub(crate) fn heading(&mut self, level: usize, text: impl Into<String>) {
        self.0.push(Block::Heading { level, text: text.into() });
    }

    pub(crate) fn text(&mut self, text: impl Into<String>) {
        self.0.push(Block::Text(text.into()));
    }

    /// A list; nothing where it is empty.
    pub(crate) fn list(&mut self, items: Vec<String>) {
        if !items.is_empty() {
            self.0.push(Block::List(items));
        }
    }

    pub(crate) fn grid<'a>(&mut self, head: impl IntoIterator<Item = &'a str>, rows: Vec<Vec<String>>) {
        let head = head.into_iter().map(str::to_owned).collect();
        self.0.push(Block::Grid { head, rows });
    }

    /// The parts with a blank line between them. Headings begin at the second level: the first is the page's own.
    pub(crate) fn markdown(&self) -> String {
        let block = |block: &Block| match block {
            Block::Heading { level, text } => format!("{} {text}\n", "#".repeat(level + 1)),
            Block::Text(text) => format!("{text}\n"),
            Block::List(items) => items.iter().fold(String::new(), |text, item| text + "- " + item + "\n"),
            Block::Grid { head, rows } => markdown_grid(head, rows),
        };
        self.0.iter().map(block).collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn terminal(&self) -> String {
        let block = |block: &Block| match block {
            Block::Heading { level: 1, text } => format!("{BOLD}{}{BOLD:#}\n", text.to_uppercase()),
            Block::Heading { text, .. } => format!("{BOLD}{text}{BOLD:#}\n"),
            Block::Text(text) => format!("{text}\n"),
            Block::List(items) => items.iter().fold(String::new(), |text, item| text + "  " + item + "\n"),
            Block::Grid { head, rows } => terminal_grid(head, rows),
        };
        self.0.iter().map(block).collect::<Vec<_>>().join("\n")
    }
}

fn markdown_grid(head: &[String], rows: &[Vec<String>]) -> String {
    let mut text = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    }
    text
}

fn terminal_grid(head: &[String], rows: &[Vec<String>]) -> String {
    let mut table = Table::new(head.iter().map(String::as_str));
    for row in rows {
        let cell = |(column, text): (usize, &String)| match column {
            0 => Cell::strong(text),
            _ => Cell::plain(text),
        };
        table.row(row.iter().enumerate().map(cell));
    }
    format!("{table}\n")
}

/// Words in one cell.
pub(crate) fn joined(words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<String> = words.into_iter().collect();
    if words.is_empty() { NOTHING.to_owned() } else { words.join(SEPARATOR) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper() -> Paper {
        let mut paper = Paper::default();
        paper.heading(1, "One");
        paper.text("Some words.");
        paper.grid(["a", "b"], vec![vec!["1|2".to_owned(), NOTHING.to_owned()]]);
        paper.list(vec!["first".to_owned(), "second".to_owned()]);
        paper.list(Vec::new());
        paper
    }

    #[test]
    fn markdown_has_blank_lines_between_parts_and_escapes_bars() {
        let expected = "## One\n\nSome words.\n\n| a | b |\n|---|---|\n| 1\\|2 | – |\n\n- first\n- second\n";
        assert_eq!(paper().markdown(), expected);
    }

    #[test]
    fn a_terminal_gets_the_same_in_plain_text() {
        let text = paper().terminal();
        for part in ["ONE", "Some words.\n", "1|2", "  first\n"] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
