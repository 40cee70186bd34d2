//! What ends a command that runs for long: SIGTERM and SIGINT, heard by a handler, and a reader who goes away. Without a
//! handler, the first process of a container cannot be stopped: the kernel has no default action for it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::support::*;

struct Running {
    child: Child,
    /// None once nobody reads any more.
    out: Option<BufReader<ChildStdout>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already; either way nothing is left behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = child.stdout.take().map(BufReader::new);
        Self { child, out }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.as_mut().unwrap().read_line(&mut line).unwrap();
        line
    }

    fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap().success());
    }

    /// Sends a signal, and returns what was still said and how it ended.
    fn stopped_by(mut self, signal: &str) -> (ExitStatus, String, String) {
        self.signal(signal);
        let (mut out, mut err) = (String::new(), String::new());
        self.out.as_mut().unwrap().read_to_string(&mut out).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap(), out, err)
    }
}

#[test]
fn a_sandbox_ends_as_it_does_by_hand() {
    for signal in ["TERM", "INT"] {
        let mut sandbox = Running::start(idv("sandbox --json").command());
        assert!(sandbox.line().contains("control_url"));
        let (status, out, err) = sandbox.stopped_by(signal);
        assert_eq!((status.code(), out.as_str(), err.as_str()), (Some(0), "", ""), "{signal}: {status}");
    }
}

#[test]
fn a_watch_ends_as_if_its_time_were_up() {
    for signal in ["TERM", "INT"] {
        let world = World::new();
        let mut watch = Running::start(world.idv(&about("watch", "primary")).command());
        assert!(watch.line().contains("in_progress"));
        let (status, out, err) = watch.stopped_by(signal);
        assert_eq!((status.code(), err.as_str()), (Some(0), ""), "{signal}: {status}");
        assert!(out.contains("Stopped. To go on: idv watch primary:self"), "{out}");

        let mut watch = Running::start(world.idv(&about("watch", "primary")).arg("--json").command());
        assert!(watch.line().contains("in_progress"));
        let (status, out, err) = watch.stopped_by(signal);
        assert_eq!((status.code(), out.as_str(), err.as_str()), (Some(0), "", ""), "{signal}: {status}");
    }
}

/// Nothing is known of it yet: that it was stopped is no failure of the vendor.
#[test]
fn a_watch_ends_before_the_vendor_has_answered() {
    for json in ["", "--json"] {
        let world = World::always(Reply::Silence);
        let watch = Running::start(world.idv(&format!("{} {json}", about("watch", "primary"))).command());
        // The vendor has been asked, so the handlers are there.
        while world.vendor.seen().is_empty() {
            std::thread::yield_now();
        }
        let (status, out, err) = watch.stopped_by("TERM");
        assert_eq!((status.code(), out.as_str(), err.as_str()), (Some(0), "", ""), "{status}");
    }
}

/// A session that may be made must not be lost by an impatient hand: the answer is waited for, until a second signal.
#[test]
fn a_start_that_is_interrupted_is_seen_through() {
    for signal in ["TERM", "INT"] {
        let (answer, held) = std::sync::mpsc::channel::<()>();
        let held = std::sync::Mutex::new(held);
        let world = World::with(move |seen| {
            let _ = held.lock().unwrap().recv();
            good(seen)
        });
        let mut running = Running::start(world.idv(&start("sessions")).arg("--json").command());
        while world.vendor.seen().is_empty() {
            std::thread::yield_now();
        }
        running.signal(signal);
        let mut err = BufReader::new(running.child.stderr.take().unwrap());
        let mut said = String::new();
        err.read_line(&mut said).unwrap();
        assert!(said.contains("waiting for the vendor's answer"), "{said}");
        answer.send(()).unwrap();
        let document = running.line();
        assert!(document.contains(SESSION_ID) && running.child.wait().unwrap().success(), "{document}");

        let world = World::always(Reply::Silence);
        let mut running = Running::start(world.idv(&start("sessions")).arg("--json").command());
        while world.vendor.seen().is_empty() {
            std::thread::yield_now();
        }
        running.signal(signal);
        let mut err = BufReader::new(running.child.stderr.take().unwrap());
        err.read_line(&mut said).unwrap();
        running.signal(signal);
        let mut rest = String::new();
        err.read_to_string(&mut rest).unwrap();
        assert_eq!(running.child.wait().unwrap().code(), Some(4), "{rest}");
        let document: serde_json::Value = serde_json::from_str(rest.lines().last().unwrap()).unwrap();
        let error = &document["error"];
        assert_eq!(
            (&error["delivery"], &error["retry"]),
            (&"unknown".into(), &"after_check".into()),
            "{error}"
        );
    }
}

/// As `head -1` does. The next check is a quarter of a minute away, and changes nothing.
#[test]
fn a_watch_ends_with_its_reader_though_nothing_changes() {
    for json in ["", "--json"] {
        let world = World::new();
        let mut watch =
            Running::start(world.idv(&format!("{} --for 60s {json}", about("watch", "primary"))).command());
        assert!(watch.line().contains("in_progress"));
        let begun = Instant::now();
        watch.out = None;
        let status = watch.child.wait().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(12), "it waited for the next check, or longer");
        let mut err = String::new();
        watch.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!((status.code(), err.as_str()), (Some(0), ""), "{status}");
        world.vendor.only();
    }
}

/// A worker tells of what it finds, ends by hand or at the end of its time, and finishes its round.
#[cfg(feature = "tracker")]
#[test]
fn a_worker_ends_quietly() {
    let url = format!("https://app.example/back?session_id={SESSION_ID}&status=success");
    let redirect = format!("redirect {} {url} --track", reference("sessions"));
    for signal in ["TERM", "INT"] {
        let world = World::new().tracked();
        let mut worker = Running::start(world.idv("tracker run --after 0 --json").command());
        world.json(&format!("{} --track", start("sessions"))).found("session");
        assert!(worker.line().contains("\"status\":\"in_progress\""));
        world.json(&redirect).found("redirect");
        assert!(worker.line().contains("\"status\":\"in_review\""), "the worker asked the vendor");
        let (status, out, err) = worker.stopped_by(signal);
        assert_eq!((status.code(), out.as_str(), err.as_str()), (Some(0), "", ""), "{signal}: {status}");
    }
    let world = World::new().tracked();
    let ran = world.idv("tracker run --for 1s").run().exits(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""), "{ran}");
}

#[cfg(feature = "tracker")]
#[test]
fn a_worker_without_a_reader_ends() {
    let world = World::new().tracked();
    let mut worker = Running::start(world.idv("tracker run --after 0").command());
    world.json(&format!("{} --track", start("primary"))).found("session");
    assert!(worker.line().contains("primary:self  nothing -> in_progress"));
    worker.out = None;
    let mut err = String::new();
    worker.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((worker.child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}
