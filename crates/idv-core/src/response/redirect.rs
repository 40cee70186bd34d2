//! Return URLs: untrusted claims of the browser when the applicant comes back. A hint, and no more.

use std::borrow::Cow;

use crate::{
    Error, ErrorKind, NextAction, Operation, Result, SessionRef, VendorWord, VerificationReason,
    VerificationStatus,
};

/// A return URL together with the session that the application expected back.
///
/// The reference comes from the user's own cookie or database row, never from the URL itself.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Redirect<'a> {
    /// The session that this user is known to have.
    pub expected: &'a SessionRef,
    /// The URL that was opened: absolute, or only path and query, as web servers give it.
    pub uri: &'a str,
}

impl<'a> Redirect<'a> {
    /// Pairs a return URL with the expected session.
    #[must_use]
    pub const fn new(expected: &'a SessionRef, uri: &'a str) -> Self {
        Self { expected, uri }
    }
}

impl std::fmt::Debug for Redirect<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redirect").field("expected", &self.expected).finish_non_exhaustive()
    }
}

/// The names under which a vendor puts its parameters into the return URL.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RedirectNames {
    /// Names of the session id, all meaning the same.
    pub session: Vec<String>,
    /// The name of the status.
    pub status: String,
    /// The name of the reason.
    pub reason: String,
}

impl RedirectNames {
    /// The names of the session id, of which the vendor uses one, of the status and of the reason.
    #[must_use]
    pub fn new<S: Into<String>>(
        session: impl IntoIterator<Item = S>,
        status: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        let session = session.into_iter().map(Into::into).collect();
        Self { session, status: status.into(), reason: reason.into() }
    }

    /// The names, each once, that a redirect URL of the application's own uses already. The vendor appends them, so the return
    /// URL would have them twice, and [`RedirectParameters::read`] would refuse it.
    #[must_use]
    pub fn taken_by(&self, url: &str) -> Vec<&str> {
        let mut taken = Vec::new();
        for (name, _) in parameters(url) {
            let mut known = self.session.iter().chain([&self.status, &self.reason]);
            let Some(known) = known.find(|known| **known == name) else { continue };
            if !taken.contains(&known.as_str()) {
                taken.push(known.as_str());
            }
        }
        taken
    }
}

/// The parameters of a URL, absolute or only path and query.
fn parameters(url: &str) -> url::form_urlencoded::Parse<'_> {
    let without_fragment = url.split('#').next().unwrap_or_default();
    let query = without_fragment.split_once('?').map_or("", |(_, query)| query);
    url::form_urlencoded::parse(query.as_bytes())
}

/// The parameters of a return URL, each known to occur at most once, the session known to be the expected one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RedirectParameters<'a> {
    /// The vendor's status word, never empty.
    pub status: Cow<'a, str>,
    /// The vendor's reason word, where there is one.
    pub reason: Option<Cow<'a, str>>,
}

impl<'a> RedirectParameters<'a> {
    /// Reads the parameters out of a URL, and copies only what is encoded there. Other parameters are ignored.
    ///
    /// # Errors
    /// [`ErrorKind::RedirectRejected`] when the session id or the status is missing, empty or repeated, the reason is
    /// repeated, or the session id is not the expected key.
    pub fn read(redirect: &Redirect<'a>, names: &RedirectNames) -> Result<Self> {
        let (mut session, mut status, mut reason): (Option<Cow<'_, str>>, _, _) = (None, None, None);
        for (name, value) in parameters(redirect.uri) {
            let slot = match name.as_ref() {
                name if names.session.iter().any(|known| known == name) => &mut session,
                name if name == names.status => &mut status,
                name if name == names.reason => &mut reason,
                _ => continue,
            };
            if slot.replace(value).is_some() {
                return Err(rejected("a parameter that must occur once is repeated"));
            }
        }
        let session = given(session).ok_or_else(|| rejected("the session id is missing or empty"))?;
        let status = given(status).ok_or_else(|| rejected("the status is missing or empty"))?;
        if session != redirect.expected.key() {
            return Err(rejected("the session id is not that of the expected session"));
        }
        Ok(Self { status, reason: given(reason) })
    }
}

fn given(value: Option<Cow<'_, str>>) -> Option<Cow<'_, str>> {
    value.filter(|text| !text.is_empty())
}

fn rejected(message: &'static str) -> Error {
    Error::new(ErrorKind::RedirectRejected, message).with_operation(Operation::Redirect)
}

/// A claim of a return URL. A decision is not among these, so no return URL can make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectClaim {
    /// The applicant finished and submitted.
    Submitted,
    /// The applicant left.
    Abandoned,
    /// The session timed out.
    Expired,
    /// The applicant or the business cancelled.
    Cancelled,
    /// Something broke.
    Failed,
    /// A word that we do not model.
    Unrecognized,
}

impl RedirectClaim {
    /// The claim as a status: never `approved`, never `rejected`.
    #[must_use]
    pub const fn status(self) -> VerificationStatus {
        match self {
            Self::Submitted => VerificationStatus::InReview,
            Self::Abandoned => VerificationStatus::Abandoned,
            Self::Expired => VerificationStatus::Expired,
            Self::Cancelled => VerificationStatus::Cancelled,
            Self::Failed => VerificationStatus::Failed,
            Self::Unrecognized => VerificationStatus::Unrecognized,
        }
    }
}

/// The claims of a return URL about the browser's journey. The next action is always `check`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RedirectOutcome {
    /// The session that the user came back from.
    pub reference: SessionRef,
    /// The claim of the URL.
    pub claim: RedirectClaim,
    /// The vendor's own status word.
    pub provider_status: VendorWord,
    /// The reason, where the URL gives one.
    pub reason: Option<VerificationReason>,
    /// The vendor's own reason word.
    pub provider_reason: Option<VendorWord>,
}

