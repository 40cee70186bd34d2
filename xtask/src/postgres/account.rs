//! The account that the server runs under: PostgreSQL refuses to run as root.

use crate::process::{Failure, Result, Run, during};
use std::env;
use std::fs::DirBuilder;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::{Path, PathBuf};

/// The accounts that root runs the server under, best first. The first comes with Debian's package.
const WITHOUT_RIGHTS: &[&str] = &["postgres", "nobody"];

/// Our own account, or another one where we are root.
pub(super) struct Account {
    other: Option<Other>,
}

struct Other {
    uid: u32,
    gid: u32,
}

impl Account {
    pub(super) fn choose() -> Result<Self> {
        if id(&["-u"]) != Some(0) {
            return Ok(Self { other: None });
        }
        let ids = |name: &&str| Some(Other { uid: id(&["-u", name])?, gid: id(&["-g", name])? });
        let other = WITHOUT_RIGHTS.iter().find_map(ids).ok_or_else(|| {
            let names = WITHOUT_RIGHTS.join("` nor `");
            Failure(format!(
                "PostgreSQL does not run as root, and there is neither an account `{names}`: add one of them"
            ))
        })?;
        if !Run::new("setpriv").args(["--version"]).succeeds() {
            let package = "Install it with `apt-get install util-linux` (as root on Debian)";
            return Err(Failure(format!("missing: setpriv, which runs PostgreSQL without root. {package}")));
        }
        Ok(Self { other: Some(other) })
    }

    /// The words that precede a command which the account runs.
    pub(super) fn prefix(&self) -> Vec<String> {
        let Some(Other { uid, gid }) = &self.other else { return Vec::new() };
        let ids = [format!("--reuid={uid}"), format!("--regid={gid}")];
        ["setpriv".to_owned()].into_iter().chain(ids).chain(["--clear-groups".to_owned()]).collect()
    }

    /// The numbers of another account, as `1:1`; empty for our own.
    pub(super) fn numbers(&self) -> String {
        self.other.as_ref().map_or_else(String::new, |Other { uid, gid }| format!("{uid}:{gid}"))
    }

    /// Makes a folder that belongs to the account, and that it can reach.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf> {
        let places = [env::temp_dir(), "/tmp".into()];
        let place = places.iter().find(|place| self.reaches(place)).ok_or_else(|| {
            Failure(format!("{} cannot be reached by the account of PostgreSQL", places[0].display()))
        })?;
        let folder = place.join(name);
        during(folder.display(), DirBuilder::new().mode(0o700).create(&folder))?;
        if let Some(Other { uid, gid }) = self.other {
            during(folder.display(), chown(&folder, Some(uid), Some(gid)))?;
        }
        Ok(folder)
    }

    fn reaches(&self, place: &Path) -> bool {
        let test = ["test".to_owned(), "-x".to_owned(), place.display().to_string()];
        let words: Vec<String> = self.prefix().into_iter().chain(test).collect();
        Run::new(&words[0]).args(&words[1..]).dir(Path::new("/")).succeeds()
    }
}

fn id(arguments: &[&str]) -> Option<u32> {
    Run::new("id").args(arguments).answer()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Account, Other};

    #[test]
    fn only_another_account_needs_a_prefix() {
        assert!(Account { other: None }.prefix().is_empty());
        let prefix = Account { other: Some(Other { uid: 101, gid: 104 }) }.prefix();
        assert_eq!(prefix.join(" "), "setpriv --reuid=101 --regid=104 --clear-groups");
        assert_eq!(Account { other: None }.numbers(), "");
        assert_eq!(Account { other: Some(Other { uid: 101, gid: 104 }) }.numbers(), "101:104");
    }

    #[test]
    fn the_account_reaches_its_folder() {
        let account = Account::choose().unwrap();
        let folder = account.folder(&format!("idv-xtask-account-{}", std::process::id())).unwrap();
        assert!(account.reaches(&folder));
        std::fs::remove_dir(&folder).unwrap();
    }
}
