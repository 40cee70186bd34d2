//! `idv tracker` and `--track`: verifications in a database beside the configuration.

mod configuration;
mod privacy;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::*;

const DAY: i64 = 24 * 3600;
const URL: &str = "https://app.example/back?session_id=6b1d2f34-90ab-4cde-8f01-23456789abcd";

/// A transcript without the times of this run, and without the widths that follow from them.
fn transcript(world: &World, commands: &str) -> String {
    let text = world.transcript(commands);
    text.lines().map(|line| stable(line) + "\n").collect()
}

fn stable(line: &str) -> String {
    let indent = &line[..line.len() - line.trim_start().len()];
    let words: Vec<String> = line.split_whitespace().map(without_time).collect();
    indent.to_owned() + &words.join(" ")
}

/// The word, with a moment of this day replaced.
fn without_time(word: &str) -> String {
    let bare = word.trim_matches(|edge: char| "\",".contains(edge));
    let today = i64::try_from(now()).unwrap();
    match bare.parse::<idv::Timestamp>() {
        Ok(at) if (at.unix_seconds() - today).abs() < 2 * DAY => word.replace(bare, "[now]"),
        _ if word.starts_with('─') => "───".to_owned(),
        _ => word.to_owned(),
    }
}

/// A start that the store keeps.
fn tracked(provider: &str) -> String {
    format!("{} --track", start(provider))
}

/// The headers and the body of an event of nxos, as files.
fn event(world: &World, id: &str, data: &Value) -> String {
    let body = json!({"type": "organization.verification.updated", "data": data}).to_string();
    let signature = sign::svix(SVIX_SECRET, id, now(), &body);
    let headers = format!("svix-id: {id}\nsvix-timestamp: {}\nsvix-signature: {signature}", now());
    world.write("headers.txt", &headers);
    world.write("body.bin", &body);
    "webhook primary --headers headers.txt --body body.bin --track".to_owned()
}

/// Each command is run twice: the second start shares the session of the first.
#[test]
fn a_verification_from_its_start_to_its_erasure() {
    let world = World::new().tracked();
    let text = transcript(
        &world,
        &format!(
            "{}\n\
             redirect {} {URL}&status=success --track\n\
             tracker run --once\n\
             {} --track\n\
             tracker status\n\
             tracker history {}\n\
             tracker history --id 1\n\
             tracker replay --after 1\n\
             tracker replay --consumer mail --after 1\n\
             tracker reconcile\n\
             tracker erase --yes --id 1\n\
             tracker history --id 1\n\
             tracker status",
            tracked("sessions"),
            reference("sessions"),
            about("check", "sessions"),
            reference("sessions"),
        ),
    );
    assert_snapshot!(text);
}

#[test]
fn starts_share_an_open_session() {
    let world = World::new().tracked();
    let opened = world.json(&format!("{} --purpose onboarding", tracked("cards"))).found("session");
    assert_eq!(opened["url"], USER_URL);
    assert_eq!(
        (&opened["tracked"]["opening"], &opened["tracked"]["purpose"]),
        (&json!("opened"), &json!("onboarding"))
    );
    let shared = world.json(&format!("{} --purpose onboarding", tracked("cards"))).found("session");
    assert_eq!((&shared["reference"], &shared["url"]), (&opened["reference"], &Value::Null));
    assert_eq!(shared["tracked"]["opening"], "shared");
    assert_eq!(world.vendor.seen().len(), 1, "the vendor was asked once");
    world.json(&format!("{} --purpose onboarding --another", tracked("cards"))).found("session");
    assert_eq!(world.vendor.seen().len(), 2, "another session was asked for");
    for (name, _) in shape::SESSION {
        assert!(shared.get(name).is_some() && opened.get(name).is_some(), "{name}");
    }
    world.json(&format!("{} --purpose onboarding --qr", tracked("cards"))).exits(3);
    world.idv(&format!("{} --purpose onboarding", start("cards"))).run().exits(2);
}

#[test]
fn webhooks_are_stored_once() {
    let world = World::new().tracked();
    let approved = event(&world, "msg_1", &json!({"organizationId": ORG, "status": "APPROVED"}));
    let early = world.json(&approved).found("event");
    assert_eq!(early["tracked"], json!({"receipt": "parked", "verification": null}));
    assert_eq!(world.json(&approved).found("event")["tracked"]["receipt"], "duplicate");
    world.json(&format!("{} --organization {ORG}", tracked("primary"))).found("session");
    world.idv("tracker run --once").run().exits(0);
    let history = world.json(&format!("tracker history primary:{ORG}")).found("history");
    let events: Vec<&Value> =
        history["observations"].as_array().unwrap().iter().map(|seen| &seen["event_id"]).collect();
    assert!(events.contains(&&json!("msg_1")), "the early event was joined: {history}");
    let later = event(&world, "msg_2", &json!({"organizationId": ORG, "status": "REJECTED"}));
    let stored = world.json(&later).found("event");
    assert_eq!(stored["tracked"]["receipt"], "recorded");
    assert_eq!(stored["tracked"]["verification"]["reference"], "case-7781");
    world.write("headers.txt", "svix-id: msg_3\nsvix-timestamp: 1\nsvix-signature: v1,AAAA");
    world.json(&later).fails("webhook_rejected");
    world.json(&format!("{later} --at 2026-07-01T09:12:44Z")).fails("config");
}