impl RedirectOutcome {
    /// An outcome without a reason.
    #[must_use]
    pub fn new(reference: SessionRef, claim: RedirectClaim, provider_status: VendorWord) -> Self {
        Self { reference, claim, provider_status, reason: None, provider_reason: None }
    }

    /// The claimed status: never `approved`, never `rejected`.
    #[must_use]
    pub const fn status(&self) -> VerificationStatus {
        self.claim.status()
    }

    /// Always [`NextAction::Check`]: a URL proves nothing.
    #[must_use]
    pub const fn next_action(&self) -> NextAction {
        NextAction::Check
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names() -> RedirectNames {
        RedirectNames::new(["session_id", "sessionId"], "status", "reason")
    }

    fn read(uri: &str) -> Result<(String, Option<String>)> {
        let expected = "sessions:abc".parse().unwrap();
        let read = RedirectParameters::read(&Redirect::new(&expected, uri), &names())?;
        Ok((read.status.into_owned(), read.reason.map(Cow::into_owned)))
    }

    #[test]
    fn reads_absolute_and_relative_urls_and_ignores_the_rest() {
        for uri in [
            "https://app.example/back?case=1&session_id=abc&status=failed&reason=unknown#x",
            "/back?sessionId=abc&status=failed&reason=unknown",
            "?status=failed&reason=unknown&session_id=%61bc",
        ] {
            assert_eq!(read(uri).unwrap(), ("failed".to_owned(), Some("unknown".to_owned())), "{uri}");
        }
    }

    #[test]
    fn malformed_urls_are_rejected() {
        for uri in [
            "",
            "/back",
            "/back?session_id=abc",
            "/back?status=success",
            "/back?session_id=&status=success",
            "/back?session_id=abc&status=",
            "/back?session_id=abc&session_id=abc&status=success",
            "/back?session_id=abc&sessionId=abc&status=success",
            "/back?session_id=abc&status=success&status=success",
            "/back?session_id=abc&status=failed&reason=a&reason=b",
            "/back?session_id=other&status=success",
            "/back#?session_id=abc&status=success",
        ] {
            assert_eq!(read(uri).unwrap_err().kind(), ErrorKind::RedirectRejected, "{uri}");
        }
    }

    #[test]
    fn the_names_that_a_url_has_already_are_told() {
        let names = names();
        for (url, taken) in [
            ("https://app.example/back", &[][..]),
            ("https://app.example/back?case=7&statuses=1&Status=2", &[]),
            ("https://app.example/back?status", &["status"]),
            ("https://app.example/back?reason=a&st%61tus=b&status=c", &["reason", "status"]),
            ("https://app.example/back?session_id=&sessionId=#?status=x", &["session_id", "sessionId"]),
        ] {
            assert_eq!(names.taken_by(url), taken, "{url}");
        }
    }

    proptest! {
        /// Names that would be refused on the way back are exactly those that are reported on the way there.
        #[test]
        fn a_url_that_takes_no_name_comes_back_readable(own in "[a-c=&%]{0,6}(status|reason|session_id|sessionId)?[=&a]{0,3}") {
            let joint = if own.is_empty() { "" } else { "&" };
            let back = format!("https://app.example/back?{own}{joint}session_id=abc&status=x&reason=y");
            let is_free = names().taken_by(&format!("https://app.example/back?{own}")).is_empty();
            prop_assert_eq!(read(&back).is_ok(), is_free, "{}", back);
        }
    }

    #[test]
    fn no_claim_is_a_decision() {
        use RedirectClaim as Claim;
        for claim in [
            Claim::Submitted,
            Claim::Abandoned,
            Claim::Expired,
            Claim::Cancelled,
            Claim::Failed,
            Claim::Unrecognized,
        ] {
            assert!(!claim.status().is_decision());
        }
    }

    proptest! {
        #[test]
        fn no_url_makes_the_reader_panic(uri in ".*") {
            let _ = read(&uri);
        }

        #[test]
        fn any_words_survive_encoding(status in ".{1,20}", reason in ".{1,20}") {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("session_id", "abc").append_pair("status", &status).append_pair("reason", &reason).finish();
            prop_assert_eq!(read(&format!("/back?{query}")).unwrap(), (status, Some(reason)));
        }
    }
}
