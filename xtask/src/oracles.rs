//! Other people's programs that the tests compare ours with: webhook libraries in Python and JavaScript, Prism, which
//! serves a vendor's OpenAPI document, schemathesis, which tries ours, and a browser. Installed once into the target directory, and again when what is pinned changes.

use crate::process::{Result, Run, during};
use crate::tally::Tally;
use crate::tools;
use crate::workspace::Workspace;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the installed oracles are; tests get it through the environment.
pub(crate) struct Oracles {
    python: PathBuf,
    node_dir: PathBuf,
    chromium: &'static str,
    screenshots: PathBuf,
}

impl Oracles {
    /// A program that a Python package brings.
    pub(crate) fn python_program(&self, name: &str) -> PathBuf {
        self.python.with_file_name(name)
    }

    /// Tells a program where the oracles are.
    pub(crate) fn export(&self, run: Run) -> Run {
        run.env("IDV_ORACLE_PYTHON", &self.python)
            .env("IDV_ORACLE_NODE_DIR", &self.node_dir)
            .env("IDV_CHROMIUM", self.chromium)
            .env("IDV_SCREENSHOTS", &self.screenshots)
    }
}

/// Installs what is not installed yet.
pub(crate) fn prepare(workspace: &Workspace) -> Result<Oracles> {
    tools::for_oracles()?;
    let sources = sources(workspace);
    let installed = workspace.target.join("oracles");
    Ok(Oracles {
        python: python(&sources, &installed.join("python"))?,
        node_dir: node(&sources, &installed.join("node"))?,
        chromium: tools::chromium()?,
        screenshots: workspace.target.join("screenshots"),
    })
}

/// Runs the oracles' own tests.
pub(crate) fn check(workspace: &Workspace, oracles: &Oracles, tally: &mut Tally) -> Result<()> {
    let run = Run::new("node").args(["--test", "--test-reporter=tap", "oracles.test.mjs"]);
    oracles.export(run).dir(&sources(workspace)).buffered(|line| tally.add_tap_line(line))
}

fn sources(workspace: &Workspace) -> PathBuf {
    workspace.root.join("tests/oracles")
}

fn python(sources: &Path, venv: &Path) -> Result<PathBuf> {
    let requirements = sources.join("requirements.txt");
    let python = venv.join("bin/python");
    let stamp = Stamp::new(venv, &[&requirements], &Run::new("python3").args(["--version"]).captured()?)?;
    if stamp.holds() && python.exists() {
        return Ok(python);
    }
    println!("    installing tests/oracles/requirements.txt");
    stamp.clear()?;
    Run::new("python3").args(["-m", "venv"]).args([venv]).captured()?;
    Run::new(&python)
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-input",
            "--disable-pip-version-check",
            "--requirement",
        ])
        .args([&requirements])
        .captured()?;
    stamp.write()?;
    Ok(python)
}

fn node(sources: &Path, directory: &Path) -> Result<PathBuf> {
    let pinned = [sources.join("package.json"), sources.join("package-lock.json")];
    let stamp =
        Stamp::new(directory, &[&pinned[0], &pinned[1]], &Run::new("node").args(["--version"]).captured()?)?;
    if stamp.holds() {
        return Ok(directory.to_owned());
    }
    println!("    installing tests/oracles/package-lock.json");
    stamp.clear()?;
    during(directory.display(), fs::create_dir_all(directory))?;
    for file in &pinned {
        if let Some(name) = file.file_name() {
            during(file.display(), fs::copy(file, directory.join(name)))?;
        }
    }
    Run::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .dir(directory)
        .captured()?;
    stamp.write()?;
    Ok(directory.to_owned())
}

/// Says from what a directory was made: the very contents of the files that pin it, and the tool that made it.
struct Stamp {
    directory: PathBuf,
    file: PathBuf,
    contents: String,
}

impl Stamp {
    fn new(directory: &Path, pins: &[&Path], tool: &str) -> Result<Self> {
        // The directory itself counts too: a virtual environment does not survive being moved.
        let mut contents = format!("{}\n{tool}", directory.display());
        for pin in pins {
            contents.push_str(&during(pin.display(), fs::read_to_string(pin))?);
        }
        Ok(Self { directory: directory.to_owned(), file: directory.join("made-from.txt"), contents })
    }

    fn holds(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|before| before == self.contents)
    }

    fn clear(&self) -> Result<()> {
        if self.directory.exists() {
            during(self.directory.display(), fs::remove_dir_all(&self.directory))?;
        }
        Ok(())
    }

    /// Only once everything is in place: an installation that was interrupted is made anew.
    fn write(&self) -> Result<()> {
        during(self.file.display(), fs::write(&self.file, &self.contents))
    }
}

#[cfg(test)]
mod tests {
    use super::Stamp;
    use std::fs;

    #[test]
    fn a_stamp_holds_until_a_pin_or_the_tool_changes() {
        let directory = std::env::temp_dir().join(format!("idv-xtask-stamp-{}", std::process::id()));
        let (pin, made) = (directory.join("pin.txt"), directory.join("made"));
        fs::create_dir_all(&made).unwrap();
        fs::write(&pin, "a==1\n").unwrap();
        let stamp = |tool: &str| Stamp::new(&made, &[&pin], tool).unwrap();

        assert!(!stamp("tool 1").holds());
        stamp("tool 1").write().unwrap();
        assert!(stamp("tool 1").holds());
        assert!(!stamp("tool 2").holds());
        fs::write(&pin, "a==2\n").unwrap();
        assert!(!stamp("tool 1").holds());
        stamp("tool 1").clear().unwrap();
        assert!(!made.exists());
        fs::remove_dir_all(&directory).unwrap();
    }
}
