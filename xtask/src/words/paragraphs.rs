//! The paragraphs of documentation, from Rust sources and from Markdown.

/// A paragraph or an item of a list, as one line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Paragraph {
    /// Where it begins.
    pub(crate) line: usize,
    pub(crate) text: String,
}

/// What begins an error text of `thiserror`.
const ERROR: &str = "#[error(\"";

/// The paragraphs of doc comments, and the error texts.
pub(crate) fn of_source(text: &str) -> Vec<Paragraph> {
    let mut reader = Reader::default();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_start();
        let comment = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        match comment {
            // A line of slashes is no documentation.
            Some(comment) if !comment.starts_with('/') => reader.line(number, comment),
            _ => reader.end(),
        }
        if let Some(error) = line.strip_prefix(ERROR) {
            reader.line(number, error.split("\")]").next().unwrap_or(error));
            reader.close();
        }
    }
    reader.finish()
}

/// The paragraphs of a Markdown page.
pub(crate) fn of_page(text: &str) -> Vec<Paragraph> {
    let mut reader = Reader::default();
    (1..).zip(text.lines()).for_each(|(number, line)| reader.line(number, line));
    reader.finish()
}

#[derive(Default)]
struct Reader {
    in_code: bool,
    open: Option<Paragraph>,
    done: Vec<Paragraph>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) {
        let line = line.trim();
        if line.starts_with("```") {
            self.in_code = !self.in_code;
            return self.close();
        }
        if self.in_code || line.is_empty() {
            return self.close();
        }
        let (begins, text) = match item(line) {
            Some(text) => (true, text),
            // A heading and a row of a table stand for themselves.
            None => (line.starts_with(['#', '|']), line),
        };
        if begins {
            self.close();
        }
        match &mut self.open {
            Some(open) => {
                open.text.push(' ');
                open.text.push_str(text);
            }
            None => self.open = Some(Paragraph { line: number, text: text.to_owned() }),
        }
        if line.starts_with(['#', '|']) {
            self.close();
        }
    }

    fn close(&mut self) {
        self.done.extend(self.open.take());
    }

    /// The end of a comment ends its code too.
    fn end(&mut self) {
        self.close();
        self.in_code = false;
    }

    fn finish(mut self) -> Vec<Paragraph> {
        self.close();
        self.done
    }
}

/// The text of an item: `- text`, `* text`, `1. text`.
fn item(line: &str) -> Option<&str> {
    let digits = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let numbered = if digits.len() < line.len() { digits.strip_prefix(". ") } else { None };
    line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")).or(numbered)
}

#[cfg(test)]
mod tests {
    use super::{Paragraph, of_page, of_source};

    fn shown(paragraphs: &[Paragraph]) -> Vec<String> {
        paragraphs.iter().map(|paragraph| format!("{} {}", paragraph.line, paragraph.text)).collect()
    }

    #[test]
    fn comments_and_errors_of_a_source_are_read() {
        let source = "//! A crate\n//! of two lines.\n\n    /// One.\n    ///\n    /// - Two\n    ///   goes on\n\
                      /// ```\n/// What code;\n/// ```\n// What comment\n//// What line\n\
                      #[error(\"the vendor is late\")]\n/// Three.\n";
        let expected =
            ["1 A crate of two lines.", "4 One.", "6 Two goes on", "13 the vendor is late", "14 Three."];
        assert_eq!(shown(&of_source(source)), expected);
    }

    #[test]
    fn pages_are_read_with_headings_and_rows_apart() {
        let page = "# What it is\nText\nmore\n| a | b |\n1. One\n2. Two\n```toml\nx\n```\nEnd\n";
        let expected = ["1 # What it is", "2 Text more", "4 | a | b |", "5 One", "6 Two", "10 End"];
        assert_eq!(shown(&of_page(page)), expected);
    }
}
