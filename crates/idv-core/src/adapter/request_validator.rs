//! Request validation before any I/O: all problems of a request are reported at once.

use std::borrow::Cow;

use email_address::{EmailAddress, Options};

use crate::model::{is_date, is_key};
use crate::{
    CancelRequest, CheckRequest, CountryCode, EraseRequest, Error, FindRequest, ImportRequest, Input,
    InputNeed, InputProblem, OnboardingId, Operation, Problem, ProviderId, ProviderProfile, RedirectNames,
    RedirectUrl, RefreshRequest, Result, SessionRef, StartRequest, UrlRule, UserToken, VendorWord,
};

/// Longest reference and workflow, in bytes: it becomes the key of a [`SessionRef`].
const REFERENCE_LIMIT: usize = 256;
/// Longest idempotency key, in characters (nxos OpenAPI, Start verification).
const IDEMPOTENCY_KEY_LIMIT: usize = 255;

/// Validator of a request: collects its problems. An adapter opens one, adds what only it can judge, and ends it with
/// [`finish`](Self::finish) before it sends anything.
///
/// ```
/// # use idv_core::{Input, ProviderId, ProviderProfile, RequestValidator, StartRequest, UrlRule};
/// fn admit(profile: &ProviderProfile, id: &ProviderId, request: &StartRequest) -> idv_core::Result<Vec<Input>> {
///     let mut validator = RequestValidator::start(profile, id, request, UrlRule::Https);
///     if request.organization.as_deref() == Some("") {
///         validator.invalid(Input::ORGANIZATION, "must not be empty");
///     }
///     validator.finish()
/// }
/// ```
#[derive(Debug)]
#[must_use = "a validator has no effect until `finish`"]
pub struct RequestValidator {
    provider: ProviderId,
    operation: Operation,
    problems: Vec<InputProblem>,
    unused: Vec<Input>,
    redirect_url: Option<RedirectUrl>,
}

impl RequestValidator {
    /// Checks a start against a profile: what is required is there, what is used has the right form, and what must be
    /// honoured can be. `rule` says which redirect URLs are acceptable, and [`redirect_url`](Self::redirect_url) what is sent.
    pub fn start(profile: &ProviderProfile, id: &ProviderId, request: &StartRequest, rule: UrlRule) -> Self {
        let mut validator = Self::new(id, Operation::Start);
        // Sorted, so that problems come in the same order whatever was given first.
        let mut given = request.given();
        given.sort_unstable();
        given.dedup();
        for input in profile.inputs.required(Operation::Start) {
            if !given.contains(input) {
                validator.missing(input.clone());
            }
        }
        for input in given {
            if profile.inputs.need(Operation::Start, &input) == InputNeed::Unused && input != Input::REFERENCE
            {
                validator.unused.push(input);
            } else if let Some(text) = request.text(&input) {
                validator.text(&input, text, rule);
            }
        }
        for input in &request.musts {
            if profile.inputs.need(Operation::Start, input) == InputNeed::Unused {
                let message = format!("cannot be honoured: {} takes no such input", profile.vendor);
                validator.problems.push(InputProblem::new(input.clone(), Problem::Unsupported, message));
            }
        }
        validator
    }

    /// Checks a refresh: the reference is this provider's, and the subject's credentials are there.
    pub fn refresh(profile: &ProviderProfile, id: &ProviderId, request: &RefreshRequest) -> Self {
        let credentials = (request.user_token.as_ref(), request.onboarding_id.as_ref());
        let mut validator = Self::existing(profile, id, Operation::Refresh, &request.session, credentials);
        if let Some(key) = request.context().idempotency_key() {
            validator.check_format(&Input::IDEMPOTENCY_KEY, key);
        }
        validator
    }

    /// Checks a check: the reference is this provider's, and the subject's credentials are there.
    pub fn check(profile: &ProviderProfile, id: &ProviderId, request: &CheckRequest) -> Self {
        let credentials = (request.user_token.as_ref(), request.onboarding_id.as_ref());
        Self::existing(profile, id, Operation::Check, &request.session, credentials)
    }

    /// Checks a cancellation: the reference is this provider's, and the subject's credentials are there.
    pub fn cancel(profile: &ProviderProfile, id: &ProviderId, request: &CancelRequest) -> Self {
        let credentials = (request.user_token.as_ref(), request.onboarding_id.as_ref());
        Self::existing(profile, id, Operation::Cancel, &request.session, credentials)
    }

