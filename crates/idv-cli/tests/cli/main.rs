//! The `idv` command seen from outside: the real program against vendors that are written here, from the vendors' pages
//! alone. Nothing here shares a type with the workspace.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

//config
mod documents;
mod errors;
//human
mod mapping;
//privacy
mod references;
//sandbox
mod start_inputs;
//switching
mod usage;
mod webhooks;
mod wire;
