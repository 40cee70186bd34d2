//! Storylines: the same events played at every vendor, and the application's view of them.
//!
//! A [`Storyline`] is a script over two things: a [`Stage`], which is the vendor's side of one flow, and the
//! [`VerificationProvider`](idv_core::VerificationProvider) under test. It acts as a careful application does: it
//! follows next actions and retry verdicts, deduplicates webhooks, and checks before it starts again. Its result is a
//! [`Trace`], which holds no ids and no times, so that it is the same in every run, and [`align`] puts the traces of
//! several vendors side by side.
//!
//! A step that a vendor does not support is a beat of the trace too: nothing is omitted silently.

mod alignment;
mod names;
mod player;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod stage;
mod stories;
#[cfg(test)]
mod tests;
mod trace;
mod words;

pub use alignment::{AlignedStep, align};
pub use names::Storyline;
pub use stage::{Act, Acted, Case, Held, Mishap, Stage, StageError, Webhook};
pub use trace::{Beat, Failure, Role, Trace};
