//! The crates of others: each that we name is used, and each that comes along is allowed.

use crate::process::{Result, Run};
use crate::tools::{CARGO_DENY, CARGO_MACHETE};
use crate::workspace::Workspace;
use std::path::Path;

/// No `Cargo.toml` names a crate that no code uses.
pub(crate) fn unused(workspace: &Workspace) -> Result<()> {
    look_for_unused(&CARGO_MACHETE.of_project(workspace)?, &workspace.root).captured().map(drop)
}

/// Every crate comes from the registry, under a licence and in a version that `deny.toml` allows.
pub(crate) fn allowed(workspace: &Workspace) -> Result<()> {
    let program = CARGO_DENY.of_project(workspace)?;
    judge(&program, &workspace.root.join("Cargo.toml"), &workspace.root).captured().map(drop)
}

fn look_for_unused(program: &Path, folder: &Path) -> Run {
    Run::new(program).args(["--with-metadata", "--skip-target-dir"]).args([folder]).dir(folder)
}

/// Warnings are refused too: they tell that an exception is not needed any more.
fn judge(program: &Path, manifest: &Path, root: &Path) -> Run {
    Run::new(program)
        .args(["--log-level", "error", "--locked", "--manifest-path"])
        .args([manifest])
        .args(["--config"])
        .args([root.join("deny.toml")])
        .args(["check", "-D", "warnings", "bans", "licenses", "sources"])
}

#[cfg(test)]
mod tests {
    use super::{judge, look_for_unused};
    use crate::process::Run;
    use crate::tools::{CARGO_DENY, CARGO_MACHETE};
    use crate::workspace::Workspace;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// A crate that names another, `native-tls`, and does not use it.
    fn planted(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("idv-{name}-{}", std::process::id()));
        let plant = |at: &Path, manifest: &str| {
            fs::create_dir_all(at.join("src")).unwrap();
            fs::write(at.join("src/lib.rs"), "").unwrap();
            let head = "edition = \"2024\"\nversion = \"1.0.0\"\nlicense = \"GPL-3.0-only\"\n";
            fs::write(at.join("Cargo.toml"), format!("[package]\n{head}{manifest}")).unwrap();
        };
        plant(&folder, "name = \"planted\"\n[workspace]\n[dependencies]\nnative-tls.path = \"other\"\n");
        plant(&folder.join("other"), "name = \"native-tls\"\n");
        Run::cargo("generate-lockfile --offline").dir(&folder).captured().unwrap();
        folder
    }

    #[test]
    fn an_unused_dependency_is_found() {
        let program = CARGO_MACHETE.of_project(&Workspace::load().unwrap()).unwrap();
        let folder = planted("unused");
        let unused = look_for_unused(&program, &folder).told().unwrap();
        fs::write(folder.join("src/lib.rs"), "pub use native_tls as used;").unwrap();
        let used = look_for_unused(&program, &folder).told().unwrap();
        fs::remove_dir_all(folder).unwrap();
        assert!(!unused.1 && used.1, "{} {}", unused.0, used.0);
    }

    #[test]
    fn a_crate_that_is_not_allowed_is_found() {
        let workspace = Workspace::load().unwrap();
        let program = CARGO_DENY.of_project(&workspace).unwrap();
        let folder = planted("denied");
        let (told, passed) = judge(&program, &folder.join("Cargo.toml"), &workspace.root).told().unwrap();
        fs::remove_dir_all(folder).unwrap();
        assert!(!passed);
        for finding in ["the one TLS library is rustls", "GPL-3.0-only", "wildcard"] {
            assert!(told.contains(finding), "{finding}: {told}");
        }
    }
}
