//! The nesting depth of a TOML text, found without recursion.
//!
//! The parser limits how deeply lists and inline tables nest, and how long a dotted key is, but not both together: a
//! text of a few kilobytes can exhaust the stack of the parser itself.

/// Deepest nesting, in keys: far more than a configuration has.
const LIMIT: usize = 64;

/// The byte at which a text is nested too deeply, counting every dot of a key and every open bracket. It looks no closer
/// than that, so it may count a few too many, never too few.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut open, mut depth, mut dots, mut at) = (Vec::new(), 0, 0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'#' => at = end_of_line(bytes, at),
            b'"' | b'\'' => at = end_of_string(bytes, at, *byte),
            b'.' => dots += 1,
            b',' | b'\n' => dots = 0,
            b'[' | b'{' => {
                open.push(dots + 1);
                depth += dots + 1;
                dots = 0;
            }
            b']' | b'}' => depth -= open.pop().unwrap_or(0),
            _ => {}
        }
        if depth + dots > LIMIT {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Just before the next line.
fn end_of_line(bytes: &[u8], from: usize) -> usize {
    let mut after = bytes.iter().enumerate().skip(from);
    after.find(|(_, byte)| **byte == b'\n').map_or(bytes.len(), |(newline, _)| newline - 1)
}

/// The last byte of a string, or of its line where it is not closed.
fn end_of_string(bytes: &[u8], start: usize, quote: u8) -> usize {
    let quotes = |from: usize| bytes.iter().skip(from).take_while(|byte| **byte == quote).count();
    let is_long = quotes(start) >= 3;
    let mut at = start + if is_long { 3 } else { 1 };
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' && bytes.get(at + 1).is_some_and(|next| b"\\\"".contains(next)) => at += 1,
            b'\n' if !is_long => return at - 1,
            // Up to two quotes may stand right before the closing three.
            found if *found == quote && is_long && quotes(at) >= 3 => return at + quotes(at).min(5) - 1,
            found if *found == quote && !is_long => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_and_brackets_count_together() {
        let (dots, brackets) = (".a".repeat(LIMIT), "[".repeat(LIMIT));
        assert_eq!(too_deep(&format!("a{dots} = 1")), None);
        assert_eq!(too_deep(&format!("a{dots}.a = 1")), Some(2 * LIMIT + 1));
        assert_eq!(too_deep(&format!("a = {brackets}")), None);
        assert_eq!(too_deep(&format!("a = {brackets}[")), Some(LIMIT + 4));
        let inline = "{ a.b.c = ".repeat(LIMIT / 3);
        assert_eq!(too_deep(&format!("a = {inline}")), None);
        assert!(too_deep(&format!("a = {inline}{{ a.b.c = {{")).is_some());
        assert!(too_deep(&format!("a = {}", "{\n a.b.c =\n ".repeat(LIMIT))).is_some());
    }

    #[test]
    fn what_is_closed_or_quoted_does_not_count() {
        let many = |text: &str| text.repeat(LIMIT + 1);
        for text in [
            many("[a.b]\nc = [{ d = 1.5 }, []]\n"),
            format!("a = [{}]", many("1.5, ")),
            format!("a = \"{}\" # {}", many("[\\\"."), many("[.")),
            format!("a = '{}'", many("[.")),
            format!("a = \"\"\"{}\n\\\"\"\"{}\"\"\"\"", many("[.\""), many("[")),
            format!("a = '''{}\n'''", many("[.'")),
            format!("a = \"{}", many("[")),
        ] {
            assert_eq!(too_deep(&text), None, "{text}");
        }
    }

    #[test]
    fn no_string_hides_what_follows_it() {
        let deep = "[".repeat(LIMIT + 1);
        for string in [
            "\"\"",
            "''",
            "\"a\\\\\"",
            "'\\'",
            "\"\"\"a\"\"\"\"\"",
            "'''a''''",
            "\"\"\"\"\"\"",
            "\"a\n",
            "\"a\\\n",
        ] {
            assert!(too_deep(&format!("a = {string}{deep}")).is_some(), "{string}");
        }
    }
}
