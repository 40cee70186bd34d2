//! Webhooks: verification first, then as much as the body says.

mod event;

pub(crate) use event::read;
