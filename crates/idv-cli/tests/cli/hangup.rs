//! SIGHUP to a running `idv watch`: the configuration is read again, as a whole or not at all.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::*;

/// A watch under way. It ends by itself after a while, so that a test that waits in vain fails.
struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    err: BufReader<ChildStderr>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next line, without its end; empty where there is none.
fn line(from: &mut impl BufRead) -> String {
    let mut line = String::new();
    from.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

impl Running {
    fn start(world: &World, more: &str) -> Self {
        let args = format!("{} --for 60s {more}", about("watch", "primary"));
        let mut command = world.idv(&args).command();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let err = BufReader::new(child.stderr.take().unwrap());
        Self { child, out, err }
    }

    fn hang_up(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-HUP", &pid]).status().unwrap().success());
    }

    /// What is said on stderr until this line, or the end.
    fn told_until(&mut self, last: &str) -> Vec<String> {
        let mut lines = Vec::new();
        while lines.last().is_none_or(|line: &String| line != last && !line.is_empty()) {
            lines.push(line(&mut self.err));
        }
        lines
    }

    fn document(&mut self) -> Value {
        let line = line(&mut self.err);
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("no document ({error}): {line}"))
    }
}

/// A vendor that has not decided, and the configuration of one that has.
fn vendors() -> (World, Vendor) {
    let world = World::always(Reply::json(200, &nxos_state("PENDING")));
    (world, Vendor::always(Reply::json(200, &nxos_state("APPROVED"))))
}

/// A configuration with two mistakes, in lines 1 and 4.
fn wrong(world: &World) -> String {
    let text = config(&world.vendor.base, "nobody");
    text.replacen("kind = \"nxos\"", "kind = \"nxoss\"", 1)
}

#[test]
fn a_watch_goes_on_with_the_new_configuration() {
    let (world, decided) = vendors();
    let mut watch = Running::start(&world, "");
    assert!(line(&mut watch.out).contains("in_progress"));
    let begun = Instant::now();

    world.write("idv.toml", &wrong(&world));
    watch.hang_up();
    let told = watch.told_until("The configuration stays as it was.").join("\n");
    assert!(told.starts_with("error: ") && told.ends_with("The configuration stays as it was."), "{told}");
    for place in ["active (line 1, column", "providers.primary.kind (line 4, column"] {
        assert!(told.contains(place), "{place} is missing: {told}");
    }

    world.write("idv.toml", &config(&decided.base, "cards"));
    watch.hang_up();
    let told = line(&mut watch.err);
    assert_eq!(
        told,
        "The configuration was read again: active: primary -> cards; rebuilt: cards, primary, sessions, signup."
    );
    assert!(line(&mut watch.out).contains("approved"));
    assert!(begun.elapsed() < Duration::from_secs(12), "the vendor's own pause, 15 s, was not waited out");
    assert!(watch.child.wait().unwrap().success());
    assert_eq!((world.vendor.seen().len(), decided.seen().len()), (1, 1));
}

#[test]
fn programs_read_documents() {
    let (world, decided) = vendors();
    let mut watch = Running::start(&world, "--json");
    let status = |line: &str| serde_json::from_str::<Value>(line).unwrap()["verification"]["status"].clone();
    assert_eq!(status(&line(&mut watch.out)), "in_progress");

    world.write("idv.toml", &wrong(&world));
    watch.hang_up();
    let reload = watch.document()["reload"].clone();
    assert_eq!((&reload["changes"], &reload["error"]["kind"]), (&Value::Null, &json!("config")));
    let paths: Vec<&Value> =
        reload["error"]["config"].as_array().unwrap().iter().map(|problem| &problem["path"]).collect();
    assert_eq!(paths, ["active", "providers.primary.kind"]);

    let retired = config(&decided.base, "cards")
        .replace("[providers.primary]\n", "[providers.primary]\nretired = true\n");
    world.write("idv.toml", &retired);
    watch.hang_up();
    let rebuilt = ["cards", "primary", "sessions", "signup"];
    assert_eq!(
        watch.document(),
        json!({"reload": {"error": null, "changes": {
            "active": {"from": "primary", "to": "cards"}, "routing": false,
            "added": [], "removed": [], "kind_changed": [],
            "rebuilt": rebuilt, "retired": ["primary"], "reinstated": [],
        }}})
    );
    assert_eq!(status(&line(&mut watch.out)), "approved");
    assert!(watch.child.wait().unwrap().success());
}
