//! Problems that keep a request or a configuration from being used.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::Input;
use crate::string_enum::string_enum;

string_enum! {
    /// The kind of a problem with an input.
    pub enum Problem {
        /// It is required and was not given.
        Missing = "missing",
        /// Its value cannot be used.
        Invalid = "invalid",
        /// It was marked as a must, and the vendor takes no such input.
        Unsupported = "unsupported",
    }
}

/// One input that keeps a request from being sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct InputProblem {
    /// Which input.
    pub input: Input,
    /// The kind of the problem.
    pub problem: Problem,
    /// The remedy, without the value.
    pub message: Cow<'static, str>,
}

impl InputProblem {
    /// Describes a problem. The message must not repeat the value.
    #[must_use]
    pub fn new(input: Input, problem: Problem, message: impl Into<Cow<'static, str>>) -> Self {
        Self { input, problem, message: message.into() }
    }
}

/// One thing that is wrong in a configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ConfigProblem {
    /// Where: keys joined by dots, such as `providers.primary.api_key`; empty for the whole document. Elements of lists
    /// count from 0, and keys that are not plain words are quoted: see [`join`](Self::join).
    pub path: String,
    /// Line in the file, from 1, where the format has lines.
    pub line: Option<usize>,
    /// Column in the line, in characters from 1, where the format has lines.
    pub column: Option<usize>,
    /// The problem and its remedy, without the value.
    pub message: String,
}

impl ConfigProblem {
    /// Describes a problem. The message must not repeat a value.
    #[must_use]
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), line: None, column: None, message: message.into() }
    }

    /// Joins keys to a path. A key that is not a plain word is quoted, so that a path is always one printable line.
    #[must_use]
    pub fn join<'a>(keys: impl IntoIterator<Item = &'a str>) -> String {
        let is_plain = |key: &str| {
            !key.is_empty()
                && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        };
        let write = |key: &'a str| if is_plain(key) { key.to_owned() } else { format!("{key:?}") };
        keys.into_iter().map(write).collect::<Vec<_>>().join(".")
    }
}

impl fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.path.as_str(), self.line.zip(self.column)) {
            ("", None) => {}
            ("", Some((line, column))) => write!(f, "line {line}, column {column}: ")?,
            (path, None) => write!(f, "{path}: ")?,
            (path, Some((line, column))) => write!(f, "{path} (line {line}, column {column}): ")?,
        }
        f.write_str(&self.message)
    }
}
