//! The description of a vendor: a document, read into what the provider works from.

mod built_in;
mod calls;
mod document;
mod facts;
mod identity_table;
mod link;
mod lower;
mod names;
mod path;
mod request_places;
mod samples;
#[cfg(feature = "schema")]
pub(crate) mod schema;
mod source;
pub(crate) mod spec;
mod webhook_table;
mod words;

pub(crate) use built_in::{built_in, names as built_in_names};
pub(crate) use document::Document;
pub(crate) use path::Path;
pub(crate) use request_places::{Leaf, Template};
pub(crate) use samples::{AnswerTo, Sample, Sees};
pub(crate) use source::{read, read_alone};
