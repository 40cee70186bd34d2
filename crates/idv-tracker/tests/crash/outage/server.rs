//! A PostgreSQL server of the test's own, which can be killed.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use uuid::Uuid;

use crate::wait::until;

/// Prints the process id of the server and runs it until standard input ends, which it does with the process of the test.
const SUPERVISOR: &str = r#"
    exec 3<&0 </dev/null
    "$@" 3<&- >>log 2>&1 &
    server=$!
    echo "$server"
    (read -r _ <&3; kill -QUIT "$server") >/dev/null 2>&1 &
    watcher=$!
    wait "$server"
    kill "$watcher"
"#;

/// How often it is looked whether the server is ready.
const STEP: Duration = Duration::from_millis(20);

/// The server. It is stopped when it is dropped.
pub(super) struct Server {
    programs: PathBuf,
    /// The user and the group under which it runs, where it cannot run under ours.
    account: Option<(u32, u32)>,
    folder: TempDir,
    port: u16,
    password: String,
    running: Option<Running>,
}

/// The server's first process, and the shell that started it.
struct Running {
    supervisor: Child,
    pid: Pid,
}

impl Server {
    pub(super) async fn start() -> Self {
        let account = variable("IDV_TEST_POSTGRES_ACCOUNT");
        let account =
            account.split_once(':').map(|(user, group)| (user.parse().unwrap(), group.parse().unwrap()));
        let folder = tempfile::tempdir().unwrap();
        if let Some((user, group)) = account {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let mut server = Self {
            programs: variable("IDV_TEST_POSTGRES_PROGRAMS").into(),
            account,
            folder,
            port: TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(),
            password: Uuid::new_v4().simple().to_string(),
            running: None,
        };
        server.make();
        server.start_again().await;
        server
    }

    pub(super) fn url(&self) -> String {
        format!("postgres://idv:{}@127.0.0.1:{}/postgres", self.password, self.port)
    }

    /// SIGKILL for the server's first process. Its others end when they notice that.
    pub(super) fn kill(&mut self) {
        let mut running = self.running.take().unwrap();
        kill_process(running.pid, Signal::KILL).unwrap();
        running.supervisor.wait().unwrap();
    }

    /// Starts it, and waits until it has recovered what was committed and takes connections.
    pub(super) async fn start_again(&mut self) {
        // It does not start as long as a process of the one that was killed is still there.
        let running = until("a PostgreSQL server", async || self.run().await.ok_or_else(|| self.log())).await;
        self.running = Some(running);
    }

    /// Makes its folder of data.
    fn make(&self) {
        let password = self.folder.path().join("password");
        std::fs::write(&password, &self.password).unwrap();
        let mut command = self.command(&self.programs.join("initdb"));
        command.args(["--pgdata=data", "--username=idv", "--pwfile=password", "--auth=scram-sha-256"]);
        command.args(["--encoding=UTF8", "--locale=C", "--no-sync"]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::remove_file(password).unwrap();
    }

    /// Runs it; `None` where it ends before it is ready.
    async fn run(&self) -> Option<Running> {
        let mut command = self.command(Path::new("sh"));
        command.args(["-c", SUPERVISOR, "supervisor"]).arg(self.programs.join("postgres"));
        command.args([
            "-D",
            "data",
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            &format!("port={}", self.port),
        ]);
        command.args(["-c", "unix_socket_directories=", "-c", "fsync=on", "-c", "timezone=UTC"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut supervisor = command.spawn().unwrap();
        let mut pid = String::new();
        BufReader::new(supervisor.stdout.take().unwrap()).read_line(&mut pid).unwrap();
        let status = self.folder.path().join("data/postmaster.pid");
        while supervisor.try_wait().unwrap().is_none() {
            if std::fs::read_to_string(&status).is_ok_and(|text| is_ready(&text, &pid)) {
                return Some(Running {
                    supervisor,
                    pid: Pid::from_raw(pid.trim().parse().unwrap()).unwrap(),
                });
            }
            tokio::time::sleep(STEP).await;
        }
        None
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("LC_ALL", "C");
        if let Some((user, group)) = self.account {
            command.uid(user).gid(group);
        }
        command
    }

    /// The end of its log.
    fn log(&self) -> String {
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        log.lines().last().unwrap_or_default().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            drop(running.supervisor.stdin.take());
            let _ = running.supervisor.wait();
        }
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} says how a server is started: run `cargo xtask postgres -- cargo test -p idv-tracker`")
    })
}

/// The server writes its process id into the first line of its file, and its state into the eighth.
fn is_ready(status: &str, pid: &str) -> bool {
    let lines: Vec<_> = status.lines().map(str::trim).collect();
    lines.first() == Some(&pid.trim()) && lines.get(7) == Some(&"ready")
}
