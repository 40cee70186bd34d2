//! The trait that every vendor is behind.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    CancelRequest, CheckRequest, EraseRequest, Erasure, FindRequest, ImportRequest, ProviderId,
    ProviderProfile, Redirect, RedirectOutcome, RefreshRequest, Result, StartRequest, Verification,
    VerificationSession, WebhookOutcome, WebhookRequest,
};

/// A configured way to verify people or companies.
///
/// Each call is one attempt; layers retry, limit and observe. A declined applicant is data, an [`Error`](crate::Error) means
/// that the state is unknown.
///
/// There are no default bodies, so that a wrapper cannot forget a method. An operation that a provider lacks returns
/// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported), and its [`Capabilities`](crate::Capabilities) say so. Optional
/// abilities are not traits of their own, because a holder of a `dyn VerificationProvider` could not reach them.
#[async_trait]
pub trait VerificationProvider: fmt::Debug + Send + Sync + 'static {
    /// The configured name.
    fn id(&self) -> &ProviderId;

    /// Facts, without I/O.
    fn profile(&self) -> &ProviderProfile;

    /// Opens a session for an applicant.
    ///
    /// # Errors
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) with every missing or wrong input, before anything is sent;
    /// otherwise what the vendor answered, or why it did not. Where [`Error::retry`](crate::Error::retry) is
    /// [`AfterCheck`](crate::Retry::AfterCheck), a session may exist: look for it before another start.
    async fn start(&self, request: &StartRequest) -> Result<VerificationSession>;

    /// Gets a fresh link or token for the same applicant.
    ///
    /// # Errors
    /// As of a start. [`Unsupported`](crate::ErrorKind::Unsupported) where the vendor has no fresh links.
    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession>;

    /// Reads the current state at the vendor. It changes nothing there, so it may always be repeated.
    ///
    /// # Errors
    /// [`NotFound`](crate::ErrorKind::NotFound) where the vendor does not know the session,
    /// [`Conflict`](crate::ErrorKind::Conflict) where it answers about another subject than the request expects.
    async fn check(&self, request: &CheckRequest) -> Result<Verification>;

    /// Looks for sessions by the caller's own reference, newest first. None is an empty list.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the vendor has no search.
    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>>;

    /// Takes over a verification that was made elsewhere.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the vendor cannot. A share token is good for one use: after an
    /// [`Unknown`](crate::Delivery::Unknown) delivery look with a check.
    async fn import(&self, request: &ImportRequest) -> Result<Verification>;

    /// Withdraws a session that is still open. One that is cancelled already is a success.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the vendor cannot; its message says what to do instead.
    async fn cancel(&self, request: &CancelRequest) -> Result<Verification>;

    /// Has the vendor delete the applicant's data. An applicant whom the vendor does not know any more is
    /// [`AlreadyGone`](crate::ErasureState::AlreadyGone).
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) where the vendor cannot; its message says what to do instead.
    async fn erase(&self, request: &EraseRequest) -> Result<Erasure>;

    /// Reads a return URL: untrusted input, a hint and no more. No I/O.
    ///
    /// # Errors
    /// [`RedirectRejected`](crate::ErrorKind::RedirectRejected) where it is malformed or about another session.
    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome>;

    /// Verifies a webhook over its raw bytes, then reads it. Fails closed. No I/O.
    ///
    /// # Errors
    /// [`WebhookRejected`](crate::ErrorKind::WebhookRejected) where it is not authentic or cannot be read,
    /// [`Config`](crate::ErrorKind::Config) where no secret is configured; see
    /// [`Error::webhook_response_status`](crate::Error::webhook_response_status) for what to answer.
    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome>;
}

/// Forwards the methods to the target of a pointer, as `async_trait` declares them.
macro_rules! forward_methods {
    ($($call:ident($request:ty) -> $outcome:ty;)+) => {$(
        fn $call<'life0, 'life1, 'async_trait>(
            &'life0 self,
            request: &'life1 $request,
        ) -> Pin<Box<dyn Future<Output = Result<$outcome>> + Send + 'async_trait>>
        where
            'life0: 'async_trait,
            'life1: 'async_trait,
            Self: 'async_trait,
        {
            (**self).$call(request)
        }
    )+};
}

macro_rules! provider_for_pointer {
    ($($pointer:ident),+) => {$(
        // Written out and not `async`: the inner future is forwarded, where `async_trait` would put a box around it.
        #[deny(clippy::missing_trait_methods)]
        impl<T: VerificationProvider + ?Sized> VerificationProvider for $pointer<T> {
            fn id(&self) -> &ProviderId {
                (**self).id()
            }

            fn profile(&self) -> &ProviderProfile {
                (**self).profile()
            }

            forward_methods! {
                start(StartRequest) -> VerificationSession;
                refresh(RefreshRequest) -> VerificationSession;
                check(CheckRequest) -> Verification;
                find(FindRequest) -> Vec<Verification>;
                import(ImportRequest) -> Verification;
                cancel(CancelRequest) -> Verification;
                erase(EraseRequest) -> Erasure;
            }

            fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
                (**self).parse_redirect(redirect)
            }

            fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
                (**self).verify_webhook(webhook)
            }
        }
    )+};
}

provider_for_pointer!(Arc, Box);

const _: fn(&dyn VerificationProvider) = |_| {};
