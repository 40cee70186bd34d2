//! The example shows what it promises.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::process::Command;

fn output() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_example-observability"))
        .env_remove("OTEL_EXPORTER_OTLP_ENDPOINT")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn calls_are_scraped_spans_exported_and_the_vendor_is_part_of_the_trace() {
    let output = output();
    let counted = r#"idv_calls_total{provider="primary",kind="nxos",operation="start",outcome="ok"} 1"#;
    assert!(output.contains(counted), "{output}");
    let (_, tree) = output.split_once("below its parent:\n").unwrap();
    let tree: Vec<&str> = tree.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    assert_eq!(
        tree,
        [
            "  request",
            "    idv.call ok",
            "      idv.attempt unavailable",
            "      idv.attempt ok",
            "    idv.call ok",
            "      idv.attempt ok",
        ]
    );
    let parents = output.lines().filter_map(|line| line.split_once("traceparent: ")).map(|(_, value)| value);
    let parents: Vec<Vec<&str>> = parents.map(|value| value.split('-').collect()).collect();
    let traces: BTreeSet<&str> = parents.iter().map(|parts| parts[1]).collect();
    let spans: BTreeSet<&str> = parents.iter().map(|parts| parts[2]).collect();
    assert_eq!(
        (parents.len(), traces.len(), spans.len()),
        (3, 1, 3),
        "one trace, a span for each attempt: {output}"
    );
    assert!(!output.contains("case-7"), "a reference is a pseudonym: {output}");
}
