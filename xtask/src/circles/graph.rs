//! Which file uses which, and the circles among files and among folders.

use super::modules::{Files, Modules};
use super::resolve::definitions;
use crate::process::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Who uses whom, and for which items.
type Uses = BTreeMap<PathBuf, BTreeMap<PathBuf, BTreeSet<String>>>;

/// Files, or folders of one folder, each of which uses all others by some way.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Circle {
    pub(crate) members: Vec<PathBuf>,
    /// `a.rs uses Item, other of b.rs`.
    pub(crate) links: Vec<String>,
}

/// Every circle among the files of a crate, and then among its folders.
pub(crate) fn circles(files: &Files) -> Result<Vec<Circle>> {
    let modules = Modules::read(files)?;
    let uses = uses(&modules);
    let mut found = of(&uses);
    for folder in folders(files) {
        found.extend(of(&between_folders(&uses, files, &folder)));
    }
    Ok(found)
}

fn uses(modules: &Modules) -> Uses {
    let mut uses = Uses::new();
    for (id, module) in modules.all.iter().enumerate() {
        let imports = module.imports.iter().filter(|import| import.alias.is_some());
        let imported = imports.flat_map(|import| {
            let definitions = definitions(modules, id, &import.path).into_iter();
            // A parent that only hands on its children's items does not use them.
            definitions.filter(|(owner, _)| !(import.exported && modules.is_below(*owner, id)))
        });
        let mentioned = module.mentions.iter().flat_map(|path| definitions(modules, id, path));
        for (owner, item) in imported.chain(mentioned) {
            let file = &modules.all[owner].file;
            if *file != module.file {
                let of_file = uses.entry(module.file.clone()).or_default();
                of_file.entry(file.clone()).or_default().insert(item);
            }
        }
    }
    uses
}

/// Every folder below `src`, and `src` itself.
fn folders(files: &Files) -> BTreeSet<PathBuf> {
    files.keys().flat_map(|file| file.ancestors().skip(1)).map(Path::to_owned).collect()
}

/// The same uses, seen between the folders that lie in this one. `a.rs` beside a folder `a` belongs to it.
fn between_folders(uses: &Uses, files: &Files, parent: &Path) -> Uses {
    let folders = folders(files);
    let unit = |file: &Path| {
        let first = file.strip_prefix(parent).ok()?.iter().next()?;
        let folder = parent.join(first).with_extension("");
        folders.contains(&folder).then_some(folder)
    };
    let mut between = Uses::new();
    for (user, used) in uses {
        for (file, items) in used {
            if let (Some(from), Some(to)) = (unit(user), unit(file))
                && from != to
            {
                between.entry(from).or_default().entry(to).or_default().extend(items.iter().cloned());
            }
        }
    }
    between
}

fn of(uses: &Uses) -> Vec<Circle> {
    let reach: BTreeMap<&PathBuf, BTreeSet<&PathBuf>> =
        uses.keys().map(|start| (start, reachable(uses, start))).collect();
    let mut circles: Vec<Circle> = Vec::new();
    for (start, reached) in &reach {
        let known = circles.iter().any(|circle| circle.members.contains(start));
        if known || !reached.contains(start) {
            continue;
        }
        let back = |other: &&&PathBuf| reach.get(**other).is_some_and(|reached| reached.contains(start));
        let members: Vec<PathBuf> = reached.iter().filter(back).map(|file| (*file).clone()).collect();
        circles.push(Circle { links: links(uses, &members), members });
    }
    circles
}

fn reachable<'a>(uses: &'a Uses, start: &PathBuf) -> BTreeSet<&'a PathBuf> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&PathBuf> = uses.get(start).into_iter().flat_map(BTreeMap::keys).collect();
    while let Some(file) = open.pop() {
        if found.insert(file) {
            open.extend(uses.get(file).into_iter().flat_map(BTreeMap::keys));
        }
    }
    found
}

