//! Every text and number of a JSON document, found without reading its structure.

use serde_json::Value;

/// The texts and numbers of documents.
#[derive(Debug)]
pub struct Texts(Vec<String>);

impl Texts {
    /// Finds the texts of documents. They may hold what serde_json reads over but refuses to keep, such as half of a
    /// surrogate pair beside what is asked for.
    #[must_use]
    pub fn of<'a>(documents: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut found = Self(Vec::new());
        for document in documents {
            found.literals(document);
            found.numbers(&serde_json::from_slice(document).unwrap_or_default());
        }
        found
    }

    /// Whether a text or number fits.
    pub fn any(&self, fits: impl Fn(&str) -> bool) -> bool {
        self.0.iter().any(|text| fits(text))
    }

    fn literals(&mut self, document: &[u8]) {
        let mut rest = document;
        while let Some(start) = rest.iter().position(|byte| *byte == b'"') {
            let end = end_of_literal(&rest[start..]);
            self.0.extend(serde_json::from_slice::<String>(&rest[start..start + end]));
            rest = &rest[start + end..];
        }
    }

    fn numbers(&mut self, value: &Value) {
        match value {
            Value::Number(number) => self.0.push(number.to_string()),
            Value::Array(parts) => parts.iter().for_each(|part| self.numbers(part)),
            Value::Object(parts) => parts.values().for_each(|part| self.numbers(part)),
            _ => {}
        }
    }
}

/// The bytes of the literal that begins here, quotes included.
fn end_of_literal(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}
