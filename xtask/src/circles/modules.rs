//! The modules of one crate: what each defines, imports and mentions.

use super::mentions;
use crate::process::{Failure, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use syn::{Attribute, Item, ItemMod, UseTree, Visibility};

/// The text of each source file, by its path below `src`.
pub(crate) type Files = BTreeMap<PathBuf, String>;

/// A path as it is written, in parts: `crate`, `routing`, `Router`.
pub(crate) type Name = Vec<String>;

/// Every module of a crate, parents before their children.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    pub(crate) all: Vec<Module>,
    /// The modules that define a `macro_rules!` of this name.
    pub(crate) macros: BTreeMap<String, Vec<usize>>,
}

/// A module, in a file of its own or inside another's.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) file: PathBuf,
    pub(crate) parent: Option<usize>,
    /// Two children have one name where a `cfg` chooses between them.
    pub(crate) children: Vec<(String, usize)>,
    pub(crate) items: BTreeSet<String>,
    pub(crate) imports: Vec<Import>,
    pub(crate) mentions: BTreeSet<Name>,
}

/// One name that a `use` brings; a glob brings all names of its path.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) alias: Option<String>,
    pub(crate) path: Name,
    pub(crate) exported: bool,
}

/// Where the file of a child module is looked for.
struct Place<'a> {
    file: &'a Path,
    folder: PathBuf,
}

impl Modules {
    /// Reads the crate from its roots: the library, the command, and further binaries.
    pub(crate) fn read(files: &Files) -> Result<Self> {
        let mut modules = Self::default();
        let root = |file: &Path| {
            file == Path::new("lib.rs")
                || file == Path::new("main.rs")
                || file.parent() == Some(Path::new("bin"))
        };
        for file in files.keys().filter(|file| root(file)) {
            let folder = file.parent().unwrap_or(Path::new("")).to_owned();
            modules.add_file(files, Place { file, folder }, None)?;
        }
        Ok(modules)
    }

    /// The first module of the crate that this one belongs to.
    pub(crate) fn root(&self, module: usize) -> usize {
        self.ancestors(module).last().unwrap_or(module)
    }

    /// Whether `module` lies somewhere below `parent`.
    pub(crate) fn is_below(&self, module: usize, parent: usize) -> bool {
        self.ancestors(module).any(|ancestor| ancestor == parent)
    }

    fn ancestors(&self, module: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.all[module].parent, |parent| self.all[*parent].parent)
    }

    fn add_file(&mut self, files: &Files, place: Place, parent: Option<usize>) -> Result<usize> {
        let missing = || Failure(format!("{}: a module without a file", place.file.display()));
        let text = files.get(place.file).ok_or_else(missing)?;
        let parsed =
            syn::parse_file(text).map_err(|error| Failure(format!("{}: {error}", place.file.display())))?;
        self.add(files, &place, parent, &parsed.items)
    }

    fn add(&mut self, files: &Files, place: &Place, parent: Option<usize>, items: &[Item]) -> Result<usize> {
        let id = self.all.len();
        self.all.push(Module { file: place.file.to_owned(), parent, ..Module::default() });
        for item in items.iter().filter(|item| !mentions::is_for_tests(attributes(item))) {
            match item {
                Item::Mod(child) => {
                    let child_id = self.add_child(files, place, id, child)?;
                    self.all[id].children.push((child.ident.to_string(), child_id));
                }
                Item::Use(import) if import.leading_colon.is_none() => {
                    let exported = !matches!(import.vis, Visibility::Inherited);
                    flatten(&import.tree, &mut Vec::new(), exported, &mut self.all[id].imports);
                }
                _ => self.add_item(id, item),
            }
        }
        Ok(id)
    }

    fn add_child(&mut self, files: &Files, place: &Place, id: usize, child: &ItemMod) -> Result<usize> {
        let folder = place.folder.join(child.ident.to_string());
        if let Some((_, items)) = &child.content {
            return self.add(files, &Place { file: place.file, folder }, Some(id), items);
        }
        let beside = folder.with_extension("rs");
        let within = folder.join("mod.rs");
        let file = match path_attribute(&child.attrs) {
            Some(path) => place.file.parent().unwrap_or(Path::new("")).join(path),
            None if files.contains_key(&within) => within,
            None => beside,
        };
        self.add_file(files, Place { file: &file, folder }, Some(id))
    }

    fn add_item(&mut self, id: usize, item: &Item) {
        let module = &mut self.all[id];
        module.mentions.extend(mentions::of(item));
        match item {
            Item::Macro(call) if call.ident.is_none() => {
                module.items.extend(mentions::defined_by(&call.mac));
            }
            Item::Macro(rules) => {
                let name = rules.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                self.macros.entry(name.clone()).or_default().push(id);
                self.all[id].items.insert(name);
            }
            _ => module.items.extend(name(item)),
        }
    }
}

/// Takes a `use` tree apart into its names.
fn flatten(tree: &UseTree, path: &mut Name, exported: bool, imports: &mut Vec<Import>) {
    let mut push = |alias: Option<String>, path: Name| imports.push(Import { alias, path, exported });
    let below = |name: &syn::Ident| [path.as_slice(), &[name.to_string()]].concat();
    match tree {
        UseTree::Name(name) if name.ident == "self" => push(path.last().cloned(), path.clone()),
        UseTree::Name(name) => push(Some(name.ident.to_string()), below(&name.ident)),
        UseTree::Rename(name) if name.ident == "self" => push(Some(name.rename.to_string()), path.clone()),
        UseTree::Rename(name) => push(Some(name.rename.to_string()), below(&name.ident)),
        UseTree::Glob(_) => push(None, path.clone()),
        UseTree::Path(part) => {
            path.push(part.ident.to_string());
            flatten(&part.tree, path, exported, imports);
            path.pop();
        }
        UseTree::Group(group) => {
            group.items.iter().for_each(|tree| flatten(tree, path, exported, imports));
        }
    }
}

/// The file that `#[path = "…"]` names.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("path")).find_map(|attribute| {
        match &attribute.meta.require_name_value().ok()?.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        }
    })
}

fn name(item: &Item) -> Option<String> {
    Some(match item {
        Item::Const(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Fn(item) => item.sig.ident.to_string(),
        Item::Static(item) => item.ident.to_string(),
        Item::Struct(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        _ => return None,
    })
}

/// The attributes of an item.
pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
