//! The example shows what it promises.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

#[test]
fn calls_attempts_and_failures_are_counted_and_no_session_is_named() {
    let output = Command::new(env!("CARGO_BIN_EXE_example-metrics")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = String::from_utf8(output.stdout).unwrap();
    for line in [
        r#"idv_calls_total{provider="primary",kind="nxos",operation="start",outcome="ok"} 1"#,
        r#"idv_calls_total{provider="primary",kind="nxos",operation="check",outcome="not_found"} 1"#,
        r#"idv_call_attempts_sum{provider="primary",kind="nxos",operation="start",outcome="ok"} 2"#,
    ] {
        assert!(output.lines().any(|own| own == line), "{line}: {output}");
    }
    assert!(!output.contains("case-7") && !output.contains("org_"), "{output}");
}
