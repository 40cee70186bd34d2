//! Acts on a verification: of the applicant on the hosted page, the vendor's staff, the passing of time.
//!
//! Hosted pages, the operator's page, scripts, the control API and tests all use this vocabulary; every vendor has one
//! place that maps an act to its own states, links and webhooks.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use utoipa::ToSchema;

use crate::error::{Error, Result};
use crate::reason::Reason;

const MAX_WORD: usize = 4096;

/// Something that happens to one verification.
///
/// The JSON form is tagged: `{"act": "reject", "reason": "document_expired"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// The applicant opens the hosted page.
    Open,
    /// The applicant finishes and submits.
    Submit,
    /// The applicant's try fails before or by the automatic decision, for a reason that the applicant gets to see.
    Fail {
        /// The reason.
        reason: Reason,
    },
    /// The applicant leaves before finishing.
    Leave,
    /// The vendor approves.
    Approve,
    /// The vendor declines.
    Reject {
        /// The reason; vendors report it on few surfaces.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Reason>,
    },
    /// The vendor holds the verification for a manual compliance review.
    Hold,
    /// The vendor asks the applicant to correct something.
    RequireResubmission,
    /// An approval runs out.
    Lapse,
    /// Time runs out before the applicant finishes.
    Expire,
    /// The business withdraws the verification.
    Void,
    /// The vendor starts to use a word of this kind.
    Say {
        /// The vendor's new word for the state: any text of up to 4096 bytes.
        word: String,
    },
}

impl Act {
    /// The name, without the fields.
    #[must_use]
    pub fn name(&self) -> ActName {
        match self {
            Self::Open => ActName::Open,
            Self::Submit => ActName::Submit,
            Self::Fail { .. } => ActName::Fail,
            Self::Leave => ActName::Leave,
            Self::Approve => ActName::Approve,
            Self::Reject { .. } => ActName::Reject,
            Self::Hold => ActName::Hold,
            Self::RequireResubmission => ActName::RequireResubmission,
            Self::Lapse => ActName::Lapse,
            Self::Expire => ActName::Expire,
            Self::Void => ActName::Void,
            Self::Say { .. } => ActName::Say,
        }
    }
}

impl Act {
    /// A line of the history.
    pub(crate) fn describe(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Open => "opened the hosted page",
            Self::Submit => "submitted",
            Self::Fail { reason } => return format!("failed: {reason}").into(),
            Self::Leave => "left the hosted page",
            Self::Approve => "approved",
            Self::Reject { reason: None } => "rejected",
            Self::Reject { reason: Some(reason) } => return format!("rejected: {reason}").into(),
            Self::Hold => "held for manual review",
            Self::RequireResubmission => "asked for resubmission",
            Self::Lapse => "let the approval lapse",
            Self::Expire => "let the time run out",
            Self::Void => "voided",
            Self::Say { .. } => "set the state",
        })
    }
}

/// Checks the length only: a vendor's word can have any content.
pub(crate) fn checked_word(word: &str) -> Result<&str> {
    if word.len() > MAX_WORD { Err(Error::BadWord) } else { Ok(word) }
}

/// The names of the [`Act`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the acts of the same names are documented")]
pub enum ActName {
    Open,
    Submit,
    Fail,
    Leave,
    Approve,
    Reject,
    Hold,
    RequireResubmission,
    Lapse,
    Expire,
    Void,
    Say,
}

impl ActName {
    /// The name as JSON has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Submit => "submit",
            Self::Fail => "fail",
            Self::Leave => "leave",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Hold => "hold",
            Self::RequireResubmission => "require_resubmission",
            Self::Lapse => "lapse",
            Self::Expire => "expire",
            Self::Void => "void",
            Self::Say => "say",
        }
    }
}

impl fmt::Display for ActName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The author of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The application, by a call to the vendor's API.
    Application,
    /// The person who is verified, on a hosted page.
    Applicant,
    /// The driver of the simulation: a test, the control API, the operator's page.
    Operator,
    /// The script that a magic input asked for.
    Script,
}

/// The result of an [`Act`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[non_exhaustive]
pub struct Acted {
    /// The vendor's word for the state now.
    pub status: String,
    /// The URL to which the vendor sends the applicant's browser, if any.
    pub redirect_url: Option<String>,
}
