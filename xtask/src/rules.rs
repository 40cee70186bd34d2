//! Which crate may depend on which. A rule speaks only of crates that exist, so it takes effect as they arrive.

use crate::workspace::{Crate, Workspace};

/// The floors of the house, bottom up: whoever is named later may use whoever is named earlier, never the reverse, and
/// crates of one floor do not use each other.
const FLOORS: &[&[&str]] = &[&["idv-core"], &["idv-http"], VENDORS, &["idv"], &["idv-cli"]];

/// One crate per vendor.
pub(crate) const VENDORS: &[&str] =
    &["idv-nxos", "idv-baanx", "idv-onfido", "idv-session-api", "idv-stripe", "idv-sumsub", "idv-veriff"];

/// The contract must not drag an HTTP client or a runtime into whoever implements it.
pub(crate) const NOT_IN_CORE: &[&str] = &["reqwest", "hyper", "tokio", "rustls"];

/// Crates that only `idv-http` may speak to the network for.
const NO_CLIENT_OF_THEIR_OWN: &[&str] = &[
    "idv-core",
    "idv-nxos",
    "idv-baanx",
    "idv-onfido",
    "idv-session-api",
    "idv-stripe",
    "idv-sumsub",
    "idv-veriff",
    "idv",
];

/// Every breach, one line each.
pub(crate) fn breaches(workspace: &Workspace) -> Vec<String> {
    let mut found = Vec::new();
    for package in &workspace.crates {
        floors(package, &mut found);
        vendors(package, &mut found);
        client(package, &mut found);
        apart(workspace, package, &mut found);
    }
    found
}

/// The forbidden crates among the lines of `cargo tree --prefix none`.
pub(crate) fn forbidden_in_core(tree: &str) -> Vec<String> {
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    let mut found: Vec<String> = names.filter(|name| NOT_IN_CORE.contains(name)).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&name))
}

fn floors(package: &Crate, found: &mut Vec<String>) {
    let Some(own) = floor(&package.name) else { return };
    for dependency in package.dependencies.iter().filter(|dependency| !dependency.dev) {
        if floor(&dependency.name).is_some_and(|other| other >= own) {
            found.push(format!("{} must not depend on {}: floors go up only", package.name, dependency.name));
        }
    }
}

/// Not even for its tests does a vendor crate use another vendor or the facade.
fn vendors(package: &Crate, found: &mut Vec<String>) {
    if !VENDORS.contains(&package.name.as_str()) {
        return;
    }
    for dependency in package.dependencies.iter().filter(|dependency| dependency.dev) {
        let vendor = VENDORS.contains(&dependency.name.as_str()) && dependency.name != package.name;
        if vendor || dependency.name == "idv" {
            found.push(format!(
                "{} must not depend on {}, not even for tests: vendors stand alone",
                package.name, dependency.name
            ));
        }
    }
}

fn client(package: &Crate, found: &mut Vec<String>) {
    let names_it = package.dependencies.iter().any(|dependency| dependency.name == "reqwest");
    if names_it && NO_CLIENT_OF_THEIR_OWN.contains(&package.name.as_str()) {
        found.push(format!("{} names reqwest: only idv-http may", package.name));
    }
}

/// The simulated vendors share nothing with the adapters, or both could be wrong in the same way; and the conformance kit
/// judges third parties' adapters by the contract alone (its optional stage, the sandbox, stands apart itself).
fn apart(workspace: &Workspace, package: &Crate, found: &mut Vec<String>) {
    let allowed: &[&str] = match package.name.as_str() {
        "idv-sandbox" => &[],
        "idv-conformance" => &["idv-core", "idv-sandbox"],
        _ => return,
    };
    for dependency in package.dependencies.iter().filter(|dependency| !dependency.dev) {
        if workspace.find(&dependency.name).is_some() && !allowed.contains(&dependency.name.as_str()) {
            found.push(format!("{} must not depend on {}: it stands apart", package.name, dependency.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{breaches, forbidden_in_core};
    use crate::workspace::{Crate, Dependency, Workspace};

    /// A workspace in words: `crate: dependency, dev dependency; …`.
    fn workspace(text: &str) -> Workspace {
        let crates = text.split(';').map(|part| {
            let (name, dependencies) = part.split_once(':').unwrap();
            let dependencies = dependencies.split(',').map(str::trim).filter(|word| !word.is_empty());
            Crate {
                name: name.trim().to_owned(),
                dependencies: dependencies
                    .map(|word| match word.strip_prefix("dev ") {
                        Some(name) => Dependency { name: name.to_owned(), dev: true },
                        None => Dependency { name: word.to_owned(), dev: false },
                    })
                    .collect(),
                ..Crate::default()
            }
        });
        Workspace { crates: crates.collect(), ..Workspace::default() }
    }

    #[test]
    fn the_house_as_designed_breaks_no_rule() {
        let house = workspace(
            "idv-core: serde, dev idv-core; idv-http: idv-core, reqwest; \
             idv-nxos: idv-core, idv-http, dev idv-sandbox, dev idv-conformance, dev idv-nxos; \
             idv-baanx: idv-core, idv-http, dev idv-sandbox; \
             idv: idv-core, idv-nxos, idv-baanx, dev idv-sandbox; idv-sandbox: axum, dev reqwest; \
             idv-conformance: idv-core, idv-sandbox; idv-cli: idv, idv-conformance, idv-sandbox",
        );
        assert_eq!(breaches(&house), [""; 0]);
    }

    #[test]
    fn each_breach_is_found() {
        for (house, word) in [
            ("idv-core: idv-http", "floors"),
            ("idv-http: idv", "floors"),
            ("idv-nxos: idv", "floors"),
            ("idv-nxos: idv-baanx", "floors"),
            ("idv: idv-cli", "floors"),
            ("idv-nxos: dev idv", "vendors stand alone"),
            ("idv-session-api: dev idv-baanx", "vendors stand alone"),
            ("idv-nxos: reqwest", "reqwest"),
            ("idv-baanx: dev reqwest", "reqwest"),
            ("idv-core: ; idv-sandbox: idv-core", "stands apart"),
            ("idv-http: ; idv-conformance: idv-http", "stands apart"),
        ] {
            let found = breaches(&workspace(house));
            assert_eq!(found.len(), 1, "{house}: {found:?}");
            assert!(found[0].contains(word), "{house}: {found:?}");
        }
    }

    #[test]
    fn a_client_under_the_contract_is_found() {
        let tree = "idv-core v0.1.0\nhttp v1.3.1\ntokio v1.50.0\nhyper-rustls v0.27.0\nreqwest v0.13.1 (*)\ntokio v1.50.0 (*)\n";
        assert_eq!(forbidden_in_core(tree), ["reqwest", "tokio"]);
        assert!(forbidden_in_core("idv-core v0.1.0\nhttp v1.3.1\n").is_empty());
    }
}
