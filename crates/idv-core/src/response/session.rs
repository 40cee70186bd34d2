//! An open session, and its hand-off: how the applicant gets to the vendor.

use crate::{
    AccessToken, Certainty, Input, SessionRef, SessionUrl, Timestamp, VendorWord, VerificationStatus,
};

/// An open session. Its URLs and its token are bearer secrets: hand them to the applicant and forget them.
///
/// It is neither `Serialize` nor `Deserialize`, because of these secrets. An application stores the
/// [`reference`](Self::reference).
///
/// ```compile_fail,E0277
/// fn store(_: impl serde::Serialize) {}
/// fn started(session: idv_core::VerificationSession) {
///     store(session);
/// }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct VerificationSession {
    /// The key by which the verification is found again. Store this.
    pub reference: SessionRef,
    /// `in_progress`: the applicant can begin.
    pub status: VerificationStatus,
    /// How the applicant gets to the vendor: by a link, by a token for an embedded component, or by either.
    pub handoff: Handoff,
    /// Further hosted pages of the session, such as one for each step.
    pub links: Vec<SessionLink>,
    /// When the link or token dies; `None` where that is not known, or where the vendor replayed an old answer.
    pub expires_at: Option<Expiry>,
    /// Whether the hand-off can be used once only.
    pub single_use: bool,
    /// The inputs that were given and that the vendor has no place for.
    pub unused_inputs: Vec<Input>,
}

impl VerificationSession {
    /// A reusable session without expiry; an adapter fills in what is known. A [`SessionUrl`] or an [`AccessToken`] alone
    /// is a hand-off too.
    #[must_use]
    pub fn new(reference: SessionRef, handoff: impl Into<Handoff>) -> Self {
        Self {
            reference,
            status: VerificationStatus::InProgress,
            handoff: handoff.into(),
            links: Vec::new(),
            expires_at: None,
            single_use: false,
            unused_inputs: Vec::new(),
        }
    }

    /// The vendor's page for the applicant; `None` where the session is handed over by token alone.
    #[must_use]
    pub const fn url(&self) -> Option<&SessionUrl> {
        self.handoff.url()
    }

    /// The token for the vendor's embedded component; `None` where the session is handed over by link alone.
    #[must_use]
    pub const fn access_token(&self) -> Option<&AccessToken> {
        self.handoff.token()
    }
}

/// How an applicant is handed over to the vendor. There is always at least one way.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Handoff {
    /// The vendor hosts a page: send the browser there.
    Hosted {
        /// The address of the page.
        url: SessionUrl,
    },
    /// The vendor has no page of its own: give the token to its component in a page or an app of the application.
    Embedded {
        /// The token of the component.
        token: AccessToken,
    },
    /// Both are there, for one and the same session: the application chooses.
    Both {
        /// The address of the page.
        url: SessionUrl,
        /// The token of the component.
        token: AccessToken,
    },
}

impl Handoff {
    /// The vendor's page for the applicant.
    #[must_use]
    pub const fn url(&self) -> Option<&SessionUrl> {
        match self {
            Self::Hosted { url } | Self::Both { url, .. } => Some(url),
            Self::Embedded { .. } => None,
        }
    }

    /// The token for the vendor's embedded component.
    #[must_use]
    pub const fn token(&self) -> Option<&AccessToken> {
        match self {
            Self::Embedded { token } | Self::Both { token, .. } => Some(token),
            Self::Hosted { .. } => None,
        }
    }

    /// Adds a token, where the vendor gave one, in place of an earlier one.
    #[must_use]
    pub fn with_token(self, token: Option<AccessToken>) -> Self {
        match (self, token) {
            (unchanged, None) => unchanged,
            (Self::Hosted { url } | Self::Both { url, .. }, Some(token)) => Self::Both { url, token },
            (Self::Embedded { .. }, Some(token)) => Self::Embedded { token },
        }
    }
}

impl From<SessionUrl> for Handoff {
    fn from(url: SessionUrl) -> Self {
        Self::Hosted { url }
    }
}

impl From<AccessToken> for Handoff {
    fn from(token: AccessToken) -> Self {
        Self::Embedded { token }
    }
}

/// When a link or token dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expiry {
    /// The moment.
    pub at: Timestamp,
    /// Whether the vendor said so or we assume it.
    pub certainty: Certainty,
}

impl Expiry {
    /// An expiry that the vendor named, or documents to the second.
    #[must_use]
    pub const fn documented(at: Timestamp) -> Self {
        Self { at, certainty: Certainty::Documented }
    }

    /// An expiry that follows from "typically" or "about" in the vendor's documentation.
    #[must_use]
    pub const fn estimated(at: Timestamp) -> Self {
        Self { at, certainty: Certainty::Estimated }
    }
}

/// A further link of a session.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SessionLink {
    /// Where it leads.
    pub url: SessionUrl,
    /// The vendor's name for it.
    pub kind: Option<VendorWord>,
}

impl SessionLink {
    /// A link, with the vendor's name for it where there is one.
    #[must_use]
    pub const fn new(url: SessionUrl, kind: Option<VendorWord>) -> Self {
        Self { url, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UrlRule;

    fn url() -> SessionUrl {
        SessionUrl::parse("https://vendor.example/link-canary", UrlRule::Https).unwrap()
    }

    fn token() -> AccessToken {
        AccessToken::new("token-canary")
    }

    fn told(session: &VerificationSession) -> (Option<&str>, Option<&str>) {
        (session.url().map(SessionUrl::expose), session.access_token().map(AccessToken::expose))
    }

    #[test]
    fn a_session_is_handed_over_by_link_by_token_or_by_either() {
        let (link, secret) = (Some("https://vendor.example/link-canary"), Some("token-canary"));
        for (handoff, expected) in [
            (Handoff::from(url()), (link, None)),
            (Handoff::from(url()).with_token(None), (link, None)),
            (Handoff::from(url()).with_token(Some(token())), (link, secret)),
            (Handoff::from(AccessToken::new("old")).with_token(Some(token())), (None, secret)),
            (Handoff::from(token()).with_token(None), (None, secret)),
        ] {
            let session = VerificationSession::new("primary:k".parse().unwrap(), handoff);
            assert_eq!(told(&session), expected);
        }
    }

    #[test]
    fn debug_shows_neither_link_nor_token() {
        let handoff = Handoff::from(url()).with_token(Some(token()));
        let mut session = VerificationSession::new("primary:k".parse().unwrap(), handoff);
        session.links.push(SessionLink::new(url(), Some(VendorWord::new("desktop"))));
        let text = format!("{session:?}");
        assert!(text.contains("Both") && text.contains("desktop") && !text.contains("canary"), "{text}");
    }
}
