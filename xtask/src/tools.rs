//! The tools that the project needs besides a Rust toolchain: installed where that is possible, and asked for by name
//! where it is not. A missing tool never makes a check disappear.

use crate::process::{Failure, Result, Run};
use crate::workspace::Workspace;
use std::path::{Path, PathBuf};

/// How to see that a tool is there, and Debian's package that brings it.
struct Tool {
    name: &'static str,
    check: &'static [&'static str],
    package: &'static str,
}

/// A program that cargo builds, of the version that its findings were read with.
pub(crate) struct CargoTool {
    name: &'static str,
    version: &'static str,
}

pub(crate) const CARGO_DENY: CargoTool = CargoTool { name: "cargo-deny", version: "0.20.2" };
pub(crate) const CARGO_MACHETE: CargoTool = CargoTool { name: "cargo-machete", version: "0.9.2" };
pub(crate) const CARGO_MUTANTS: CargoTool = CargoTool { name: "cargo-mutants", version: "27.1.0" };
pub(crate) const CARGO_SEMVER_CHECKS: CargoTool =
    CargoTool { name: "cargo-semver-checks", version: "0.51.0" };

const ORACLE_TOOLS: &[Tool] = &[
    Tool { name: "python3", check: &["python3", "--version"], package: "python3" },
    Tool {
        name: "Python's venv module",
        check: &["python3", "-c", "import venv, ensurepip"],
        package: "python3-venv",
    },
    Tool { name: "node", check: &["node", "--version"], package: "nodejs" },
    Tool { name: "npm", check: &["npm", "--version"], package: "npm" },
    // The starts by hand that `idv sandbox` prints.
    Tool { name: "curl", check: &["curl", "--version"], package: "curl" },
    Tool { name: "openssl", check: &["openssl", "version"], package: "openssl" },
];

/// The oldest Node.js that Prism runs on.
const OLDEST_NODE: (u32, u32) = (18, 20);

/// What the oracles are made of.
pub(crate) fn for_oracles() -> Result<()> {
    let missing: Vec<&Tool> = ORACLE_TOOLS.iter().filter(|tool| !tool.present()).collect();
    install(&missing)?;
    let version = Run::new("node").args(["--version"]).captured()?;
    if node_version(&version).is_some_and(|found| found >= OLDEST_NODE) {
        return Ok(());
    }
    let (major, minor) = OLDEST_NODE;
    Err(Failure(format!("node is {}, but the oracles need {major}.{minor} or newer", version.trim())))
}

/// A browser that runs without a screen; the program's full path.
pub(crate) fn chromium() -> Result<&'static str> {
    const CHROMIUM: &str = "/usr/bin/chromium";
    let tool = Tool { name: "chromium", check: &[CHROMIUM, "--version"], package: "chromium" };
    if !tool.present() {
        install(&[&tool])?;
    }
    Ok(CHROMIUM)
}

/// The load generator of the benchmarks. Asked for its version it prints that, and fails.
pub(crate) fn wrk() -> Result<()> {
    let tool = Tool { name: "wrk", check: &["sh", "-c", "command -v wrk"], package: "wrk" };
    if tool.present() { Ok(()) } else { install(&[&tool]) }
}

/// The counter of instructions.
pub(crate) fn valgrind() -> Result<()> {
    let tool = Tool { name: "valgrind", check: &["valgrind", "--version"], package: "valgrind" };
    if tool.present() { Ok(()) } else { install(&[&tool]) }
}

/// Installs Debian's PostgreSQL server, whose programs are not in PATH.
pub(crate) fn postgres() -> Result<()> {
    install(&[&Tool {
        name: "a PostgreSQL server, version 13 or newer",
        check: &["sh", "-c", "ls /usr/lib/postgresql/*/bin/postgres"],
        package: "postgresql",
    }])
}

/// The compiler of libFuzzer, which is C++.
pub(crate) fn cxx() -> Result<()> {
    let tool = Tool { name: "a C++ compiler", check: &["c++", "--version"], package: "g++" };
    if tool.present() { Ok(()) } else { install(&[&tool]) }
}

/// A part of the Rust toolchain.
pub(crate) fn component(subcommand: &str, name: &str) -> Result<()> {
    if Run::cargo(subcommand).args(["--version"]).succeeds() {
        return Ok(());
    }
    Err(Failure(format!("`cargo {subcommand}` is missing: install it with `rustup component add {name}`")))
}

