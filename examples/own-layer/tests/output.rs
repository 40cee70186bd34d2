//! The example shows what it promises.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

#[test]
fn a_call_is_seen_once_and_each_of_its_attempts_too() {
    let output = Command::new(env!("CARGO_BIN_EXE_example-own-layer")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = String::from_utf8(output.stdout).unwrap();
    let (calls, attempts) = output.split_once("attempts:").unwrap();
    let lines = |part: &str, word: &str| part.lines().filter(|line| line.contains(word)).count();
    assert_eq!((lines(calls, " start "), lines(calls, " check ")), (1, 1), "{output}");
    assert_eq!((lines(attempts, " start "), lines(attempts, " check ")), (1, 2), "{output}");
    assert_eq!((lines(calls, "unavailable"), lines(attempts, "unavailable")), (0, 1), "{output}");
    assert!(!output.contains("case-7"), "{output}");
}