    /// Checks an erasure: the reference is this provider's, and the subject's credentials are there.
    pub fn erase(profile: &ProviderProfile, id: &ProviderId, request: &EraseRequest) -> Self {
        let credentials = (request.user_token.as_ref(), request.onboarding_id.as_ref());
        Self::existing(profile, id, Operation::Erase, &request.session, credentials)
    }

    /// Checks a find.
    pub fn find(id: &ProviderId, request: &FindRequest) -> Self {
        let mut validator = Self::new(id, Operation::Find);
        validator.check_format(&Input::REFERENCE, &request.reference);
        validator
    }

    /// Checks an import.
    pub fn import(id: &ProviderId, request: &ImportRequest) -> Self {
        let mut validator = Self::new(id, Operation::Import);
        validator.check_format(&Input::SHARE_TOKEN, request.share_token.expose());
        validator
    }

    /// Checks that a reference names this provider, for a redirect.
    pub fn redirect(id: &ProviderId, session: &SessionRef) -> Self {
        let mut validator = Self::new(id, Operation::Redirect);
        validator.session(id, session);
        validator
    }

    fn new(provider: &ProviderId, operation: Operation) -> Self {
        Self {
            provider: provider.clone(),
            operation,
            problems: Vec::new(),
            unused: Vec::new(),
            redirect_url: None,
        }
    }

    /// Adds an input that is required and not there.
    pub fn missing(&mut self, input: Input) {
        self.problems.push(InputProblem::new(input, Problem::Missing, "is required"));
    }

    /// Adds an input that cannot be used, unless something is known to be wrong with it already. The message goes on
    /// after the input's name and must not repeat the value.
    pub fn invalid(&mut self, input: Input, message: impl Into<Cow<'static, str>>) {
        if !self.problems.iter().any(|problem| problem.input == input) {
            self.problems.push(InputProblem::new(input, Problem::Invalid, message));
        }
    }

    /// The redirect URL of a start, where there is a usable one: an adapter sends this, and not the text that was given.
    #[must_use]
    pub fn redirect_url(&self) -> Option<&RedirectUrl> {
        self.redirect_url.as_ref()
    }

    /// Keeps the parameters free that the vendor appends to the redirect URL: one that stood there before would make every
    /// return look repeated. A fragment is refused, because what is appended to it reaches no server.
    pub fn reserve(&mut self, names: &RedirectNames) {
        if self.redirect_url.as_ref().is_some_and(|url| url.expose().contains('#')) {
            let message = "must have no `#`: the vendor appends its parameters, and no server sees what stands behind one";
            self.invalid(Input::REDIRECT_URL, message);
        }
        let taken = self.redirect_url.as_ref().map_or_else(Vec::new, |url| names.taken_by(url.expose()));
        if !taken.is_empty() {
            let taken: Vec<String> =
                taken.into_iter().map(|name| format!("`{}`", VendorWord::new(name))).collect();
            let message =
                format!("must not have parameters that the vendor appends itself: {}", taken.join(", "));
            self.invalid(Input::REDIRECT_URL, message);
        }
    }

    /// Ends the validation.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) with every problem; otherwise the inputs that
    /// were given and that the vendor has no place for.
    pub fn finish(self) -> Result<Vec<Input>> {
        if self.problems.is_empty() {
            return Ok(self.unused);
        }
        Err(Error::inputs(self.operation, self.problems).with_provider(self.provider))
    }

    /// Checks a request about a verification that exists.
    fn existing(
        profile: &ProviderProfile,
        id: &ProviderId,
        operation: Operation,
        session: &SessionRef,
        (user_token, onboarding_id): (Option<&UserToken>, Option<&OnboardingId>),
    ) -> Self {
        let mut validator = Self::new(id, operation);
        validator.session(id, session);
        validator.credentials(profile, user_token, onboarding_id);
        validator
    }

    fn session(&mut self, id: &ProviderId, session: &SessionRef) {
        if session.provider() != id {
            self.invalid(Input::SESSION, format!("belongs to another provider than `{id}`"));
        }
    }

