//! The example shows what it promises.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

#[test]
fn each_change_is_seen_until_the_decision() {
    let output = Command::new(env!("CARGO_BIN_EXE_example-polling")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = String::from_utf8(output.stdout).unwrap();
    let seen: Vec<&str> =
        output.lines().filter_map(|line| line.split_once(" s: ")).map(|(_, seen)| seen).collect();
    assert_eq!(
        seen,
        [
            "not_started, next: continue_session",
            "in_progress, next: wait",
            "in_review, next: wait",
            "approved, next: none",
        ]
    );
}
