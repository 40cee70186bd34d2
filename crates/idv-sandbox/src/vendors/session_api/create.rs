//! The body of a create call (session API documentation, Create session).

use serde::Serialize;
use serde_json::{Map, Value};
use url::Url;
use utoipa::ToSchema;

use crate::signed::is_loopback;

/// The invitations that a create call asked the vendor to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Invites {
    /// By e-mail.
    pub email: bool,
    /// By text message.
    pub phone: bool,
}

/// A valid create call.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) external_id: Option<String>,
    pub(crate) workflow_id: Option<String>,
    pub(crate) redirect_url: Option<String>,
    pub(crate) invites: Invites,
}

impl Wanted {
    /// The applicant of sessions without a create call.
    pub(crate) fn somebody() -> Self {
        Self {
            first_name: "Sam".to_owned(),
            last_name: "Simulated".to_owned(),
            email: "sam@example.test".to_owned(),
            phone: "+15192223333".to_owned(),
            external_id: None,
            workflow_id: None,
            redirect_url: None,
            invites: Invites { email: true, phone: true },
        }
    }

    pub(crate) fn parse(body: &Map<String, Value>, loopback_redirects: bool) -> Result<Self, String> {
        let wanted = Self {
            first_name: required(body, "first_name", "firstName")?,
            last_name: required(body, "last_name", "lastName")?,
            email: required(body, "email", "email")?,
            phone: required(body, "phone", "phone")?,
            external_id: text(body, "external_id", "externalId")?,
            workflow_id: text(body, "workflow_id", "workflowId")?,
            redirect_url: text(body, "redirect_url", "redirectUrl")?,
            invites: Invites {
                email: flag(body, "send_email_invite", "sendEmailInvite")?,
                phone: flag(body, "send_phone_invite", "sendPhoneInvite")?,
            },
        };
        wanted.check(loopback_redirects)?;
        Ok(wanted)
    }

    fn check(&self, loopback_redirects: bool) -> Result<(), String> {
        if !is_email(&self.email) {
            return Err("email must be an e-mail address".to_owned());
        }
        if !is_e164(&self.phone) {
            return Err("phone must be in E.164 format".to_owned());
        }
        match &self.redirect_url {
            Some(url) if !is_redirect(url, loopback_redirects) => {
                Err("redirect_url must be a valid HTTPS URL".to_owned())
            }
            _ => Ok(()),
        }
    }
}

/// The value under either spelling; if both are present, camel case wins.
fn field<'a>(body: &'a Map<String, Value>, snake: &str, camel: &str) -> Option<&'a Value> {
    let present = |name: &str| body.get(name).filter(|value| !value.is_null());
    present(camel).or_else(|| present(snake))
}

fn text(body: &Map<String, Value>, snake: &str, camel: &str) -> Result<Option<String>, String> {
    match field(body, snake, camel) {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value.clone())),
        Some(_) => Err(format!("{snake} must be a string")),
    }
}

fn required(body: &Map<String, Value>, snake: &str, camel: &str) -> Result<String, String> {
    let value = text(body, snake, camel)?.filter(|value| !value.trim().is_empty());
    value.ok_or_else(|| format!("{snake} is required"))
}

/// Invitations are sent unless the call says otherwise.
fn flag(body: &Map<String, Value>, snake: &str, camel: &str) -> Result<bool, String> {
    match field(body, snake, camel) {
        None => Ok(true),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(format!("{snake} must be a boolean")),
    }
}

fn is_email(value: &str) -> bool {
    let parts = value.split_once('@');
    parts.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'))
}

/// `+`, then 7 to 15 digits of which the first is not zero.
fn is_e164(value: &str) -> bool {
    let Some(digits) = value.strip_prefix('+') else { return false };
    (7..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_redirect(value: &str, loopback_redirects: bool) -> bool {
    let Ok(url) = Url::parse(value) else { return false };
    let loopback = is_loopback(&url);
    if !url.has_host() {
        return false;
    }
    url.scheme() == "https" || (loopback_redirects && loopback && url.scheme() == "http")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_are_e164() {
        for good in ["+15192223333", "+6834123", "+12345678", "+123456789012345"] {
            assert!(is_e164(good), "{good}");
        }
        for bad in ["15192223333", "+0519222333", "+1 519 222 3333", "+123456", "+1234567890123456", "+", ""]
        {
            assert!(!is_e164(bad), "{bad}");
        }
    }

    #[test]
    fn redirects_are_https_or_by_leave_loopback() {
        for allowed in [false, true] {
            assert!(is_redirect("https://app.example.test/back?a=b", allowed));
            for bad in
                ["http://app.example.test/", "/back", "javascript:alert(1)", "https://", "ftp://127.0.0.1/"]
            {
                assert!(!is_redirect(bad, allowed), "{bad}");
            }
            for local in ["http://127.0.0.1:8080/back", "http://localhost/", "http://[::1]/"] {
                assert_eq!(is_redirect(local, allowed), allowed, "{local}");
            }
        }
    }
}
