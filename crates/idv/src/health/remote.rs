//! Remote checks: findings of one harmless request to the vendor.

use std::time::Duration;

use idv_core::signature::TOLERANCE_SECONDS;
use idv_core::{CheckRequest, CredentialOwner, Delivery, Error, ErrorKind, SensitiveText, SessionRef};

use super::finding::{Findings, HealthCheck as Check, HealthOutcome as Outcome};
use crate::registry::Instance;

/// How long the vendor may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// The difference of clocks that is doubtful: longer than an answer takes.
const DOUBTFUL_SKEW: Duration = Duration::from_secs(30);
/// The difference of clocks from which on signed webhooks are refused.
const BROKEN_SKEW: Duration = Duration::from_secs(TOLERANCE_SECONDS);

pub(super) async fn look(instance: &Instance, findings: &mut Findings<'_>) {
    let error = match probe(instance, findings).await {
        Ok(()) => {
            findings.add(Check::Connection, Outcome::Fine, "the vendor answers", None);
            findings.add(Check::Credentials, Outcome::Fine, "the vendor accepts the key", None);
            return no_clock(findings);
        }
        Err(error) => error,
    };
    connection(&error, findings);
    credentials(&error, findings);
    clock(&error, instance, findings);
}

/// Asks for the state of a session that cannot exist, with credentials of an applicant who does not exist.
async fn probe(instance: &Instance, findings: &Findings<'_>) -> Result<(), Error> {
    let made_up = || instance.context.random.idempotency_key();
    let key = format!("{}{}", instance.bare.profile().key_prefix, made_up());
    let session = SessionRef::new(findings.provider.clone(), &key)
        .map_err(|error| Error::new(ErrorKind::InvalidRequest, error.to_string()))?;
    let request =
        CheckRequest::new(session).user_token(made_up()).onboarding_id(made_up()).deadline(DEADLINE);
    instance.bare.check(&request).await.map(drop)
}

/// The adapter itself refused the question: its references have another form.
fn was_not_asked(error: &Error) -> bool {
    error.delivery() == Delivery::NotSent
        && !matches!(error.kind(), ErrorKind::Connection | ErrorKind::Timeout)
}

fn connection(error: &Error, findings: &mut Findings<'_>) {
    let (outcome, message, advice) = match error.kind() {
        _ if was_not_asked(error) => {
            (Outcome::NotChecked, "the adapter has no harmless question to ask".to_owned(), None)
        }
        _ if error.http_status() == Some(407) => {
            let advice = "check `http.proxy`, and the name and password in it";
            (Outcome::Broken, told(error), Some(advice))
        }
        ErrorKind::Connection | ErrorKind::Timeout => {
            let advice = "check `base_url`, DNS, firewall, `http.proxy` and `http.extra_ca`";
            (Outcome::Broken, error.message().to_owned(), Some(advice))
        }
        ErrorKind::Unavailable if is_of_a_gateway(error) => {
            let advice = "check `base_url`, `http.proxy` and firewalls: another server answers";
            // A vendor may answer the made-up session with a page of its own.
            let may_be_the_vendor = error.http_status() == Some(404);
            let outcome = if may_be_the_vendor { Outcome::Doubtful } else { Outcome::Broken };
            (outcome, told(error), Some(advice))
        }
        ErrorKind::Unavailable => {
            let advice = "look at the vendor's status page; move new sessions elsewhere with `active`";
            (Outcome::Broken, told(error), Some(advice))
        }
        ErrorKind::InvalidResponse => {
            let advice = "check `base_url` and `http.proxy`: another server may be answering";
            (Outcome::Broken, told(error), Some(advice))
        }
        ErrorKind::NotFound if is_of_a_router(error) => {
            let message =
                format!("the answer looks like that of a router, not of the vendor{}", status(error));
            let advice =
                "check `base_url`: a version such as `/v1` may stand there, which the adapter adds itself";
            (Outcome::Doubtful, message, Some(advice))
        }
        ErrorKind::NotFound | ErrorKind::InvalidRequest if says_nothing(error) => {
            let message = "the answer has nothing of what the vendor's errors have";
            let advice = "check `base_url` and `http.proxy`: another server may be answering";
            (Outcome::Doubtful, format!("{message}{}", status(error)), Some(advice))
        }
        _ => (Outcome::Fine, "the vendor answers".to_owned(), None),
    };
    findings.add(Check::Connection, outcome, message, advice);
}

/// Whether a gateway refused the request, and not the vendor: with a page, or because the request went to the wrong server
/// (421). 408 and 425 are the connection's, and a vendor that is down under such a status says so with a code.
fn is_of_a_gateway(error: &Error) -> bool {
    let is_passing = |status| matches!(status, 408 | 425);
    error.code().is_none()
        && error.http_status().is_some_and(|status| (400..500).contains(&status) && !is_passing(status))
}