    fn credentials(
        &mut self,
        profile: &ProviderProfile,
        user_token: Option<&UserToken>,
        onboarding_id: Option<&OnboardingId>,
    ) {
        let given = [
            (Input::USER_TOKEN, user_token.map(UserToken::expose)),
            (Input::ONBOARDING_ID, onboarding_id.map(OnboardingId::expose)),
        ];
        for (input, text) in given {
            match (profile.inputs.need(self.operation, &input), text) {
                (InputNeed::Required, None) => self.missing(input),
                (InputNeed::Required | InputNeed::Optional, Some(text)) => self.check_format(&input, text),
                _ => {}
            }
        }
    }

    fn text(&mut self, input: &Input, text: &str, rule: UrlRule) {
        if *input != Input::REDIRECT_URL {
            return self.check_format(input, text);
        }
        match RedirectUrl::parse(text, rule) {
            Ok(url) => self.redirect_url = Some(url),
            Err(error) => self.invalid(input.clone(), error.to_string()),
        }
    }

    fn check_format(&mut self, input: &Input, text: &str) {
        if let Some(format_error) = format_error(input, text) {
            self.invalid(input.clone(), format_error);
        }
    }
}

/// The problem with the form of a text input.
fn format_error(input: &Input, text: &str) -> Option<Cow<'static, str>> {
    let (fine, message) = match input.as_str() {
        "reference" => (
            text.len() <= REFERENCE_LIMIT && is_key(text),
            "must be 1 to 256 bytes, not `.` or `..`, without control characters",
        ),
        "email" => (is_email(text), "must be an e-mail address such as ada@example.com"),
        "phone" => (is_e164(text), "must be in E.164 form: `+`, then 7 to 15 digits, the first not 0"),
        "idempotency_key" => (
            is_visible_ascii(text) && text.len() <= IDEMPOTENCY_KEY_LIMIT,
            "must be 1 to 255 visible ASCII characters",
        ),
        "date_of_birth" => (is_date(text), "must be a date as ISO 8601 writes it, such as 1815-12-10"),
        "language" => (is_language(text), "must be a language as BCP 47 writes it, such as `en` or `pt-BR`"),
        "country" => return text.parse::<CountryCode>().err().map(|error| error.to_string().into()),
        "user_token" | "onboarding_id" | "share_token" => {
            (is_visible_ascii(text), "must be visible ASCII characters and not empty")
        }
        _ => (
            !text.trim().is_empty() && !text.chars().any(char::is_control),
            "must not be empty or have control characters",
        ),
    };
    (!fine).then_some(Cow::Borrowed(message))
}

