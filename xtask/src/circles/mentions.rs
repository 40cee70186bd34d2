//! The paths that an item mentions, in its code and in the tokens of its macros.

use super::modules::{Name, attributes};
use std::collections::BTreeSet;
use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, ItemMod, Macro, Meta, Path, UseTree};

/// Words in front of the name of an item.
const KEYWORDS: &[&str] = &["const", "enum", "fn", "static", "struct", "trait", "type"];

/// Every path that the item mentions. A macro that is called by its bare name is written `name!`.
pub(crate) fn of(item: &Item) -> BTreeSet<Name> {
    let mut mentions = Mentions::default();
    mentions.visit_item(item);
    mentions.found
}

/// The items that stand among the tokens of a macro: `string_enum! { pub enum Status { … } }` defines `Status`.
pub(crate) fn defined_by(call: &Macro) -> Vec<String> {
    let tokens = TokenBuffer::new2(call.tokens.clone());
    let mut found = Vec::new();
    let mut cursor = tokens.begin();
    while let Some((_, next)) = cursor.token_tree() {
        let keyword = cursor.ident().is_some_and(|(word, _)| KEYWORDS.iter().any(|keyword| word == keyword));
        if let (true, Some((name, _))) = (keyword, next.ident()) {
            found.push(name.to_string());
        }
        cursor = next;
    }
    found
}

/// Whether the item exists only while tests are built: `#[cfg(test)]`, `#[cfg(all(test, …))]`.
pub(crate) fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = list.tokens.to_string().replace(' ', "");
            condition == "test" || condition.starts_with("all(test,")
        }
        _ => false,
    })
}

#[derive(Default)]
struct Mentions {
    found: BTreeSet<Name>,
}

impl<'ast> Visit<'ast> for Mentions {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let for_tests = matches!(item, ImplItem::Fn(method) if is_for_tests(&method.attrs));
        if !for_tests {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    /// A module is read on its own.
    fn visit_item_mod(&mut self, _: &'ast ItemMod) {}

    fn visit_use_tree(&mut self, tree: &'ast UseTree) {
        self.local_imports(tree, &mut Vec::new());
    }

    fn visit_path(&mut self, path: &'ast Path) {
        if path.leading_colon.is_none() {
            self.found.insert(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        match call.path.get_ident() {
            Some(name) => {
                self.found.insert(vec![format!("{name}!")]);
            }
            None => self.visit_path(&call.path),
        }
        self.tokens(TokenBuffer::new2(call.tokens.clone()).begin());
    }
}

impl Mentions {
    /// A `use` inside a function mentions what it imports.
    fn local_imports(&mut self, tree: &UseTree, path: &mut Name) {
        match tree {
            UseTree::Path(part) => {
                path.push(part.ident.to_string());
                self.local_imports(&part.tree, path);
                path.pop();
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.local_imports(tree, path)),
            UseTree::Name(syn::UseName { ident }) | UseTree::Rename(syn::UseRename { ident, .. }) => {
                self.found.insert([path.as_slice(), &[ident.to_string()]].concat());
            }
            // All that a glob tells is the path before it.
            _ => {
                self.found.insert(path.clone());
            }
        }
    }

    /// Collects `a::b::c` from tokens that nobody has parsed.
    fn tokens(&mut self, mut cursor: Cursor) {
        let mut path = Name::new();
        // A field, a method, or the path of another crate (`::http::Method`).
        let mut foreign = false;
        while let Some((_, next)) = cursor.token_tree() {
            if let Some((word, _)) = cursor.ident() {
                path.push(word.to_string());
                let goes_on = colons(next).filter(|after| after.ident().is_some());
                if goes_on.is_none() {
                    let whole = std::mem::take(&mut path);
                    if !foreign {
                        self.found.insert(whole);
                    }
                    foreign = false;
                }
                cursor = goes_on.unwrap_or(next);
                continue;
            }
            if let Some((inside, ..)) = cursor.any_group() {
                self.tokens(inside);
            }
            foreign =
                colons(cursor).is_some() || cursor.punct().is_some_and(|(punct, _)| punct.as_char() == '.');
            cursor = colons(cursor).unwrap_or(next);
        }
    }
}

/// The tokens after `::`.
fn colons(cursor: Cursor) -> Option<Cursor> {
    colon(colon(cursor)?)
}

fn colon(cursor: Cursor) -> Option<Cursor> {
    cursor.punct().filter(|(punct, _)| punct.as_char() == ':').map(|(_, next)| next)
}
