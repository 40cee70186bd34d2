//! Answers: whom they are about, and what they say.

use idv_core::{
    CheckRequest, Correlation, Error, ErrorKind, Result, SessionRef, VendorWord, Verification,
    VerifiedIdentity, identity,
};
use idv_http::{decode, invalid_response};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::AcmeProvider;
use crate::flaw::Flaw;
use crate::wire;

impl AcmeProvider {
    /// The check that an answer is about, which has to be the one that was asked about.
    pub(super) fn checked(&self, text: &str, key: &str) -> Result<wire::Check> {
        let text = unmarked(text);
        if self.has(Flaw::ReadsAllOfAnAnswer) {
            decode::<Value>(text)?;
        }
        let check = match self.has(Flaw::LastNameWins) {
            true => decode::<wire::Loose>(text)?.into(),
            false => decode::<wire::Check>(text)?,
        };
        if self.has(Flaw::NeedsDetails) && check.changed.0.is_none() {
            return Err(invalid_response("the answer does not say when it changed"));
        }
        self.identify(&check, key)?;
        Ok(check)
    }

    fn identify(&self, check: &wire::Check, key: &str) -> Result<()> {
        let is_careless =
            self.has(Flaw::ComparesNobody) || (self.has(Flaw::TakesErrorsForStates) && check.error.is_some());
        match check.id.text.as_deref().filter(|id| !id.is_empty()) {
            _ if is_careless => Ok(()),
            Some(_) if check.id.is_number && self.has(Flaw::TakesNoNumbers) => {
                Err(invalid_response("the id is a number"))
            }
            Some(id) if id == key => Ok(()),
            Some(_) => Err(Error::new(ErrorKind::Conflict, "the answer is about another check")),
            None => Err(invalid_response("the answer does not say whom it is about")),
        }
    }

    /// The checks of a list that are of a reference.
    pub(super) fn listed(&self, text: &str, reference: &str) -> Result<Vec<Verification>> {
        let list: wire::List = decode(unmarked(text))?;
        if list.next.is_some() && !self.has(Flaw::ReadsOnePage) {
            return Err(invalid_response("the list goes on, and nobody knows where"));
        }
        let mut found = Vec::new();
        for check in &list.checks {
            if check.id.text.is_none() && self.has(Flaw::PassesOverRecords) {
                continue;
            }
            let known = self.reference(check.id.text.as_deref().unwrap_or_default())?;
            match check.reference.as_deref().filter(|own| !own.is_empty()) {
                Some(own) if own != reference && !self.has(Flaw::FindsSomebodyElse) => continue,
                None => return Err(invalid_response("a record does not say for whom it is")),
                Some(_) => found.push(self.read(known, check)),
            }
        }
        Ok(found)
    }

    /// Whether the vendor's list begins with a byte-order mark, which a client may have taken away already.
    pub(super) async fn is_marked(&self, reference: &str) -> bool {
        let path = format!("/checks?reference={reference}");
        let answer = ask(self.client.base().as_url().authority(), &path, &self.key).await;
        answer.is_some_and(|answer| answer.contains('\u{feff}'))
    }

    pub(super) fn read(&self, reference: SessionRef, check: &wire::Check) -> Verification {
        let status = self.status(&check.state, Flaw::ApprovesUnknownWords);
        let next = self.profile.next_action(status);
        let mut verification = Verification::new(reference, status, VendorWord::new(&check.state), next);
        let id = check.id.text.as_deref().filter(|_| !self.has(Flaw::DropsTheIds));
        verification.updated_at = check.changed.0;
        verification.correlation = Correlation::new().with(Correlation::SESSION_ID, id);
        verification
    }

    pub(super) fn gives_identity(&self, request: &CheckRequest) -> bool {
        match self.flaw {
            Some(Flaw::GivesIdentitiesUnasked) => true,
            Some(Flaw::KeepsIdentitiesBack) => false,
            _ => request.identity,
        }
    }

    /// The identity of an approved person.
    pub(super) fn identity(&self, check: &wire::Check) -> VerifiedIdentity {
        let name = check.person.as_ref().and_then(Value::as_str);
        if self.has(Flaw::LogsIdentities) {
            tracing::debug!(name, "read");
        }
        let mut found = VerifiedIdentity::default();
        found.full_name = name.and_then(identity::text);
        found
    }

    /// A check where something else than the truth comes of an error.
    pub(super) fn mistaken(&self, request: &CheckRequest, error: Error) -> Result<Verification> {
        let said = |state: &str| {
            let check = wire::Check::new(request.session.key(), state);
            Ok(self.read(request.session.clone(), &check))
        };
        match (self.flaw, error.kind()) {
            (Some(Flaw::SwallowsServerErrors), ErrorKind::Unavailable) => said("open"),
            (Some(Flaw::ReadsNotFoundAsRejected), ErrorKind::NotFound) => said("refused"),
            _ => Err(error),
        }
    }

    /// Goes wherever the vendor's server points.
    pub(super) async fn follow(&self, request: &CheckRequest) -> Option<Verification> {
        let path = format!("/checks/{}", request.session.key());
        let head = ask(self.client.base().as_url().authority(), &path, &self.key).await?;
        let location = head.lines().find_map(|line| line.strip_prefix("location: "))?;
        let location = url::Url::parse(location).ok()?;
        let answer = ask(location.authority(), location.path(), &self.key).await?;
        let check = serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()?;
        Some(self.read(request.session.clone(), &check))
    }
}

/// Asks over a connection of its own, as an HTTP client does that follows redirects.
async fn ask(authority: &str, path: &str, key: &str) -> Option<String> {
    let mut stream = tokio::net::TcpStream::connect(authority).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\nauthorization: Bearer {key}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    Some(answer)
}

/// A text without a byte-order mark.
pub(super) fn unmarked(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
