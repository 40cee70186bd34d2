//! What cargo says of the workspace.

use crate::process::{Failure, Result, Run};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The workspace's own crates, and where things are.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) crates: Vec<Crate>,
}

/// A crate of the workspace.
#[derive(Debug, Default)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) directory: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
    /// It has a library, for others or for its own command.
    pub(crate) library: bool,
    /// It may go to a registry.
    pub(crate) published: bool,
}

/// A dependency as the crate's own Cargo.toml names it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The package's own name, whatever it is renamed to.
    pub(crate) name: String,
    /// Only for tests, examples and benches.
    pub(crate) dev: bool,
}

impl Workspace {
    pub(crate) fn load() -> Result<Self> {
        let text = Run::cargo("metadata --format-version 1 --no-deps").captured()?;
        let value =
            serde_json::from_str(&text).map_err(|error| Failure(format!("cargo metadata: {error}")))?;
        Self::read(&value).ok_or_else(|| Failure("cargo metadata has another shape than expected".to_owned()))
    }

    fn read(value: &Value) -> Option<Self> {
        let packages = value["packages"].as_array()?;
        Some(Self {
            root: value["workspace_root"].as_str()?.into(),
            target: value["target_directory"].as_str()?.into(),
            crates: packages.iter().map(Crate::read).collect::<Option<_>>()?,
        })
    }

    pub(crate) fn find(&self, name: &str) -> Option<&Crate> {
        self.crates.iter().find(|package| package.name == name)
    }

    /// The libraries that others get.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Crate> {
        self.crates.iter().filter(|package| package.library && package.published)
    }

    /// The crates whose directory is in this folder of the workspace.
    pub(crate) fn under<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a Crate> {
        let folder = self.root.join(folder);
        self.crates.iter().filter(move |package| package.directory.starts_with(&folder))
    }
}

impl Crate {
    fn read(value: &Value) -> Option<Self> {
        let dependencies = value["dependencies"].as_array()?;
        Some(Self {
            name: value["name"].as_str()?.to_owned(),
            directory: Path::new(value["manifest_path"].as_str()?).parent()?.to_owned(),
            dependencies: dependencies.iter().map(Dependency::read).collect::<Option<_>>()?,
            library: has_library(&value["targets"]),
            // An empty list of registries stands for `publish = false`.
            published: value["publish"].as_array().is_none_or(|registries| !registries.is_empty()),
        })
    }
}

fn has_library(targets: &Value) -> bool {
    let kinds = targets.as_array().into_iter().flatten().filter_map(|target| target["kind"].as_array());
    kinds.flatten().any(|kind| kind == "lib" || kind == "proc-macro")
}

impl Dependency {
    fn read(value: &Value) -> Option<Self> {
        Some(Self { name: value["name"].as_str()?.to_owned(), dev: value["kind"].as_str() == Some("dev") })
    }
}

#[cfg(test)]
mod tests {
    use super::{Dependency, Workspace};
    use serde_json::json;

    #[test]
    fn metadata_is_read() {
        let workspace = Workspace::read(&json!({
            "workspace_root": "/w", "target_directory": "/w/target",
            "packages": [
                {"name": "one", "manifest_path": "/w/crates/one/Cargo.toml", "targets": [{"kind": ["lib"]}], "dependencies": [
                    {"name": "a", "kind": null, "rename": "b"}, {"name": "c", "kind": "dev"}, {"name": "d", "kind": "build"}]},
                {"name": "two", "manifest_path": "/w/examples/two/Cargo.toml", "publish": [], "targets": [{"kind": ["lib"]}],
                    "dependencies": []},
                {"name": "three", "manifest_path": "/w/three/Cargo.toml", "targets": [{"kind": ["bin"]}], "dependencies": []},
            ],
        }))
        .unwrap();
        let dev = |name: &str, dev| Dependency { name: name.to_owned(), dev };
        assert_eq!(
            workspace.find("one").unwrap().dependencies,
            [dev("a", false), dev("c", true), dev("d", false)]
        );
        assert_eq!(
            workspace.under("examples").map(|package| package.name.as_str()).collect::<Vec<_>>(),
            ["two"]
        );
        assert_eq!(workspace.published().map(|package| package.name.as_str()).collect::<Vec<_>>(), ["one"]);
        assert!(Workspace::read(&json!({"packages": []})).is_none());
    }
}
