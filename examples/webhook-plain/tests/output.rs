//! The example shows what it promises.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

#[test]
fn an_event_counts_once_and_a_changed_one_is_refused() {
    let output = Command::new(env!("CARGO_BIN_EXE_example-webhook-plain")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = String::from_utf8(output.stdout).unwrap();
    let said = output.lines().filter(|line| line.contains("says Some(Approved)")).count();
    assert_eq!(said, 1, "{output}");
    for line in ["the vendor delivers: 200", "and once more: 200", "a byte is added on the way: 401"] {
        assert!(output.lines().any(|own| own == line), "{line}: {output}");
    }
}