fn is_visible_ascii(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// E.164 has no shortest number. The shortest in use have seven digits with their country code, as in Niue (`+683` and four).
fn is_e164(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    (7..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The form of a tag, and not whether its parts are registered: a language, then what narrows it down.
fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_alphabetic = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let language = parts.next().is_some_and(|part| (2..=8).contains(&part.len()) && is_alphabetic(part));
    language
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

fn is_email(text: &str) -> bool {
    let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
    EmailAddress::parse_with_options(text, options).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::profile;

    fn id() -> ProviderId {
        "scripted".parse().unwrap()
    }

    #[test]
    fn everything_wrong_is_reported_at_once() {
        let mut profile = profile();
        profile.inputs.declare(Operation::Start, InputNeed::Required, [Input::EMAIL, Input::FIRST_NAME]);
        profile.inputs.declare(Operation::Start, InputNeed::Optional, [Input::PHONE, Input::REDIRECT_URL]);
        let request = StartRequest::new("..")
            .phone("0151")
            .email("nobody")
            .redirect_url("http://example.com")
            .must(Input::WORKFLOW);
        let error = RequestValidator::start(&profile, &id(), &request, UrlRule::Https).finish().unwrap_err();
        let found: Vec<_> =
            error.input_problems().iter().map(|p| format!("{} {}", p.input, p.problem)).collect();
        assert_eq!(
            found,
            [
                "first_name missing",
                "email invalid",
                "phone invalid",
                "redirect_url invalid",
                "reference invalid",
                "workflow unsupported",
            ]
        );
    }

    #[test]
    fn what_the_vendor_cannot_use_is_listed_and_not_judged() {
        let request = StartRequest::new("case-7").phone("nonsense").attribute("colour", "blue");
        let unused = RequestValidator::start(&profile(), &id(), &request, UrlRule::Https).finish().unwrap();
        assert_eq!(unused, [Input::new("colour"), Input::PHONE]);
    }

    fn returning_to(url: &str) -> (RequestValidator, Option<String>) {
        let mut profile = profile();
        profile.inputs.declare(Operation::Start, InputNeed::Optional, [Input::REDIRECT_URL]);
        let request = StartRequest::new("case-7").redirect_url(url);
        let mut validator = RequestValidator::start(&profile, &id(), &request, UrlRule::Https);
        validator.reserve(&RedirectNames::new(["session_id", "sessionId"], "status", "reason"));
        let sent = validator.redirect_url().map(|url| url.expose().to_owned());
        (validator, sent)
    }

    #[test]
    fn a_redirect_url_is_sent_as_the_parser_writes_it() {
        let (validator, sent) = returning_to("https://Shop.example/back here");
        assert_eq!(sent.as_deref(), Some("https://shop.example/back%20here"));
        assert!(validator.finish().is_ok());
        assert_eq!(returning_to("https://ada:secret@shop.example/").1, None);
        let unused = StartRequest::new("case-7").redirect_url("https://shop.example/");
        assert!(RequestValidator::start(&profile(), &id(), &unused, UrlRule::Https).redirect_url().is_none());
    }

    #[test]
    fn nothing_may_stand_behind_what_the_vendor_appends() {
        for url in ["https://shop.example/#/canary", "https://shop.example/back#"] {
            let error = returning_to(url).0.finish().unwrap_err();
            let [problem] = error.input_problems() else { panic!("{error}") };
            assert!(problem.message.contains("`#`") && !problem.message.contains("canary"), "{error}");
        }
        assert!(returning_to("https://shop.example/back?a=%23").0.finish().is_ok());
    }

    #[test]
    fn what_is_wrong_with_a_redirect_url_is_told_without_it() {
        for (url, message) in [
            (
                " https://canary.example/",
                "must not begin or end with a blank, or have line breaks or other control characters in it",
            ),
            ("https://canary:canary@shop.example/", "must not have a user name or a password in it"),
            (
                "http://canary.example/",
                "must be an absolute `https` URL (`http` only on loopback, with a provider on loopback)",
            ),
            (
                "https://shop.example/?status=canary&sessionId=canary",
                "must not have parameters that the vendor appends itself: `status`, `sessionId`",
            ),
        ] {
            let error = returning_to(url).0.finish().unwrap_err();
            let [problem] = error.input_problems() else { panic!("{error}") };
            assert_eq!((&problem.input, problem.problem), (&Input::REDIRECT_URL, Problem::Invalid));
            assert_eq!(problem.message, message);
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }

    #[test]
    fn phones_are_strict_e164() {
        for good in ["+15192223333", "+6834123", "+123456789012345"] {
            assert!(is_e164(good), "{good}");
        }
        for bad in
            ["15192223333", "+0123456789", "+683412", "+1234567890123456", "+1 519 222", "+1519222333a", "+"]
        {
            assert!(!is_e164(bad), "{bad}");
        }
    }

    #[test]
    fn days_countries_and_languages_have_their_forms() {
        for (input, good, bad) in [
            (
                "date_of_birth",
                &["1815-12-10", "2000-02-29"][..],
                &["10.12.1815", "1815-13-01", "2001-02-29", "1815-12-10T00:00", ""][..],
            ),
            ("country", &["GB", "de"], &["UK", "GBR", "XX", ""]),
            (
                "language",
                &["en", "pt-BR", "zh-Hant-TW", "de-1996"],
                &["e", "en_GB", "en-", "-en", "english1", ""],
            ),
        ] {
            for text in good {
                assert_eq!(format_error(&Input::new(input), text), None, "{input} {text}");
            }
            for text in bad {
                assert!(format_error(&Input::new(input), text).is_some(), "{input} {text}");
            }
        }
    }

    #[test]
    fn emails_are_bare_addresses_with_a_domain() {
        assert!(is_email("ada.l+case@example.co.uk"));
        for bad in ["ada", "ada@localhost", "Ada <ada@example.com>", "ada@[127.0.0.1]", "a b@example.com", ""]
        {
            assert!(!is_email(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_complaint_never_repeats_the_value(text in ".{12,40}") {
            for name in ["reference", "email", "phone", "idempotency_key", "user_token", "first_name", "date_of_birth", "language"] {
                if let Some(message) = format_error(&Input::new(name), &text) {
                    prop_assert!(!message.contains(&text));
                }
            }
        }
    }
}
