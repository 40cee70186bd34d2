//! A private cluster: a server of its own, in a fresh folder and on a free port, that ends with its owner.

use super::account::Account;
use super::installation::Installation;
use crate::process::{Failure, Result, Run, during};
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Making the cluster and starting the server takes about two seconds on an idle machine.
const TIME_LIMIT: Duration = Duration::from_secs(60);

const PAUSE: Duration = Duration::from_millis(20);

/// Another program may take the free port first.
const ATTEMPTS: usize = 3;
const PORT_TAKEN: &str = "Address already in use";

/// The environment variable that tests read the address from.
const VARIABLE: &str = "IDV_TEST_POSTGRES";

/// The variables from which a test that starts a server of its own reads the folder of the programs, and the account.
const PROGRAMS: &str = "IDV_TEST_POSTGRES_PROGRAMS";
const ACCOUNT: &str = "IDV_TEST_POSTGRES_ACCOUNT";

const USER: &str = "idv";
const SUPERVISOR: &str = include_str!("supervisor.sh");

/// How the server works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Whether a commit waits for the disk, as in production.
    pub(crate) fsync: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { fsync: true }
    }
}

/// A running server. The supervisor, a shell script, stops it and removes its folder when this value is dropped, and also
/// when this process is killed: its standard input is closed either way. If the supervisor itself is killed, the kernel
/// stops the server, where `setpriv` is there to ask for that.
pub(crate) struct Cluster {
    supervisor: Child,
    folder: PathBuf,
    url: String,
    programs: String,
    account: String,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Cluster {
    /// Starts a server, which is installed first where it is missing, and waits until it accepts connections.
    pub(crate) fn start(settings: &Settings) -> Result<Self> {
        let (installation, account) = (Installation::prepare()?, Account::choose()?);
        let mut attempts = 1;
        loop {
            let outcome = Self::launch(&installation, &account, settings).and_then(Self::ready);
            match outcome {
                Err(Failure(message)) if message.contains(PORT_TAKEN) && attempts < ATTEMPTS => attempts += 1,
                outcome => return outcome,
            }
        }
    }

    /// Tells a program the address, in `IDV_TEST_POSTGRES`, and how it can start a server of its own.
    pub(crate) fn export(&self, run: Run) -> Run {
        self.variables().into_iter().fold(run, |run, (name, value)| run.env(name, value))
    }

    /// All that a program is told in its environment.
    pub(super) fn variables(&self) -> [(&'static str, &str); 3] {
        [(VARIABLE, &self.url), (PROGRAMS, &self.programs), (ACCOUNT, &self.account)]
    }

    /// Whether the server has not ended by itself.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.supervisor.try_wait(), Ok(None))
    }

    fn launch(installation: &Installation, account: &Account, settings: &Settings) -> Result<Self> {
        let (password, port) = (random()?, free_port()?);
        let folder = account.folder(&format!("idv-postgres-{}", &random()?[..12]))?;
        let mut words = account.prefix();
        words.extend(["sh", "-c", SUPERVISOR, "supervisor"].map(str::to_owned));
        words.extend([folder.display().to_string(), installation.binaries.display().to_string()]);
        words.push(USER.to_owned());
        words.extend(server(&installation.binaries, &folder, port, settings));
        let mut command = Command::new(&words[0]);
        // A process group of its own: Ctrl-C must not reach the supervisor before it has stopped the server.
        command.args(&words[1..]).current_dir("/").env("LC_ALL", "C").process_group(0);
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let url = format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres");
        let (programs, account) = (installation.binaries.display().to_string(), account.numbers());
        let supervisor = during(&words[0], spawned)?;
        let mut cluster = Self { supervisor, folder, url, programs, account };
        if let Some(input) = &mut cluster.supervisor.stdin {
            during("PostgreSQL's supervisor", writeln!(input, "{password}"))?;
        }
        Ok(cluster)
    }

    fn ready(mut self) -> Result<Self> {
        let start = Instant::now();
        let status = self.folder.join("data/postmaster.pid");
        while !fs::read_to_string(&status).is_ok_and(|text| is_ready(&text)) {
            if !self.is_running() {
                return Err(Failure(format!("PostgreSQL did not start. Its log ends so:\n{}", self.stop())));
            }
            if start.elapsed() > TIME_LIMIT {
                let seconds = TIME_LIMIT.as_secs();
                let log = self.stop();
                return Err(Failure(format!(
                    "PostgreSQL was not ready in {seconds} seconds. Its log ends so:\n{log}"
                )));
            }
            sleep(PAUSE);
        }
        Ok(self)
    }

    /// Stops the server, waits until its folder is removed, and gives the end of its log.
    fn stop(&mut self) -> String {
        drop(self.supervisor.stdin.take());
        let mut log = Vec::new();
        if let Some(mut out) = self.supervisor.stdout.take() {
            // A log that cannot be read is an empty one: the server is stopped all the same.
            let _ = out.read_to_end(&mut log);
        }
        let _ = self.supervisor.wait();
        let _ = fs::remove_dir_all(&self.folder);
        String::from_utf8_lossy(&log).into_owned()
    }
}

/// The command of the server. It takes connections on this machine alone.
fn server(binaries: &Path, folder: &Path, port: u16, settings: &Settings) -> Vec<String> {
    let ends_with_parent = ["setpriv", "--pdeathsig", "INT"];
    let supported = Run::new(ends_with_parent[0]).args(&ends_with_parent[1..]).args(["true"]).succeeds();
    let mut words: Vec<String> =
        ends_with_parent.iter().filter(|_| supported).map(|word| (*word).to_owned()).collect();
    words.push(binaries.join("postgres").display().to_string());
    words.extend(["-D", "data"].map(str::to_owned));
    for setting in [
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
        format!("unix_socket_directories={}", folder.display()),
        format!("fsync={}", if settings.fsync { "on" } else { "off" }),
        "timezone=UTC".to_owned(),
        "log_timezone=UTC".to_owned(),
    ] {
        words.extend(["-c".to_owned(), setting]);
    }
    words
}

/// The server writes its state into the eighth line of `postmaster.pid`.
fn is_ready(postmaster: &str) -> bool {
    postmaster.lines().nth(7).is_some_and(|line| line.trim() == "ready")
}

/// A port that no program uses now.
fn free_port() -> Result<u16> {
    for _ in 0..100 {
        let port = random_port(random_bytes()?);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    Err(Failure("no free port on 127.0.0.1".to_owned()))
}

/// The system gives the ports above to connections and to servers that ask for any port. Tests on the same machine can use
/// almost all of those, so that a free one is soon taken.
fn random_port(bytes: [u8; 2]) -> u16 {
    10_000 + u16::from_le_bytes(bytes) % 20_000
}

/// A hundred and twenty-eight random bits.
fn random() -> Result<String> {
    Ok(random_bytes::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn random_bytes<const COUNT: usize>() -> Result<[u8; COUNT]> {
    let (source, mut bytes) = ("/dev/urandom", [0; COUNT]);
    during(source, fs::File::open(source).and_then(|mut file| file.read_exact(&mut bytes)))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Account, Cluster, Installation, Settings, is_ready, random, random_port, server};
    use std::net::TcpStream;
    use std::path::Path;

    #[test]
    fn the_state_is_read() {
        let file = |state: &str| format!("1\n/d\n2\n5432\n/s\n127.0.0.1\n  3  4\n{state}\n");
        assert!(is_ready(&file("ready   ")));
        assert!(!is_ready(&file("starting")));
        assert!(!is_ready("1\n/d\n2\n"));
        assert!(!is_ready(""));
    }

    #[test]
    fn commits_wait_for_the_disk_unless_asked_otherwise() {
        let command = |settings: &Settings| server(Path::new("/b"), Path::new("/f"), 5, settings).join(" ");
        assert!(command(&Settings::default()).contains("-c fsync=on"));
        assert!(command(&Settings { fsync: false }).contains("-c fsync=off"));
        assert!(command(&Settings::default()).contains("-c listen_addresses=127.0.0.1 -c port=5 "));
    }

    #[test]
    fn ports_are_below_those_of_the_system() {
        assert_eq!(random_port([0, 0]), 10_000);
        for bytes in [[0x1f, 0x4e], [0xff, 0xff], [0x20, 0x4e]] {
            assert!((10_000..30_000).contains(&random_port(bytes)));
        }
    }

    #[test]
    fn passwords_differ() {
        assert_eq!(random().unwrap().len(), 32);
        assert_ne!(random().unwrap(), random().unwrap());
    }

    #[test]
    fn a_server_ends_with_its_owner() {
        let mut cluster = Cluster::start(&Settings::default()).unwrap();
        let (_, address) = cluster.url.rsplit_once('@').unwrap();
        let address = address.trim_end_matches("/postgres").to_owned();
        let folder = cluster.folder.clone();
        assert!(cluster.is_running());
        assert!(TcpStream::connect(&address).is_ok());
        drop(cluster);
        assert!(TcpStream::connect(&address).is_err());
        assert!(!folder.exists());
    }

    #[test]
    fn a_server_that_does_not_start_shows_its_log() {
        let nowhere = Installation { binaries: "/no-such-folder-of-ours".into(), version: 15 };
        let launched = Cluster::launch(&nowhere, &Account::choose().unwrap(), &Settings::default()).unwrap();
        let folder = launched.folder.clone();
        let Err(failure) = launched.ready() else { panic!("there is no server") };
        assert!(failure.0.starts_with("PostgreSQL did not start. Its log ends so:\n"), "{}", failure.0);
        assert!(failure.0.contains("/no-such-folder-of-ours/initdb: "), "{}", failure.0);
        assert!(!folder.exists());
    }
}