fn links(uses: &Uses, members: &[PathBuf]) -> Vec<String> {
    let mut links = Vec::new();
    for user in members {
        for (file, items) in uses.get(user).into_iter().flatten() {
            if members.contains(file) {
                let items = items.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                links.push(format!("{} uses {items} of {}", user.display(), file.display()));
            }
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::{Circle, Files, circles};

    fn of(files: &[(&str, &str)]) -> Vec<Circle> {
        let files: Files = files.iter().map(|(path, text)| (path.into(), (*text).to_owned())).collect();
        circles(&files).unwrap()
    }

    fn members(circles: &[Circle]) -> Vec<String> {
        let names = |circle: &Circle| {
            circle.members.iter().map(|path| path.display().to_string()).collect::<Vec<_>>()
        };
        circles.iter().map(|circle| names(circle).join(" ")).collect()
    }

    #[test]
    fn a_circle_through_exports_is_found_with_its_items() {
        let found = of(&[
            ("lib.rs", "mod a; mod b; pub use a::A; pub use b::{B as Other, help};"),
            ("a.rs", "use crate::Other; pub struct A(Other);"),
            ("b.rs", "pub struct B; pub fn help(_: super::A) {}"),
        ]);
        assert_eq!(members(&found), ["a.rs b.rs"]);
        assert_eq!(found[0].links, ["a.rs uses B of b.rs", "b.rs uses A of a.rs"]);
    }

    #[test]
    fn a_parent_that_uses_a_child_that_uses_it_is_a_circle() {
        let child = ("a/b.rs", "use super::A; pub struct B(A);");
        for (parent, circles) in [
            ("mod b; pub use b::B; pub struct A;", 0),
            ("mod b; pub use b::B; pub struct A; fn f(_: B) {}", 1),
            ("mod b; pub struct A; fn f() { b::B::new() }", 1),
            ("mod b; pub struct A; fn f() { call!(x.y, b::B) }", 1),
            ("mod b; pub struct A; fn f() { use b::B; }", 1),
            ("mod b; pub struct A; #[cfg(test)] mod tests { use super::b::B; }", 0),
            ("mod b; pub struct A; impl A { #[cfg(test)] fn f() { b::B::new() } }", 0),
        ] {
            assert_eq!(of(&[("main.rs", "mod a;"), ("a.rs", parent), child]).len(), circles, "{parent}");
        }
    }

    #[test]
    fn items_are_followed_through_globs_macros_and_paths() {
        let found = of(&[
            ("lib.rs", "#[macro_use] mod m; #[path = \"odd.rs\"] mod a; mod b; pub use a::*; use other::*;"),
            ("m.rs", "macro_rules! make { ($x:ident) => { pub enum $x { B($crate::b::B) } } }"),
            ("odd.rs", "make! { A } pub enum Made { X }  declared! { pub enum Seen { X } }"),
            ("b.rs", "pub struct B; fn f(_: Option<crate::Seen>) {}"),
        ]);
        assert_eq!(members(&found), ["b.rs m.rs odd.rs"]);
        assert_eq!(found[0].links[0], "b.rs uses Seen of odd.rs");
        assert_eq!(found[0].links[2], "odd.rs uses make! of m.rs");
    }

    #[test]
    fn folders_of_one_level_are_compared() {
        let files = [
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "mod up; pub mod down;"),
            ("a/up.rs", "use crate::b::Low;"),
            ("a/down.rs", "pub struct Down;"),
            ("b/mod.rs", "mod low; mod high; pub use low::Low;"),
            ("b/low.rs", "pub struct Low;"),
            ("b/high.rs", "fn f() -> crate::a::down::Down {}"),
        ];
        assert_eq!(members(&of(&files)), ["a b"]);
        let one_way = [&files[..6], &[("b/high.rs", "")]].concat();
        assert!(of(&one_way).is_empty());
    }

    #[test]
    fn a_module_without_a_file_is_an_error() {
        let files = Files::from([("lib.rs".into(), "mod gone;".to_owned())]);
        assert!(circles(&files).unwrap_err().0.contains("gone.rs"));
    }
}
