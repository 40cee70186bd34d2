//! The table `[tracker]`, and databases that cannot be used.

use insta::assert_snapshot;
use serde_json::json;

use super::tracked;
use crate::support::*;

const COMMANDS: [&str; 6] = [
    "tracker run --once",
    "tracker status",
    "tracker history primary:self",
    "tracker replay",
    "tracker reconcile",
    "tracker erase primary:self --yes",
];

/// A configuration whose database is elsewhere.
fn at(url: &str) -> World {
    World::new().tracked().edit("\"sqlite://idv.db\"", url)
}

#[test]
fn without_the_table_each_command_says_what_to_add() {
    let world = World::new();
    let track = ["check primary:self --track".to_owned(), tracked("primary")];
    for command in COMMANDS.into_iter().map(str::to_owned).chain(track) {
        let error = world.json(&command).fails("config");
        assert_eq!(error["config"][0]["path"], "tracker", "{command}: {error}");
    }
    assert_snapshot!("without_a_table", world.transcript("tracker status"));
    world.vendor.none("there is nowhere to keep it");
}

#[test]
fn mistakes_are_listed_with_those_of_the_rest() {
    let world = World::new().tracked().edit("active = \"primary\"", "active = \"nobody\"");
    let mistakes = "url = \"mysql://idv\"\nhold = \"soon\"\nbatch = 0\nconcurrency = \"many\"\nquota_percent = 101\nlaese = \"2m\"";
    let world = world.edit("url = \"sqlite://idv.db\"", mistakes);
    assert_snapshot!("mistakes", world.transcript("config check"));
    let address = at("\"mysql://canary-password@idv\"");
    assert_snapshot!("another_address", address.transcript("config check\ntracker status"));
    assert_snapshot!("no_variable", at("{ env = \"IDV_TRACKER_URL\" }").transcript("tracker status"));
    let wrong = at("{ env = \"IDV_TRACKER_URL\" }");
    let unreplaced = wrong.idv("tracker status --json").env("IDV_TRACKER_URL", "${DATABASE_URL}").run();
    assert_eq!(unreplaced.fails("config")["config"][0]["path"], "tracker.url");
}

#[test]
fn a_literal_password_is_warned_about() {
    let written = at("\"postgres://idv:canary-password@localhost/idv\"");
    assert_snapshot!("literal_password", written.transcript("config check"));
    for fine in ["\"postgres://idv@localhost/idv\"", "\"sqlite://idv.db\""] {
        let config = at(fine).json("config check").found("config");
        assert_eq!(config["warnings"], json!([]), "{fine}");
    }
}

/// A relative path starts at the configuration, and secrets can hold the address.
#[test]
fn the_database_lies_beside_the_configuration() {
    let world = World::new();
    let folder = world.path("a folder");
    std::fs::create_dir(&folder).unwrap();
    let text =
        world.text("idv.toml") + "\n[tracker]\nurl = { file = \"address\" }\nhold = \"2h\"\nbatch = 8\n";
    std::fs::write(folder.join("idv.toml"), text).unwrap();
    std::fs::write(folder.join("address"), "sqlite://kept.db\n").unwrap();
    let status = world.idv("tracker status --json --config").arg("a folder/idv.toml").run();
    assert_eq!(status.found("tracker")["transitions"], 0);
    assert!(folder.join("kept.db").exists() && !world.path("kept.db").exists());
}

#[test]
fn a_database_that_cannot_be_used_is_unavailable() {
    let nowhere = at("\"sqlite://gone/idv.db\"");
    let error = nowhere.json("tracker status").fails("unavailable");
    assert_eq!((&error["retry"], &error["delivery"]), (&json!("allowed"), &json!("not_sent")));
    nowhere.json(&tracked("primary")).fails("unavailable");
    nowhere.vendor.none("nothing is started that cannot be kept");
    let other = at("\"sqlite://body.bin\"");
    other.write("body.bin", &"no database ".repeat(1000));
    assert_eq!(other.json("tracker status").fails("unavailable")["retry"], "never");
    let server = at("{ env = \"IDV_TRACKER_URL\" }");
    let address = "postgres://idv:canary-password@127.0.0.1:9/idv";
    let ran = server.idv("tracker status --json -vv").env("IDV_TRACKER_URL", address).run();
    ran.fails("unavailable");
    assert!(!ran.stderr.contains("canary"), "{ran}");
    assert_snapshot!("unavailable", nowhere.transcript("tracker status"));
}
