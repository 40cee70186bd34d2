//! The rules of merging, over the words of every vendor.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod histories;
mod rules;
mod stories;
mod vocabulary;
