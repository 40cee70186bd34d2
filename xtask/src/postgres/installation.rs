//! The PostgreSQL server's programs: found, or installed as a Debian package.

use crate::process::{Failure, Result, Run, during};
use crate::tools;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The oldest server that is used.
const OLDEST: u32 = 13;

/// The programs without which a folder holds no server. Debian's client packages bring a folder without them.
const PROGRAMS: &[&str] = &["initdb", "pg_ctl", "postgres"];

/// Debian's folder for servers: one folder for each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder whose files say how Debian makes a cluster when a server is installed.
const DEBIAN_CLUSTERS: &str = "/etc/postgresql-common/createcluster.d";

/// A folder of programs, and the major version of the server in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Installation {
    pub(super) binaries: PathBuf,
    pub(super) version: u32,
}

impl Installation {
    /// Finds a server; where there is none, installs one if that is possible.
    pub(super) fn prepare() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        without_cluster(tools::postgres)?;
        Self::find().ok_or_else(|| Failure(missing(&candidates())))
    }

    fn find() -> Option<Self> {
        first_usable(&candidates(), version_in)
    }
}

/// The folders to look into, best first.
fn candidates() -> Vec<PathBuf> {
    let asked = Run::new("pg_config").args(["--bindir"]).answer().map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    asked.into_iter().chain(newest_first(Path::new(DEBIAN))).chain(env::split_paths(&path)).collect()
}

/// Each version's folder of programs, newest version first.
fn newest_first(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|folder| Some((major(folder.file_name()?.to_str()?)?, folder.join("bin"))))
        .collect();
    versions.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
    versions.into_iter().map(|(_, binaries)| binaries).collect()
}

fn first_usable(candidates: &[PathBuf], version_in: impl Fn(&Path) -> Option<u32>) -> Option<Installation> {
    candidates.iter().find_map(|binaries| {
        let version = version_in(binaries).filter(|version| *version >= OLDEST)?;
        Some(Installation { binaries: binaries.clone(), version })
    })
}

/// The version of the server in a folder; none where a program is missing.
fn version_in(binaries: &Path) -> Option<u32> {
    if !PROGRAMS.iter().all(|program| binaries.join(program).is_file()) {
        return None;
    }
    version(&Run::new(binaries.join("postgres")).args(["--version"]).answer()?)
}

/// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn version(text: &str) -> Option<u32> {
    major(text.strip_prefix("postgres (PostgreSQL) ")?)
}

/// The number at the beginning: 17 of `17beta1`.
fn major(text: &str) -> Option<u32> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

fn missing(searched: &[PathBuf]) -> String {
    let searched: Vec<_> = searched.iter().map(|folder| folder.display().to_string()).collect();
    format!(
        "missing: a PostgreSQL server, version {OLDEST} or newer ({} of one folder). Install it with `apt-get install \
         postgresql`, or put its folder into PATH; searched: {}",
        PROGRAMS.join(", "),
        searched.join(", ")
    )
}

/// Keeps Debian from making a cluster, and with it a server on the usual port, while the package is installed.
fn without_cluster(install: impl FnOnce() -> Result<()>) -> Result<()> {
    // Where nothing can be installed, the installation says so.
    let file = Path::new(DEBIAN_CLUSTERS).join("idv-xtask.conf");
    let written = tools::can_install();
    if written {
        during(DEBIAN_CLUSTERS, fs::create_dir_all(DEBIAN_CLUSTERS))?;
        during(file.display(), fs::write(&file, "create_main_cluster = false\n"))?;
    }
    let outcome = install();
    if written {
        during(file.display(), fs::remove_file(&file))?;
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::{Installation, OLDEST, first_usable, major, missing, newest_first, version};
    use std::fs;
    use std::path::{Path, PathBuf};

    #[test]
    fn versions_are_read() {
        assert_eq!(version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(version("postgres (PostgreSQL) 9.6.24"), Some(9));
        assert_eq!(version("psql (PostgreSQL) 15.18"), None);
        assert_eq!(major(""), None);
        assert_eq!(major("main"), None);
    }

    #[test]
    fn versions_are_ordered_by_number() {
        let folder = std::env::temp_dir().join(format!("idv-xtask-versions-{}", std::process::id()));
        for name in ["9.6", "13", "17", "common"] {
            fs::create_dir_all(folder.join(name)).unwrap();
        }
        let expected: Vec<PathBuf> =
            ["17", "13", "9.6"].iter().map(|name| folder.join(name).join("bin")).collect();
        assert_eq!(newest_first(&folder), expected);
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(newest_first(&folder), Vec::<PathBuf>::new());
    }

    #[test]
    fn the_first_server_that_is_new_enough_is_used() {
        let candidates: Vec<PathBuf> = ["/client", "/old", "/new", "/newer"].map(PathBuf::from).into();
        let version_in = |folder: &Path| match folder.to_str() {
            Some("/old") => Some(OLDEST - 1),
            Some("/new") => Some(OLDEST),
            Some("/newer") => Some(OLDEST + 1),
            _ => None,
        };
        let found = first_usable(&candidates, version_in);
        assert_eq!(found, Some(Installation { binaries: "/new".into(), version: OLDEST }));
        assert_eq!(first_usable(&candidates[..2], version_in), None);
    }

    #[test]
    fn a_missing_server_is_named_with_the_package_and_the_folders() {
        let message = missing(&["/a".into(), "/b".into()]);
        assert!(message.starts_with("missing: a PostgreSQL server, version 13 or newer"), "{message}");
        assert!(message.contains("`apt-get install postgresql`"), "{message}");
        assert!(message.ends_with("searched: /a, /b"), "{message}");
    }
}