/// The application is told at its own URL, by the worker.
#[test]
fn transitions_are_sent_to_the_application() {
    let world = World::with(|seen| match seen.line().as_str() {
        "POST /told" => Reply::json(200, &json!({})),
        _ => good(seen),
    })
    .tracked();
    let delivery = format!(
        "url = \"sqlite://idv.db\"\ndeliver_to = \"{}/told\"\ndeliver_secrets = [{{ env = \"DELIVERY\" }}]",
        world.vendor.base
    );
    let world = world.edit("url = \"sqlite://idv.db\"", &delivery);
    let secret = ("DELIVERY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    world.idv(&tracked("primary")).env(secret.0, secret.1).run().exits(0);
    world.idv("tracker run --once").env(secret.0, secret.1).run().exits(0);
    let seen = world.vendor.seen();
    let told = seen.iter().find(|seen| seen.line() == "POST /told").expect("it was told");
    assert!(told.header("webhook-signature").is_some_and(|signature| signature.starts_with("v1,")));
    let body: Value = serde_json::from_slice(&told.body).unwrap();
    assert_eq!(
        (&body["data"]["session"], &body["data"]["status"]),
        (&json!("primary:self"), &json!("in_progress"))
    );
}

#[test]
fn drift_is_listed_and_repaired() {
    let world = World::with(|seen| match seen.line().as_str() {
        "GET /v1/organizations/verification" => Reply::json(200, &nxos_state("APPROVED")),
        line if line.starts_with("GET /v1/sessions/") => Reply::json(503, &json!({"error": "down"})),
        _ => good(seen),
    })
    .tracked();
    world.json(&tracked("primary")).found("session");
    world.json(&tracked("sessions").replace("case-7781", "case-7782")).found("session");
    assert_snapshot!(transcript(&world, "tracker reconcile\ntracker reconcile --repair\ntracker reconcile"));
}

/// The vendor may hold a session that cannot be looked for: nobody gets a second one by accident.
#[test]
fn a_lost_start_is_not_repeated() {
    let start = tracked("cards");
    let lost = World::with(|_| Reply::Close).tracked();
    let error = lost.json(&start).error();
    assert_eq!((&error["retry"], &error["delivery"]), (&json!("after_check"), &json!("unknown")), "{error}");
    let again = lost.json(&start).fails("conflict");
    assert_eq!((&again["retry"], &again["delivery"]), (&json!("after_check"), &json!("unknown")), "{again}");
    assert_eq!((&again["provider"], &again["operation"]), (&json!("cards"), &json!("start")));
    assert_eq!(lost.vendor.seen().len(), 1, "the vendor was asked once");
    let history = lost.json("tracker history --reference case-7781").found("history");
    assert_eq!(history["verification"]["phase"], "uncertain");
}

#[test]
fn what_the_store_does_not_have_is_not_found() {
    let world = World::new().tracked();
    for command in [
        "tracker history primary:self",
        "tracker history --reference case-1",
        "tracker history --id 7",
        "tracker erase primary:self --yes",
        "tracker erase --id 7 --yes",
        "check primary:self --track",
        "cancel primary:self --track",
        &format!("redirect {} {URL}&status=success --track", reference("sessions")),
    ] {
        world.json(command).fails("not_found");
    }
    world.vendor.none("the store is asked first");
    for command in [
        "tracker history",
        "tracker history primary:self --id 1",
        "tracker erase --yes",
        "tracker replay --after -1",
    ] {
        world.json(command).exits(2);
    }
    for command in ["tracker history nonsense", "tracker erase nonsense --yes"] {
        world.json(command).exits(2).error();
    }
}

#[test]
fn an_erasure_is_confirmed() {
    let world = World::new().tracked();
    world.json(&tracked("primary")).found("session");
    world.json("tracker erase primary:self").fails("config");
    assert_eq!(world.json("tracker history primary:self").found("history")["verification"]["id"], 1);
}

#[test]
fn the_vendor_erases_where_it_can() {
    let world = World::direct().tracked();
    let session =
        world.json("start --reference case-7 --first-name Ada --last-name L --track").found("session");
    let reference = session["reference"].as_str().unwrap();
    let erasure = world.json(&format!("tracker erase {reference} --yes")).found("erasure");
    assert_eq!((&erasure["reference"], &erasure["provider"]), (&session["reference"], &json!("people")));
    assert_eq!((&erasure["state"], &erasure["verification"]), (&json!("accepted"), &json!(1)));
}
