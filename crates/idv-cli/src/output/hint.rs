//! Hints on the next step after a failure.

use std::time::Duration;

use idv::{CredentialOwner, Error, ErrorKind, Operation, Retry, SessionRef};

use crate::failure::UNUSABLE_DESCRIPTION;

/// One sentence that says what to do next.
pub(super) fn next_step(error: &Error) -> Option<String> {
    #[cfg(feature = "tracker")]
    if let Some(hint) = of_store(error) {
        return Some(hint.to_owned());
    }
    if error.retry() == Retry::AfterCheck {
        return Some(
            "a session may exist already: look with `idv check` or `idv find` before you try again"
                .to_owned(),
        );
    }
    if let (Some(key), Some(Operation::Start)) = (error.idempotency_key(), error.operation()) {
        return Some(format!(
            "{} with `--idempotency-key {key}`, so that no second session comes about",
            wait(error)
        ));
    }
    let text = match error.kind() {
        ErrorKind::Config if error.config_problems().is_empty() => {
            "`idv help` explains the command, `idv providers` lists what is configured"
        }
        ErrorKind::Config if error.message() == UNUSABLE_DESCRIPTION => {
            "correct the file, then try again; `idv describe persona --toml` prints one to start from"
        }
        ErrorKind::Config => {
            "correct the file, then try `idv config check`; `idv sandbox` prints one to start from"
        }
        ErrorKind::Unsupported => "`idv providers` shows what each provider can do",
        ErrorKind::InvalidRequest if error.http_status().is_none() => {
            "give what is missing or wrong above; `idv providers` shows what each provider needs"
        }
        ErrorKind::InvalidRequest => "compare what you gave with what the vendor documents",
        ErrorKind::Unauthenticated if error.credential() == Some(CredentialOwner::User) => {
            "get a fresh token of the applicant, and pass it with --user-token-env"
        }
        ErrorKind::Unauthenticated => "check the key of this provider in the configuration",
        ErrorKind::Forbidden => "the account at the vendor lacks this permission: see the vendor's console",
        ErrorKind::NotFound => "check the reference, organization, registration or workflow, and `base_url`",
        ErrorKind::Conflict => "read the state with `idv check` before you go on",
        ErrorKind::PaymentRequired => "top up the account at the vendor",
        ErrorKind::Connection if error.retry() == Retry::Never => {
            "waiting will not help: check `http.extra_ca`, `http.proxy`, the vendor's certificate and the clock here"
        }
        ErrorKind::RateLimited => return Some(wait(error)),
        ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Connection => return Some(wait(error)),
        ErrorKind::InvalidResponse => "check `base_url`; if it is right, report the request id to the vendor",
        ErrorKind::WebhookRejected => "check `webhook_secrets`, and that headers and body are the raw ones",
        ErrorKind::RedirectRejected => "do not trust this return: read the state with `idv check`",
        _ => return None,
    };
    Some(text.to_owned())
}

/// The next step when the database of the tracker fails.
#[cfg(feature = "tracker")]
fn of_store(error: &Error) -> Option<&'static str> {
    use idv_tracker::{StoreError, StoreErrorKind};
    let source = std::error::Error::source(error)?;
    match source.downcast_ref::<StoreError>()?.kind() {
        StoreErrorKind::Schema => {
            Some("check `tracker.url`: the database is another one, or a newer program has used it")
        }
        _ => Some("check `tracker.url`, and the folder or the server that it names; then try again"),
    }
}

/// The next step when standard output cannot be written.
pub(super) fn for_unwritable() -> String {
    "make room, or name another place, and run the command again".to_owned()
}

/// The next step when something was created and its reference could not be printed.
pub(super) fn for_untold(reference: &SessionRef) -> String {
    format!(
        "keep the reference: `idv check {reference}` reads the state, and where the provider can, \
         `idv refresh {reference}` gets a fresh link"
    )
}

fn wait(error: &Error) -> String {
    let again = match error.operation() {
        Some(
            Operation::Start | Operation::Refresh | Operation::Import | Operation::Cancel | Operation::Erase,
        ) => "then try again",
        _ => "then ask again",
    };
    match error.retry_after() {
        Some(after) => format!("wait {} seconds, {again}", whole_seconds(after)),
        None => format!("wait a little, {again}"),
    }
}

/// Rounds up: a retry that comes part of a second early is refused again.
pub(super) fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_told_to_wait_for_what_stays_as_it_is() {
        let refused = Error::new(ErrorKind::Connection, "the vendor's certificate is not trusted");
        assert!(next_step(&refused).is_some_and(|hint| hint.contains("http.extra_ca")));
        let broken = refused.with_retry(Retry::Allowed { after: None });
        assert!(next_step(&broken).is_some_and(|hint| hint.contains("wait a little")));
    }
}
