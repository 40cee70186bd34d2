//! The calls.

use std::collections::BTreeSet;

use async_trait::async_trait;
use http::HeaderValue;
use idv_core::{
    CheckRequest, Correlation, Error, ErrorKind, FindRequest, ImportRequest, Input, Operation, ProviderId,
    ProviderProfile, Redirect, RedirectClaim, RedirectOutcome, RedirectParameters, RefreshRequest, Result,
    Review, SessionLink, SessionRef, SessionUrl, StartRequest, Timestamp, VendorWord, Verification,
    VerificationProvider, VerificationSession, WebhookOutcome, WebhookRequest,
};
use idv_http::{Call, Deadline, JsonClient, Repeat, decode, unusable};

use crate::create_body::CreateBody;
use crate::json::Json;
use crate::shape::{Find, Shape};
use crate::webhook::Keys;
use crate::wire::Record;
use crate::{mapping, wire};

/// Every create call that is processed may mail, text and charge.
const CREATES: Repeat = Repeat::UnlessProcessed;
/// A reference with more sessions than fill this many pages is an error: a list cut short would hide sessions.
const PAGES: usize = 20;

/// An instance of a session API.
#[derive(Debug)]
pub struct SessionApiProvider {
    id: ProviderId,
    profile: ProviderProfile,
    parts: Parts,
}

/// What an instance is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) client: JsonClient,
    pub(crate) shape: Shape,
    pub(crate) key: HeaderValue,
    pub(crate) workflow: Option<String>,
    pub(crate) webhooks: Option<Keys>,
}

/// A page of a list.
struct Page {
    listed: Vec<Listed>,
    /// The token of the next page.
    next: Option<String>,
}

/// A session in a list.
struct Listed {
    at: Option<Timestamp>,
    verification: Verification,
}

impl SessionApiProvider {
    pub(crate) fn new(id: ProviderId, mut profile: ProviderProfile, parts: Parts) -> Self {
        profile.system = Some(parts.client.base().authority().to_owned());
        profile.default_workflow.clone_from(&parts.workflow);
        Self { id, profile, parts }
    }

    /// Makes a call, and reads the answer where it lies.
    async fn send<T>(&self, call: Call<'_>, read: impl FnOnce(&Json<'_>) -> Result<T>) -> Result<T> {
        let call = call.header(self.parts.shape.key_header.clone(), self.parts.key.clone());
        let read = |text: &str| read(&decode(text)?);
        Ok(self.parts.client.send_and_read(call, read).await?.body)
    }

    /// The reference of an id in an answer.
    fn reference(&self, id: Option<&str>) -> Result<SessionRef> {
        let session = id.filter(|id| mapping::is_session(id));
        let session = session.and_then(|id| SessionRef::new(self.id.clone(), id).ok());
        session.ok_or_else(|| unusable("the vendor's answer has no session id, or one that cannot be used"))
    }

    /// The body of a create call.
    fn create_body<'a>(&'a self, request: &'a StartRequest) -> CreateBody<'a> {
        CreateBody { create: &self.parts.shape.create, workflow: self.parts.workflow.as_deref(), request }
    }

    fn session(&self, answer: &Json<'_>) -> Result<VerificationSession> {
        let create = &self.parts.shape.create;
        let client = &self.parts.client;
        let reference = self.reference(create.id.text(answer))?;
        let url = create.url.text(answer).unwrap_or_default();
        let url = client.session_url(url)?;
        let mut session = VerificationSession::new(reference, url);
        let links = create.links.list(answer).unwrap_or_default().iter().filter_map(wire::link);
        session.links = links
            .filter_map(|(url, kind)| {
                let url = SessionUrl::parse(url, client.base().url_rule()).ok()?;
                Some(SessionLink { url, kind: kind.map(VendorWord::new) })
            })
            .collect();
        Ok(session)
    }

    fn verification(&self, reference: SessionRef, record: &Record<'_>) -> Result<Verification> {
        let said = self.parts.shape.vocabulary.read(record);
        let (status, word, reasons) =
            said.ok_or_else(|| unusable("the vendor's answer has a session without a status"))?;
        let correlation = Correlation::new()
            .with(Correlation::SESSION_ID, Some(reference.key()))
            .with(Correlation::EXTERNAL_ID, record.reference);
        let mut verification = Verification::new(reference, status, word, self.profile.next_action(status));
        verification.reasons = reasons;
        verification.updated_at = record.updated_at;
        verification.correlation = correlation;
        Ok(verification)
    }

    fn checked(&self, session: &SessionRef, answer: &Json<'_>) -> Result<Verification> {
        let record = self.parts.shape.record.read(answer);
        let record = record.ok_or_else(|| unusable("the vendor's answer has no session"))?;
        if record.id.is_some_and(|id| id != session.key()) {
            return Err(Error::new(ErrorKind::Conflict, "the vendor answered for another session"));
        }
        self.verification(session.clone(), &record)
    }

    /// A page of a list, as far as it is about a reference.
    fn page(&self, find: &Find, reference: &str, page: &Json<'_>) -> Result<Page> {
        let list = find.list.list(page);
        let list = list.ok_or_else(|| unusable("the vendor's answer has no list of sessions"))?;
        let records = list.iter().filter_map(|one| self.parts.shape.record.read(one));
        let listed = records.filter(|record| record.reference == Some(reference)).map(|record| {
            let verification = self.verification(self.reference(record.id)?, &record)?;
            Ok(Listed { at: record.created_at.or(record.updated_at), verification })
        });
        let next = find.next.text(page).map(str::to_owned);
        Ok(Page { listed: listed.collect::<Result<_>>()?, next })
    }

    /// What every page of the list of a reference has.
    async fn listed(&self, find: &Find, request: &FindRequest) -> Result<Vec<Listed>> {
        let (reference, deadline) = (request.reference.as_str(), Deadline::from_now(request.deadline));
        let (mut listed, mut token): (_, Option<String>) = (Vec::new(), None);
        for number in 1.. {
            let call = Call::get(Operation::Find, Repeat::Harmless, find.path.segments());
            let mut call = call.deadline(deadline.left()).query(&find.parameter, reference);
            if let Some(token) = &token {
                call = call.query(&find.next_parameter, token);
            }
            let read = |page: &Json<'_>| match self.page(find, reference, page)? {
                page if page.next.is_some() && number >= PAGES => {
                    Err(unusable("the vendor lists more than 20 pages of sessions for the reference"))
                }
                page => Ok(page),
            };
            let page = self.send(call, read).await?;
            listed.extend(page.listed);
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        Ok(listed)
    }

    /// Ends a review that also looks at the key of a reference.
    fn admit(mut review: Review, session: &SessionRef) -> Result<()> {
        if !mapping::is_session(session.key()) {
            review.invalid(Input::SESSION, "must name a session id that this adapter made");
        }
        review.finish().map(drop)
    }

    fn claimed(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        let Some(back) = &self.parts.shape.redirect else {
            let message = "this vendor's return URLs carry no status: use `check` or webhooks";
            return Err(Error::unsupported(&self.id, Operation::Redirect, message));
        };
        Self::admit(Review::redirect(&self.id, redirect.expected), redirect.expected)?;
        let said = RedirectParameters::read(redirect, &back.names)?;
        let claim = back.claims.meaning(&said.status, said.reason.as_deref());
        let claim = claim.unwrap_or(RedirectClaim::Unrecognized);
        let mut outcome =
            RedirectOutcome::new(redirect.expected.clone(), claim, VendorWord::new(&said.status));
        outcome.reason = said.reason.as_deref().map(|word| mapping::reason(&back.reasons, word));
        outcome.provider_reason = said.reason.as_deref().map(VendorWord::new);
        Ok(outcome)
    }
}