impl CargoTool {
    /// The program's path; it is built into `target/tools` the first time, which takes minutes.
    pub(crate) fn of_project(&self, workspace: &Workspace) -> Result<PathBuf> {
        let root = workspace.target.join("tools");
        let program = root.join("bin").join(self.name);
        if program.exists() && self.is_installed(&root) {
            return Ok(program);
        }
        let Self { name, version } = self;
        println!("    {name} {version} is missing; building it into target/tools");
        let install = format!("install {name} --locked --version {version} --root");
        let built = Run::cargo(&install).args([&root]).captured();
        let by_hand = || format!("`cargo {install} target/tools`");
        built.map_err(|Failure(error)| {
            Failure(format!("missing: {name} {version}. Install it with {}: {error}", by_hand()))
        })?;
        Ok(program)
    }

    fn is_installed(&self, root: &Path) -> bool {
        let listed = Run::cargo("install --list --root").args([root]).captured().unwrap_or_default();
        self.is_listed(&listed)
    }

    /// Cargo lists each program so: `cargo-deny v0.20.2:`.
    fn is_listed(&self, listed: &str) -> bool {
        listed.lines().any(|line| line == format!("{} v{}:", self.name, self.version))
    }
}

impl Tool {
    fn present(&self) -> bool {
        let (program, arguments) = (self.check[0], &self.check[1..]);
        Run::new(program).args(arguments).succeeds()
    }
}

fn install(missing: &[&Tool]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.iter().map(|tool| tool.name).collect::<Vec<_>>().join(", ");
    let packages: Vec<&str> = missing.iter().map(|tool| tool.package).collect();
    let by_hand = format!("apt-get install {}", packages.join(" "));
    if !can_install() {
        return Err(Failure(format!("missing: {names}. Install with `{by_hand}` (as root on Debian)")));
    }
    println!("    missing: {names}; running `{by_hand}`");
    let apt = |arguments: &str| {
        Run::new("apt-get").args(arguments.split_whitespace()).env("DEBIAN_FRONTEND", "noninteractive")
    };
    apt("update").captured()?;
    apt("install --yes --no-install-recommends").args(&packages).captured()?;
    match missing.iter().find(|tool| !tool.present()) {
        None => Ok(()),
        Some(tool) => Err(Failure(format!("{} is still missing after `{by_hand}`", tool.name))),
    }
}

/// Whether a missing package is installed, and not only asked for.
pub(crate) fn can_install() -> bool {
    let root = Run::new("id").args(["-u"]).captured().is_ok_and(|id| id.trim() == "0");
    root && Run::new("apt-get").args(["--version"]).succeeds()
}

fn node_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{CargoTool, OLDEST_NODE, Tool, node_version};
    use crate::workspace::Workspace;

    #[test]
    fn node_versions_are_compared_by_number() {
        assert_eq!(node_version("v20.20.2\n"), Some((20, 20)));
        assert!(node_version("v18.20.4") >= Some(OLDEST_NODE));
        assert!(node_version("v18.9.0") < Some(OLDEST_NODE));
        assert_eq!(node_version("20"), None);
    }

    #[test]
    fn a_missing_tool_is_seen() {
        assert!(!Tool { name: "x", check: &["no-such-program-of-ours"], package: "x" }.present());
    }

    #[test]
    fn a_tool_of_another_version_is_missing() {
        let tool = CargoTool { name: "cargo-deny", version: "1.2.3" };
        assert!(tool.is_listed("cargo-a v1.2.3:\n    cargo-a\ncargo-deny v1.2.3:\n    cargo-deny\n"));
        assert!(!tool.is_listed("cargo-deny v1.2.30:\n"));
        assert!(!tool.is_listed("cargo-deny v1.2.2:\n"));
    }

    #[test]
    fn a_tool_that_cannot_be_built_is_named() {
        let target = std::env::temp_dir().join(format!("idv-tools-{}", std::process::id()));
        let workspace = Workspace { target: target.clone(), ..Workspace::default() };
        let failure = CargoTool { name: "--of-nobody", version: "0.0.0" }.of_project(&workspace).unwrap_err();
        let _ = std::fs::remove_dir_all(target);
        assert!(
            failure.0.contains("missing: --of-nobody 0.0.0. Install it with `cargo install"),
            "{}",
            failure.0
        );
    }
}
