//! The vocabulary: statuses, reasons, next actions, references, and the values that they are made of.

mod assurance;
mod correlation;
mod country;
mod duration;
mod identity_field;
mod ids;
mod next_action;
mod operation;
mod sensitive;
mod session_ref;
mod status;
pub(crate) mod stored;
mod time;
mod trace_parent;
mod url_rule;
mod vendor_word;

pub use assurance::Assurance;
pub use correlation::Correlation;
pub use country::{CountryCode, CountryCodeError};
pub use duration::HumanDuration;
pub use identity_field::IdentityField;
pub use ids::{IdError, ProviderId, ProviderKind};
pub use next_action::{
    ActionPolicy, AfterRejection, Cadence, NextAction, NotStarted, PolicyAction, Successor,
};
pub use operation::Operation;
pub use sensitive::{
    AccessToken, OnboardingId, Pii, SensitiveText, SessionUrl, SessionUrlError, ShareToken, UserToken,
};
pub(crate) use session_ref::is_key;
pub use session_ref::{SessionRef, SessionRefError};
pub use status::{VerificationReason, VerificationStatus};
pub(crate) use time::is_date;
pub use time::{Clock, Timestamp, TimestampError};
pub use trace_parent::{TraceParent, TraceParentError, TraceSource};
pub use url_rule::UrlRule;
pub(crate) use url_rule::{is_loopback, is_plain_https};
pub(crate) use vendor_word::is_plain;
pub use vendor_word::{VendorWord, lookup_ignore_case};
