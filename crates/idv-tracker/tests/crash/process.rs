//! A process of a test: the test binary itself, started again.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::settings::{Settings, VARIABLE};

/// The word before the port, or before a report, in what a process prints.
pub(crate) const TOLD: &str = "told the parent:";

/// How long a process may take until it says something, or to end.
const PATIENCE: Duration = Duration::from_secs(120);

/// A process that is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Process {
    pub(crate) fn spawn(settings: &Settings) -> Self {
        Self::of(Command::new(std::env::current_exe().unwrap()), settings)
    }

    /// The same with files of no more than so many blocks: what is beyond is refused, as on a full disk.
    pub(crate) fn spawn_with_small_files(settings: &Settings, blocks: u32) -> Self {
        let mut command = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        command.args(["-c", &script]).arg(std::env::current_exe().unwrap());
        Self::of(command, settings)
    }

    fn of(mut command: Command, settings: &Settings) -> Self {
        let mut child = command
            .args(["--exact", "child::a_process_of_a_test", "--ignored", "--nocapture"])
            .env(VARIABLE, serde_json::to_string(settings).unwrap())
            .env("RUST_TEST_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next thing that it tells; `None` where it ended.
    pub(crate) async fn told(&mut self) -> io::Result<Option<String>> {
        let reading = async {
            while let Some(line) = self.lines.next_line().await? {
                if let Some((_, told)) = line.split_once(TOLD) {
                    return Ok(Some(told.trim().to_owned()));
                }
            }
            Ok(None)
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("a process says something in time")
    }

    /// The port at which it serves.
    pub(crate) async fn port(&mut self) -> u16 {
        self.told().await.unwrap().expect("a process serves").parse().unwrap()
    }

    /// SIGKILL.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Lets it end by itself, and gives the last thing that it told.
    pub(crate) async fn end(mut self) -> Option<String> {
        drop(self.child.stdin.take());
        let mut last = None;
        while let Some(told) = self.told().await.unwrap() {
            last = Some(told);
        }
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await.expect("a process ends in time");
        assert!(status.unwrap().success(), "a process ends well");
        last
    }

    /// SIGSTOP, or SIGCONT.
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id().unwrap()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
    }
}
