//! What goes to standard output.

use std::io::Write;

use serde_json::Value;

use crate::args::Args;

/// Prints a text as it is.
pub(crate) fn print_text(text: &str) {
    // Printing fails only where nobody reads.
    let _ = writeln!(anstream::stdout(), "{}", text.trim_end());
}

/// Prints a document for programs, or words for people.
pub(crate) fn print(args: &Args, document: Value, words: impl FnOnce() -> String) {
    print_text(&if args.wants_json() { document.to_string() } else { words() });
}
