//! Planted words: neither the files of the database nor what is told of it holds a link, a token, a key or personal data.

use std::process::Stdio;

use serde_json::json;

use super::{URL, event};
use crate::support::*;

const PHONE: &str = "15192223333";

fn assert_silent(text: &[u8], name: &str) {
    let lower = String::from_utf8_lossy(text).to_lowercase();
    for word in ["canary", PHONE] {
        let at = lower.find(word);
        assert!(
            at.is_none(),
            "{name}: {:?}",
            lower.chars().skip(at.unwrap_or(0).saturating_sub(60)).take(160).collect::<String>()
        );
    }
}

/// The database, its log and its shared memory, as they are while a worker has them open.
fn files(world: &World) -> Vec<(String, Vec<u8>)> {
    let names = ["idv.db", "idv.db-wal", "idv.db-shm"];
    names.iter().map(|name| ((*name).to_owned(), std::fs::read(world.path(name)).unwrap())).collect()
}

#[test]
fn planted_words_are_not_stored() {
    let world = World::new().tracked();
    let mut worker = world.idv("tracker run --after 0 --json -vvv").command();
    let mut worker =
        worker.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let person = "--first-name CanaryFirst --last-name CanaryLast --email canary-mail@example.test --phone +15192223333 \
                  --redirect-url https://app.example/back?canary=1 --user-token-env USER_TOKEN \
                  --onboarding-id-env ONBOARDING_ID --track";
    for (index, provider) in FLOWS.iter().enumerate() {
        let ran = world.json(&format!("start --provider {provider} --reference case-{index} {person}"));
        assert!(ran.found("session")["url"].is_string(), "{ran}");
    }
    let session = reference("sessions");
    let approved = json!({"organizationId": ORG, "status": "APPROVED", "name": "CanaryFirst", "email": "canary-mail@example.test"});
    let commands = [
        event(&world, "msg_1", &approved),
        format!("redirect {session} {URL}&status=success&note=canary --track"),
        format!("check {session} --track"),
        "check primary:self --track".to_owned(),
        "check cards:case-1 --track --user-token-env USER_TOKEN".to_owned(),
        format!("tracker history {session}"),
        "tracker history primary:self".to_owned(),
        "tracker history --reference case-1".to_owned(),
        "tracker status".to_owned(),
        "tracker replay".to_owned(),
        "tracker reconcile --repair".to_owned(),
    ];
    for command in &commands {
        for format in ["--json -vv", "-vvv", ""] {
            let ran = world.idv(&format!("{command} {format}")).run().exits(0);
            assert_silent(ran.stdout.as_bytes(), &format!("stdout of {command} {format}"));
            assert_silent(ran.stderr.as_bytes(), &format!("stderr of {command} {format}"));
        }
    }
    let files = files(&world);
    assert!(
        files.iter().any(|(_, bytes)| String::from_utf8_lossy(bytes).contains("case-1")),
        "they hold the cases"
    );
    for (name, bytes) in files {
        assert_silent(&bytes, &name);
    }
    worker.kill().unwrap();
    let told = worker.wait_with_output().unwrap();
    assert!(String::from_utf8_lossy(&told.stdout).contains("\"transition\""), "the worker told of the cases");
    assert_silent(&told.stdout, "stdout of the worker");
    assert_silent(&told.stderr, "stderr of the worker");
}
