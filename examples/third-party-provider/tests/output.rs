//! The example shows what it promises.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

#[test]
fn a_kind_from_outside_is_configured_and_its_words_are_read() {
    let output = Command::new(env!("CARGO_BIN_EXE_example-third-party-provider")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = output.lines().collect();
    assert!(lines[0].starts_with("refused: ") && lines[0].contains("last_name"), "{output}");
    assert_eq!(
        lines[1..],
        [
            "started: ours:c-1, hand-off by link",
            "“OPEN” is in_progress, next: wait",
            "“AT_THE_NOTARY” is unrecognized, next: wait",
            "“GOOD” is approved, next: none",
        ]
    );
}
