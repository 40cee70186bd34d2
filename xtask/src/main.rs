//! Chores of the idv workspace: `cargo xtask test`.

fn main() {}
