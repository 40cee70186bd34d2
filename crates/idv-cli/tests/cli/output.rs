//! Streams that take nothing: a full disk, and a reader who has gone away. What a call made at a vendor is never lost.

use std::fs::File;
use std::process::Stdio;

use serde_json::json;

use crate::support::*;

/// A device that is always full.
#[cfg(target_os = "linux")]
fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

/// A pipe whose reader has gone away.
fn closed() -> std::io::PipeWriter {
    std::io::pipe().unwrap().1
}

/// What makes something at a vendor, and its reference.
fn makes() -> Vec<(String, &'static str, String)> {
    let starts = FLOWS.map(|provider| (start(provider), "start", reference(provider)));
    let mut all = Vec::from(starts);
    for provider in ["primary", "cards", "signup"] {
        all.push((about("refresh", provider), "refresh", reference(provider)));
    }
    let import = format!("import --provider primary --organization {ORG} --share-token-env SHARE_TOKEN");
    all.push((import, "import", format!("primary:{ORG}")));
    all
}

/// What only reads or computes.
const READS: [&str; 17] = [
    "check primary:self",
    "watch primary:self --for 1s",
    "find --provider sessions --reference case-7781",
    "providers",
    "route --reference case-7781",
    "config check",
    "config schema",
    "redirect sessions:6b1d2f34-90ab-4cde-8f01-23456789abcd https://a.example/?session_id=6b1d2f34-90ab-4cde-8f01-23456789abcd&status=success",
    "compare --from primary --to sessions",
    "compare --format markdown --from primary --to sessions",
    "demo",
    "doctor",
    "sandbox",
    "sandbox --openapi",
    "completions bash",
    "help",
    "--version",
];

fn assert_told(ran: &Ran, operation: &str, reference: &str) {
    assert_eq!(ran.code, 4, "{ran}");
    assert!(ran.stderr.contains(reference), "the reference is told: {ran}");
    for secret in [NXOS_URL, NXOS_TOKEN, USER_URL, SIGNUP_URL, DEEPIDV_URL, USER_TOKEN, ONBOARDING] {
        assert!(!ran.stderr.contains(secret), "{secret} belongs on stdout only: {ran}");
    }
    if !ran.args.contains(&"--json".to_owned()) {
        assert!(
            ran.stderr.contains("next: ") && ran.stderr.contains(&format!("idv check {reference}")),
            "{ran}"
        );
        return;
    }
    let last: serde_json::Value = serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap();
    let error = &last["error"];
    shape::check(error, shape::ERROR);
    let provider = reference.split(':').next().unwrap();
    for (field, value) in [
        ("kind", json!("unavailable")),
        ("provider", json!(provider)),
        ("operation", json!(operation)),
        ("delivery", json!("answered")),
        ("retry", json!("after_check")),
        ("reference", json!(reference)),
    ] {
        assert_eq!(error[field], value, "{field}: {ran}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_made_is_told_on_stderr_where_the_disk_is_full() {
    for (args, operation, reference) in makes() {
        for json in ["", " --json"] {
            let world = World::new();
            let ran = world.idv(&format!("{args}{json}")).run_into(full(), Stdio::piped());
            assert_told(&ran, operation, &reference);
            assert!(ran.stderr.contains("no storage space"), "{ran}");
            world.vendor.only();
        }
    }
}

/// It exists, and nobody was told of it: that is no quiet end.
#[test]
fn what_was_made_is_told_on_stderr_where_the_reader_has_gone_away() {
    for (args, operation, reference) in makes() {
        for json in ["", " --json"] {
            let world = World::new();
            let ran = world.idv(&format!("{args}{json}")).run_into(closed(), Stdio::piped());
            assert_told(&ran, operation, &reference);
            world.vendor.only();
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn every_command_says_that_it_cannot_write() {
    for args in READS {
        for json in [false, true] {
            if json && args.contains("--format") {
                continue;
            }
            let idv = World::new();
            let run = idv.idv(args);
            let run = if json && args != "help" { run.arg("--json") } else { run };
            let ran = run.run_into(full(), Stdio::piped()).exits(4);
            let told = "standard output cannot be written: no storage space";
            assert!(ran.stderr.contains(told), "{ran}");
            if json && args != "help" {
                let last: serde_json::Value =
                    serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap();
                shape::check(&last["error"], shape::ERROR);
                assert_eq!(
                    (&last["error"]["kind"], &last["error"]["reference"]),
                    (&json!("unavailable"), &json!(null))
                );
            }
        }
    }
}

#[test]
fn a_reader_who_wants_no_more_ends_it_quietly() {
    for args in READS.into_iter().filter(|args| *args != "doctor") {
        let ran = World::new().idv(args).run_into(closed(), Stdio::piped()).exits(0);
        assert_eq!(ran.stderr, "", "{ran}");
    }
}

/// However little of the report is read, the exit code says what is broken.
#[test]
fn the_verdict_of_a_doctor_outlives_its_reader() {
    let world = World::always(Reply::json(503, &json!({"error": {"code": "internal", "message": "down"}})));
    let ran = world.idv("doctor").run_into(closed(), Stdio::piped()).exits(4);
    assert!(ran.stderr.starts_with("error: "), "{ran}");
}

/// A session of which only a part was read is no session that was told.
#[cfg(target_os = "linux")]
#[test]
fn a_session_of_which_a_part_was_written_is_told_too() {
    // Longer than a pipe holds.
    let long = format!("https://in.sumsub.com/{}", "a".repeat(1 << 18));
    let body = json!({"object": "verification_session", "url": long, "accessToken": NXOS_TOKEN});
    let world = World::always(Reply::json(200, &body));
    let (mut reader, writer) = std::io::pipe().unwrap();
    let half = std::thread::spawn(move || std::io::Read::read_exact(&mut reader, &mut [0]).unwrap());
    let ran = world.idv(&start("primary")).arg("--json").run_into(writer, Stdio::piped());
    half.join().unwrap();
    assert_told(&ran, "start", "primary:self");
}

/// Nobody is left to tell, but the exit code; and there is no panic, which would be another one.
#[cfg(target_os = "linux")]
#[test]
fn a_stderr_that_takes_nothing_changes_no_exit_code() {
    let down = || World::always(Reply::json(404, &vendor_error("primary", "no", "no")));
    for json in ["", " --json"] {
        for (args, code) in [
            (format!("{} -vv", about("check", "primary")), 3),
            ("check".into(), 2),
            ("check nobody:x -vv".into(), 2),
            ("--no-such-option".into(), 2),
            (format!("{} -vv", start("primary")), 3),
        ] {
            down().idv(&format!("{args}{json}")).run_into(Stdio::piped(), full()).exits(code);
            down().idv(&format!("{args}{json}")).run_into(Stdio::piped(), closed()).exits(code);
        }
        let world = World::new();
        world.idv(&format!("{} -vv --qr{json}", start("primary"))).run_into(Stdio::piped(), full()).exits(0);
        world.idv(&format!("{} -vv{json}", start("primary"))).run_into(full(), full()).exits(4);
    }
}