/// A wrong address is mostly answered 404 with an empty body or a page. Vendors give a code or a reason.
fn says_nothing(error: &Error) -> bool {
    let is_page = |text: &SensitiveText| text.expose().trim_start().starts_with('<');
    error.http_status().is_some()
        && error.code().is_none()
        && error.request_id().is_none()
        && error.vendor_text().is_none_or(is_page)
}

fn credentials(error: &Error, findings: &mut Findings<'_>) {
    let refused_user = error.credential() == Some(CredentialOwner::User);
    let (outcome, message, advice) = match error.kind() {
        _ if was_not_asked(error) => {
            (Outcome::NotChecked, "the adapter has no harmless question to ask".to_owned(), None)
        }
        ErrorKind::Unauthenticated if refused_user => {
            let message = "the vendor refused a made-up applicant's token, and not the key";
            (Outcome::Fine, message.to_owned(), None)
        }
        ErrorKind::Unauthenticated => {
            let advice = "put a valid key of this environment into the configuration";
            (Outcome::Broken, told(error), Some(advice))
        }
        ErrorKind::NotFound | ErrorKind::InvalidRequest if is_about_the_session(error) => {
            let message = format!("the vendor knows no such session{}, and accepts the key", status(error));
            (Outcome::Fine, message, None)
        }
        ErrorKind::Forbidden => {
            let advice =
                "see in the vendor's console what the key may do; a made-up session may be the cause";
            (Outcome::Doubtful, told(error), Some(advice))
        }
        ErrorKind::PaymentRequired => {
            (Outcome::Doubtful, told(error), Some("top up the account at the vendor"))
        }
        _ => (Outcome::NotChecked, "the answer says nothing about the key".to_owned(), None),
    };
    findings.add(Check::Credentials, outcome, message, advice);
}

/// The answers of routers and gateways to a path that they do not know, before any key is checked: the whole text, or its
/// beginning.
const ROUTERS: &[&str] =
    &["not found", "404 page not found", "page not found", "route not found", "resource not found"];
const ROUTERS_BEGIN: &[&str] = &[
    "cannot get /",
    "no route matched",
    "missing authentication token",
    "the requested url ",
    "the requested resource ",
];

/// Whether a 404 is that of a router: the vendor itself says what it did not find.
fn is_of_a_router(error: &Error) -> bool {
    let is_router_s = |text: &SensitiveText| {
        let text = text.expose().trim().trim_end_matches('.').to_ascii_lowercase();
        ROUTERS.contains(&text.as_str()) || ROUTERS_BEGIN.iter().any(|start| text.starts_with(start))
    };
    let is_named = error.code().is_some() || error.request_id().is_some();
    error.http_status() == Some(404) && !is_named && error.vendor_text().is_some_and(is_router_s)
}

/// Other refusals, such as 405 or 451, come from a server in front of the vendor.
fn is_about_the_session(error: &Error) -> bool {
    matches!(error.http_status(), None | Some(400 | 404 | 410 | 422))
        && !says_nothing(error)
        && !is_of_a_router(error)
}

fn status(error: &Error) -> String {
    error.http_status().map(|status| format!(" (HTTP {status})")).unwrap_or_default()
}

fn clock(error: &Error, instance: &Instance, findings: &mut Findings<'_>) {
    let Some(there) = error.answered_at() else { return no_clock(findings) };
    let here = instance.context.clock.now();
    let (ahead, behind) = (here.saturating_since(there), there.saturating_since(here));
    let skew = ahead.max(behind);
    let way = if ahead > behind { "ahead of" } else { "behind" };
    let message = format!("the clock here is {} s {way} the vendor's", skew.as_secs());
    let advice = "set the clock of this machine, by NTP for example";
    if skew >= BROKEN_SKEW {
        let message = format!("{message}: signed webhooks are refused from {TOLERANCE_SECONDS} s on");
        findings.add(Check::Clock, Outcome::Broken, message, advice);
    } else if skew >= DOUBTFUL_SKEW {
        findings.add(Check::Clock, Outcome::Doubtful, message, advice);
    } else {
        findings.add(Check::Clock, Outcome::Fine, "the clocks agree", None);
    }
}

fn no_clock(findings: &mut Findings<'_>) {
    findings.add(Check::Clock, Outcome::NotChecked, "no answer said what time it is at the vendor", None);
}

/// The text of an answer, with the details that the vendor's support asks for.
fn told(error: &Error) -> String {
    let status = error.http_status().map(|status| format!("HTTP {status}"));
    let code = error.code().map(|code| format!("code {code}"));
    let request = error.request_id().map(|id| format!("request {id}"));
    let details: Vec<String> = [status, code, request].into_iter().flatten().collect();
    match details.is_empty() {
        true => error.message().to_owned(),
        false => format!("{} ({})", error.message(), details.join(", ")),
    }
}
