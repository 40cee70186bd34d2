//! Requests and answers: one file for each call.

mod body;
mod cancel;
mod check;
mod erase;
mod find;
mod link;
mod list;
mod parts;
mod refresh;
mod start;
mod state;

pub(crate) use cancel::cancel;
pub(crate) use check::{check, read_identity};
pub(crate) use erase::erase;
pub(crate) use find::{find, read_list};
pub(crate) use parts::{Parts, admit};
pub(crate) use refresh::{read as read_refreshed, refresh};
pub(crate) use start::{read as read_started, start};
pub(crate) use state::of_checked as read_state;
