//! Every printable form of what an application gets to see.

use std::error::Error;
use std::fmt::Debug;

/// Collects what `Debug` and `Display` say of values and errors, causes included.
#[derive(Debug, Default)]
pub struct Printed(String);

impl Printed {
    /// Prints a value.
    pub fn value(&mut self, value: &impl Debug) {
        self.0.push_str(&format!("{value:?}\n{value:#?}\n"));
    }

    /// Prints an error and its causes.
    pub fn error(&mut self, error: &(impl Error + 'static)) {
        let mut next: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(cause) = next {
            self.0.push_str(&format!("{cause}\n{cause:?}\n{cause:#?}\n"));
            next = cause.source();
        }
    }

    /// Prints a value or an error.
    pub fn outcome<T: Debug, E: Error + 'static>(&mut self, outcome: &Result<T, E>) {
        match outcome {
            Ok(value) => self.value(value),
            Err(error) => self.error(error),
        }
    }

    /// Everything printed so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}
