//! The conformance kit of [`idv`](https://docs.rs/idv): what every adapter of an identity-verification vendor must pass,
//! ours or a third party's.
//!
//! Describe the adapter as a [`Subject`], from the vendor's documentation, in about eighty lines, and let [`suite!`]
//! make one test of each check. The checks put a mock vendor on loopback, let it give correct and faulty answers, and
//! examine the adapter's results.
//!
//! | family | requirements |
//! |---|---|
//! | `contract` | facts are stable, capabilities are true in both directions, calls do not disturb each other or block a thread, unknown members spoil nothing |
//! | `start` | problems are reported together and before anything is sent; references survive, return URLs arrive as intended |
//! | `status` | every documented word means what the documentation says, no other one is a decision; an answer without an id, with an error in it or with a duplicate name is no state; lists are complete |
//! | `errors` | one table of kinds, a correct delivery, self-contained texts that describe the answer; a gateway's page is no verdict |
//! | `retry` | a caller that follows the errors creates one session, whatever is lost on the way |
//! | `webhook` | verified over the raw bytes before anything is read, refused in case of doubt; an event that contradicts itself has no status |
//! | `redirect` | read strictly, and never more than a hint |
//! | `time` | lifetimes and waits against the injected clock, or the vendor's if it gives the time; attempts that end |
//! | `privacy` | nothing secret or personal in any text, error or log |
//! | `config` | every problem found, named and reported with all the others; no placeholder in place of a secret |
//!
//! Beside the checks there are [storylines](storyline): the same events played at every vendor, and the application's
//! view of them.
//!
//! An adapter of a vendor that cannot do as the others declares a [`Deviation`] with a reason and a source.
//!
//! A check is a function in the module of its family, such as
//! [`status::names_that_stand_twice_are_no_decision`](checks::status::doubtful::names_that_stand_twice_are_no_decision), whose
//! documentation has the requirement. Most need nothing of a subject beyond the methods of the example below. The
//! others depend on features that only some vendors have. Where a capability or a description is missing they do not apply:
//! the test is ignored, and `cargo test` prints the reason ([`Passed::not_applicable`]).
//!
//! | description | without it |
//! |---|---|
//! | [`Subject::natural_key`] | each repeated start without an idempotency key counts as another session |
//! | [`Subject::step`] | each operation is one request, and any other one is an error of the adapter |
//! | [`Subject::authentic`] | signatures of requests are not verified |
//! | [`Subject::reply_signer`] | the vendor's answers are not signed |
//! | [`Subject::refresh_cost`] | a refresh that is a request of its own costs what a start costs |
//! | [`Subject::refresh_is_a_read`] | a refresh is a request of its own, and costs what a start costs |
//! | [`Subject::refreshed`] | a refresh is answered like a start |
//! | [`Subject::subject_id_places`] | no check of ids in another form than the key of the reference |
//! | [`Subject::detail_places`] | no check of details that cannot be read |
//! | [`Subject::found`], [`Subject::imported`], [`Subject::erased`] | a capability that needs the answer fails its checks |
//! | [`Subject::find_is_a_read`], [`Subject::found_nothing`] | a find is a request of its own, and no sessions are an empty list |
//! | [`Subject::continued`] | no check of lists that go on |
//! | [`Subject::cancelled`] | a cancellation is answered like a check, with no word |
//! | [`Subject::cancelled_before`] | no check of a second cancellation |
//! | [`Subject::statuses`] | each HTTP status means the same as at every other vendor |
//! | [`Subject::errors`] | no check of the vendor's own error codes |
//! | [`Subject::takes_reference`] | each start sends the application's reference |
//! | [`Subject::expiring`] | no check of the times at which sessions end |
//! | [`Step::gives`] | no check that a later request uses the value |
//! | [`Subject::redirect`] | no check of return URLs, and of parameters of the application's own |
//! | [`Subject::webhooks`] | no check of webhooks |
//! | [`Webhooks::secrets`] | secrets are plain text |
//! | [`Webhooks::is_unproved`] | a secret proves each webhook |
//! | [`Webhooks::is_timed`], [`Webhooks::is_dated`] | headers, and bodies, hold a time where they depend on it |
//! | [`Webhooks::contradictions`] | no check of events that give their status in two places |
//! | [`Webhooks::signature_separator`] | no check of lists of signatures that a proxy has joined |
//! | [`Subject::applicant`], [`Subject::wrap`], [`Webhooks::option`] | the kit's own applicant, the adapter alone, `webhook_secrets` |
//! | [`Subject::deviations`] | every check that applies has to pass |
//!
//! An operation may take several requests: one is its own, in a start the one that makes the session, and the others are steps
//! with answers of their own. Every step fails once, and the adapter has to end there with the verdict of all that it sent.
//!
//! A vendor that a document describes has a subject without any code: [`Described`].
//!
//! # Example
//! A vendor that opens cases and tells their verdicts, in a test target of the adapter's crate, `tests/conformance.rs`, with
//! `harness = false` in `Cargo.toml` (see [`suite!`]):
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use idv_conformance::{Received, StartCost, Subject, statuses};
//! use idv_core::{Surface, MappingRow, Operation, ProviderFactory, VerificationStatus};
//! use serde_json::{Value, json};
//! # use idv_core::{BuildContext, BuiltProvider, ConfigProblem, JsonSchema, ProviderId, ProviderKind, ProviderOptions, VerificationProvider};
//! # #[derive(Debug)]
//! # struct VeritasFactory;
//! # impl ProviderFactory for VeritasFactory {
//! #     fn kind(&self) -> ProviderKind { ProviderKind::from_static("veritas") }
//! #     fn build(&self, _: &ProviderId, _: &ProviderOptions, _: &BuildContext) -> Result<BuiltProvider, Vec<ConfigProblem>> { Err(Vec::new()) }
//! #     fn schema(&self) -> Option<JsonSchema> { None }
//! # }
//!
//! struct Veritas;
//!
//! impl Subject for Veritas {
//!     fn factory(&self) -> Arc<dyn ProviderFactory> {
//!         Arc::new(VeritasFactory)
//!     }
//!     fn options(&self, base_url: &str) -> Value {
//!         json!({"base_url": base_url, "password": {"env": "VERITAS_PASSWORD"}})
//!     }
//!     fn secrets(&self) -> Vec<(&'static str, &'static str)> {
//!         vec![("VERITAS_PASSWORD", "a-password-to-look-for")]
//!     }
//!     fn operation(&self, request: &Received) -> Option<Operation> {
//!         match (request.method.as_str(), request.segments().as_slice()) {
//!             ("POST", ["cases"]) => Some(Operation::Start),
//!             ("GET", ["cases", _]) => Some(Operation::Check),
//!             _ => None,
//!         }
//!     }
//!     fn start_cost(&self) -> StartCost {
//!         StartCost::SessionEvenAfterServerError
//!     }
//!     fn words(&self) -> Vec<MappingRow> {
//!         let words = [
//!             ("none", VerificationStatus::InProgress),
//!             ("true", VerificationStatus::Approved),
//!             ("false", VerificationStatus::Rejected),
//!         ];
//!         statuses(Surface::CheckStatus, &words)
//!     }
//!     fn started(&self, session: &str) -> Value {
//!         json!({"number": session, "link": format!("https://veritas.example/{session}")})
//!     }
//!     // The kit sees by itself that `number` says whose verdict it is: an adapter has to compare it with the one it asked for.
//!     fn state(&self, session: &str, word: &str) -> Value {
//!         json!({"number": session, "verdict": word})
//!     }
//! }
//!
//! idv_conformance::suite!(Veritas);
//! ```

mod announced;
mod applicant;
mod ask;
mod bodies;
mod canary;
mod cases;
pub mod checks;
mod condition;
mod described;
mod deviations;
mod instance;
mod json;
mod log;
mod received;
mod registration;
mod reply;
mod requests;
mod run;
mod shorthand;
mod stand_in;
mod step;
pub mod storyline;
mod subject;
mod suite;
mod trial;
mod under_way;

pub use cases::Cases;
pub use described::Described;
pub use deviations::Deviation;
pub use received::{NaturalKey, Received, ReplySigner};
pub use registration::Check;
pub use reply::Reply;
pub use run::{Failed, Passed, check, check_deviations, checks};
pub use shorthand::{hmac_sha256_hex, statuses};
pub use step::{Call, Step};
pub use subject::{DocumentedError, Event, StartCost, Subject, Webhooks};
#[doc(hidden)]
pub use suite::__run;
pub use trial::Trial;
