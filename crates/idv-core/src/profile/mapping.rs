//! The table from a vendor's words to ours.

use std::borrow::Cow;

use crate::string_enum::string_enum;
use crate::{VerificationReason, VerificationStatus};

string_enum! {
    /// Where a vendor's word occurs.
    pub enum Surface {
        /// A status in the answer to a check.
        CheckStatus = "rest",
        /// A status in a webhook.
        WebhookStatus = "webhook",
        /// A reason in the answer to a check.
        CheckReason = "reason",
        /// A reason in a webhook.
        WebhookReason = "failure code",
        /// A status in a return URL.
        RedirectStatus = "redirect",
        /// A reason in a return URL.
        RedirectReason = "redirect reason",
    }
}

/// How one word of a vendor is read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MappingRow {
    /// Where the word occurs.
    pub surface: Surface,
    /// The vendor's word, with a condition where it has one.
    pub word: Cow<'static, str>,
    /// The status that it means, where it means one.
    pub status: Option<VerificationStatus>,
    /// The reason that it means, where it means one.
    pub reason: Option<VerificationReason>,
}

impl MappingRow {
    /// A word that means a status.
    #[must_use]
    pub fn status(surface: Surface, word: impl Into<Cow<'static, str>>, status: VerificationStatus) -> Self {
        Self { surface, word: word.into(), status: Some(status), reason: None }
    }

    /// A word that means a reason.
    #[must_use]
    pub fn reason(surface: Surface, word: impl Into<Cow<'static, str>>, reason: VerificationReason) -> Self {
        Self { surface, word: word.into(), status: None, reason: Some(reason) }
    }
}
