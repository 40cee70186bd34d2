//! The two output streams.

use std::io::{ErrorKind, Result, Write};

/// Writes a line on stderr. If that fails, there is no stream left to report it on.
pub(crate) fn note(line: &str) {
    let _ = anstream::stderr().lock().write_all(format!("{line}\n").as_bytes());
}

/// Writes a text on stdout, up to its last byte, and flushes at once: buffered output would be lost at the end of the
/// process without an error.
pub(super) fn write(text: &str) -> std::result::Result<(), ErrorKind> {
    let line = format!("{}\n", text.trim_end());
    let written = |mut out: anstream::AutoStream<std::io::StdoutLock<'static>>| -> Result<()> {
        out.write_all(line.as_bytes())?;
        out.flush()
    };
    written(anstream::stdout().lock()).map_err(|error| error.kind())
}
