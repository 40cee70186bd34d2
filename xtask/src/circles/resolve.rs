//! From a path, as a module writes it, to the modules that define what it names.

use super::modules::Modules;
use std::collections::BTreeSet;

/// An item, and the module that defines it.
pub(crate) type Definition = (usize, String);

/// Every item that the path may name, seen from the module: none where it names a module or another crate's item.
pub(crate) fn definitions(modules: &Modules, at: usize, path: &[String]) -> BTreeSet<Definition> {
    let mut search = Search { modules, open: BTreeSet::new(), found: BTreeSet::new() };
    match path {
        [call] if call.ends_with('!') => search.bare_macro(at, call.trim_end_matches('!')),
        _ => search.from(at, path),
    }
    search.found
}

struct Search<'a> {
    modules: &'a Modules,
    /// The imports that are being followed, by module and name: some lead back to themselves.
    open: BTreeSet<(usize, Option<String>)>,
    found: BTreeSet<Definition>,
}

impl Search<'_> {
    /// A macro is called by an imported name, or by one that its definition leaves to all that follows.
    fn bare_macro(&mut self, at: usize, name: &str) {
        self.from(at, &[name.to_owned()]);
        if self.found.is_empty() {
            let owners = self.modules.macros.get(name).into_iter().flatten();
            self.found.extend(owners.map(|owner| (*owner, format!("{name}!"))));
        }
    }

    fn from(&mut self, at: usize, path: &[String]) {
        let Some((first, rest)) = path.split_first() else { return };
        let parent = self.modules.all[at].parent;
        match (first.as_str(), parent) {
            ("crate", _) => self.from(self.modules.root(at), rest),
            ("self", _) => self.from(at, rest),
            ("super", Some(parent)) => self.from(parent, rest),
            _ => self.member(at, first, rest),
        }
    }

    fn member(&mut self, at: usize, name: &str, rest: &[String]) {
        let module = &self.modules.all[at];
        let mut children = module.children.iter().filter(|(child, _)| child == name).peekable();
        if !rest.is_empty() && children.peek().is_some() {
            children.for_each(|(_, child)| self.from(*child, rest));
            return;
        }
        if module.items.contains(name) {
            self.found.insert((at, name.to_owned()));
            return;
        }
        let before = self.found.len();
        self.follow(at, Some(name), rest);
        if self.found.len() == before {
            self.follow(at, None, &[&[name.to_owned()], rest].concat());
        }
    }

    /// Follows the imports of this name, or the globs.
    fn follow(&mut self, at: usize, alias: Option<&str>, rest: &[String]) {
        let key = (at, alias.map(str::to_owned));
        if !self.open.insert(key.clone()) {
            return;
        }
        let modules = self.modules;
        for import in modules.all[at].imports.iter().filter(|import| import.alias.as_deref() == alias) {
            self.from(at, &[&import.path, rest].concat());
        }
        self.open.remove(&key);
    }
}
