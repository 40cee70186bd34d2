//! The content of an event: only a signed body has a place for a status.

use serde::{Deserialize, Serialize};

use crate::model::stored::empty_if_null;
use crate::{Assurance, ReportedReason, VendorWord, VerificationStatus};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Stored", try_from = "Stored")]
pub(super) enum Content {
    Signed {
        status: Option<(VerificationStatus, VendorWord)>,
        reasons: Vec<ReportedReason>,
    },
    /// Nothing binds the body to its sender.
    Notice(NoticeOf),
}

/// The assurances of an event that carries no status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoticeOf {
    SharedSecret,
    Nobody,
}

impl Content {
    pub(super) const fn assurance(&self) -> Assurance {
        match self {
            Self::Signed { .. } => Assurance::Signed,
            Self::Notice(NoticeOf::SharedSecret) => Assurance::SharedSecret,
            Self::Notice(NoticeOf::Nobody) => Assurance::Unsigned,
        }
    }
}

/// The content as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    assurance: Assurance,
    #[serde(default)]
    status: Option<VerificationStatus>,
    #[serde(default)]
    provider_status: Option<VendorWord>,
    #[serde(default, deserialize_with = "empty_if_null")]
    reasons: Vec<ReportedReason>,
}

impl From<Content> for Stored {
    fn from(content: Content) -> Self {
        let assurance = content.assurance();
        let (status, reasons) = match content {
            Content::Signed { status, reasons } => (status, reasons),
            Content::Notice(_) => (None, Vec::new()),
        };
        let (status, provider_status) = status.unzip();
        Self { assurance, status, provider_status, reasons }
    }
}

impl TryFrom<Stored> for Content {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { assurance, status, provider_status, reasons } = stored;
        let status = match (status, provider_status) {
            (Some(status), Some(word)) => Some((status, word)),
            (None, None) => None,
            _ => return Err("`status` and `provider_status` of an event come together"),
        };
        match assurance {
            Assurance::Signed => Ok(Self::Signed { status, reasons }),
            _ if status.is_some() || !reasons.is_empty() => {
                Err("only a signed event carries a status or reasons")
            }
            Assurance::SharedSecret => Ok(Self::Notice(NoticeOf::SharedSecret)),
            Assurance::Unsigned => Ok(Self::Notice(NoticeOf::Nobody)),
        }
    }
}
