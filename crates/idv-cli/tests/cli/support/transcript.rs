//! Transcripts: command lines, and what they print, as a person or a program sees it.

use std::fmt::Write as _;

use serde_json::Value;

use super::program::Ran;
use super::world::World;

impl World {
    /// Each line as a command for people, and again with `--json`.
    pub(crate) fn transcript(&self, commands: &str) -> String {
        let mut text = String::new();
        for command in commands.lines().map(str::trim).filter(|line| !line.is_empty()) {
            text += &entry(&self.idv(command).run(), false);
            text += &entry(&self.json(command), true);
        }
        text
    }
}

/// One command: `!` marks a line of stderr, `?` an exit code that is not 0. Documents are indented, because people have to
/// read them; the program writes one a line.
fn entry(ran: &Ran, is_json: bool) -> String {
    let mut text = format!("$ idv {}\n", ran.args.join(" "));
    let (out, err) = (stable(&ran.stdout), stable(&ran.stderr));
    if is_json {
        out.lines().for_each(|line| text += &format!("{}\n", indented(line, ran)));
        if ran.code != 0 {
            assert_eq!(ran.stdout, "", "a failure has no document on stdout: {ran}");
        }
        let documents: String = err.lines().map(|line| indented(line, ran) + "\n").collect();
        documents.lines().for_each(|line| text += &format!("! {line}\n"));
    } else {
        text += &out;
        err.lines().for_each(|line| text += &format!("! {line}\n"));
    }
    if ran.code != 0 {
        let _ = writeln!(text, "? {}", ran.code);
    }
    text + "\n"
}

fn indented(line: &str, ran: &Ran) -> String {
    let document: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("no document ({e}): {ran}"));
    serde_json::to_string_pretty(&document).unwrap()
}

/// Without what differs from run to run: when a link expires, and the key of a start.
fn stable(text: &str) -> String {
    let text = replaced(text, "\"expires_at\":\"", "[time]");
    let text = replaced(&text, "\"idempotency_key\":\"", "[key]");
    let text = replaced(&text, "--idempotency-key ", "[key]");
    text.lines().map(|line| without_expiry(line) + "\n").collect()
}

/// The word after each marker, replaced.
fn replaced(text: &str, marker: &str, instead: &str) -> String {
    let mut parts = text.split(marker);
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(['"', ' ', '`']).unwrap_or(part.len());
        all += &format!("{marker}{instead}{}", &part[end..]);
    }
    all
}

fn without_expiry(line: &str) -> String {
    let times = |word: &&str| word.starts_with(|first: char| first.is_ascii_digit());
    match line.split(' ').find(times) {
        Some(time) if line.starts_with("expires ") => line.replace(time, "[time]"),
        _ => line.to_owned(),
    }
}