#[async_trait]
impl VerificationProvider for SessionApiProvider {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let create = &self.parts.shape.create;
        let rule = self.parts.client.base().url_rule();
        let mut review = Review::start(&self.profile, &self.id, request, rule);
        let uninvited = create.lacks(request.invites);
        if uninvited && request.musts.contains(&Input::INVITES) {
            review.invalid(Input::INVITES, "must be of a kind that this vendor sends");
        }
        let mut unused = review.finish()?;
        unused.extend(uninvited.then_some(Input::INVITES));
        let call = Call::post(Operation::Start, CREATES, create.path.segments()).deadline(request.deadline);
        let call = call.json(&self.create_body(request))?;
        let mut session = self.send(call, |answer| self.session(answer)).await?;
        session.unused_inputs = unused;
        Ok(session)
    }

    async fn refresh(&self, _: &RefreshRequest) -> Result<VerificationSession> {
        let message = "a session keeps its one link: reopen that, or start anew, which makes another session";
        Err(Error::unsupported(&self.id, Operation::Refresh, message))
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        Self::admit(Review::check(&self.profile, &self.id, request), &request.session)?;
        let call =
            Call::get(Operation::Check, Repeat::Harmless, self.parts.shape.read.of(request.session.key()));
        let checked = |answer: &Json<'_>| self.checked(&request.session, answer);
        self.send(call.deadline(request.deadline), checked).await?.expected_by(request)
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        let Some(find) = &self.parts.shape.find else {
            let message = "this vendor lists no sessions by the caller's reference: use `check`";
            return Err(Error::unsupported(&self.id, Operation::Find, message));
        };
        Review::find(&self.id, request).finish()?;
        let mut listed = self.listed(find, request).await?;
        listed.sort_by_key(|one| std::cmp::Reverse(one.at));
        // A session can slide onto the next page while pages are read.
        let mut seen = BTreeSet::new();
        listed.retain(|one| seen.insert(one.verification.reference.clone()));
        Ok(listed.into_iter().map(|one| one.verification).collect())
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        let message = "this vendor takes over no verification that was made elsewhere: use `start`";
        Err(Error::unsupported(&self.id, Operation::Import, message))
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.claimed(redirect).map_err(|error| error.with_provider(self.id.clone()))
    }

    fn verify_webhook(&self, request: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        let Some(shape) = &self.parts.shape.webhook else {
            let message = "this vendor sends no webhooks: use `check`";
            return Err(Error::unsupported(&self.id, Operation::Webhook, message));
        };
        match &self.parts.webhooks {
            Some(keys) => {
                let words = &self.parts.shape.vocabulary;
                shape.read(&self.id, keys, words, &self.profile.actions, request)
            }
            None => Err(Error::no_webhook_secrets()),
        }
        .map_err(|error| error.with_provider(self.id.clone()))
    }
}
