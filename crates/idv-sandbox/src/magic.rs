#![doc = include_str!("magic.md")]

/// The text above, in Markdown.
pub const TEXT: &str = include_str!("magic.md");
