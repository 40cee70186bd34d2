//! What a passage of the documentation must not say.

use super::paragraphs::Paragraph;

/// A free relative clause is no subject of an English sentence that introduces something: the field's noun is.
const OPENINGS: &[&str] = &["What ", "Who ", "Whoever "];

/// Riddles, each with a plain word of the field.
const RIDDLES: &[(&str, &str)] = &[
    ("ado", "work"),
    ("at home", "locally"),
    ("conjure", "create"),
    ("conjured", "created"),
    ("conjures", "creates"),
    ("heed", "read"),
    ("heeded", "read"),
    ("heeds", "reads"),
    ("in vain", "without success"),
    ("is left alone", "is not called"),
    ("made room", "was evicted"),
    ("make room", "be evicted"),
    ("mend", "fix"),
    ("mended", "fixed"),
    ("mending", "fixing"),
    ("mends", "fixes"),
    ("mischief", "fault"),
    ("nobody", "no caller, no vendor …"),
    ("omen", "magic reference"),
    ("omens", "magic references"),
    ("sees through", "completes"),
    ("somebody", "a caller, a vendor …"),
    ("whoever", "a caller that, an adapter that …"),
    ("without surprises", "deterministic"),
];

/// Every breach in a paragraph.
pub(crate) fn breaches(paragraph: &Paragraph) -> Vec<String> {
    let text = prose(&paragraph.text);
    let mut found = Vec::new();
    if OPENINGS.iter().any(|opening| text.starts_with(opening)) && !is_question(&text) {
        found.push(format!("begins with a free relative clause: “{}”", beginning(&text)));
    }
    let lower = text.to_lowercase();
    for (riddle, plain) in RIDDLES {
        if lower.match_indices(riddle).any(|(at, _)| is_whole(&lower, at, at + riddle.len())) {
            found.push(format!("“{riddle}”: say “{plain}”"));
        }
    }
    found
}

/// The text without its code, which has names that are not English.
fn prose(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

fn is_question(text: &str) -> bool {
    let ends = |(at, end): &(usize, char)| {
        let next = text[at + end.len_utf8()..].chars().next();
        ".?!".contains(*end) && next.is_none_or(char::is_whitespace)
    };
    text.char_indices().find(ends).is_some_and(|(_, end)| end == '?')
}

fn beginning(text: &str) -> String {
    text.split_whitespace().take(6).collect::<Vec<_>>().join(" ")
}

fn is_whole(text: &str, start: usize, end: usize) -> bool {
    !text[..start].ends_with(char::is_alphanumeric) && !text[end..].starts_with(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::{Paragraph, RIDDLES, breaches};

    fn of(text: &str) -> usize {
        breaches(&Paragraph { line: 1, text: text.to_owned() }).len()
    }

    #[test]
    fn a_free_relative_clause_is_no_beginning() {
        for (text, count) in [
            ("What became of a call.", 1),
            ("Who is told of a change.", 1),
            ("Whoever asks.", 2),
            ("What is a session? The vendor's record.", 0),
            ("What v1.2 says. Is it so?", 1),
            ("Whatever the vendor sends.", 0),
            ("The result of a call: what became of it.", 0),
        ] {
            assert_eq!(of(text), count, "{text}");
        }
    }

    #[test]
    fn riddles_are_found_as_whole_words_outside_code() {
        for (riddle, _) in RIDDLES {
            assert_eq!(of(&format!("It has {} it.", riddle.to_uppercase())), 1, "{riddle}");
            assert_eq!(of(&format!("See `{riddle}` or x{riddle}y.")), 0, "{riddle}");
        }
        assert_eq!(of("Amended, recommends, phenomenon, an avocado."), 0);
    }
}
