//! Opening a session.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::context::CallContext;
use super::shared::request_of;
use crate::{Input, OnboardingId, Pii, UserToken};

/// Whether the vendor itself writes to the applicant. Off unless asked for: a switch of vendor must never start to
/// mail or text people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "who asks for invitations says for every channel whether it is wanted"
)]
pub struct Invites {
    /// By e-mail.
    pub email: bool,
    /// By text message.
    pub sms: bool,
}

impl Invites {
    /// Whether any invitation is asked for.
    #[must_use]
    pub const fn any(self) -> bool {
        self.email || self.sms
    }
}

/// Opens a session for an applicant. An application fills in what it knows, so that the same code serves every vendor; the
/// session that comes back lists the inputs that the vendor cannot use.
///
/// ```
/// use idv_core::StartRequest;
///
/// let request = StartRequest::new("case-7").first_name("Ada").email("ada@example.test");
/// assert_eq!(request.reference, "case-7");
/// ```
#[derive(Debug, Clone)]
pub struct StartRequest {
    input: Arc<StartInput>,
    context: CallContext,
}

/// Input of a start.
///
/// `Debug` shows of attributes their names only, and of a redirect URL only that there is one: it may hold a
/// [`ReturnState`](crate::ReturnState).
#[derive(Clone)]
#[non_exhaustive]
pub struct StartInput {
    /// The caller's own opaque id of the case. Sent as the external id where the vendor has one.
    pub reference: String,
    /// The applicant's first name.
    pub first_name: Option<Pii>,
    /// The applicant's last name.
    pub last_name: Option<Pii>,
    /// The applicant's e-mail address.
    pub email: Option<Pii>,
    /// The applicant's phone number in E.164 form, such as `+15192223333`.
    pub phone: Option<Pii>,
    /// The organization to verify, where the vendor verifies organizations.
    pub organization: Option<String>,
    /// The id of a registration under way.
    pub onboarding_id: Option<OnboardingId>,
    /// The applicant's own token at the vendor.
    pub user_token: Option<UserToken>,
    /// Where the browser goes when the applicant has finished: `https`.
    pub redirect_url: Option<String>,
    /// Which of the vendor's workflows to run.
    pub workflow: Option<String>,
    /// Whether the vendor writes to the applicant.
    pub invites: Invites,
    /// The applicant's date of birth as ISO 8601 writes it, such as `1815-12-10`.
    pub date_of_birth: Option<Pii>,
    /// The country that the verification is about, as ISO 3166-1 alpha-2 writes it, such as `GB`. Adapters convert it.
    pub country: Option<String>,
    /// The language in which the applicant is spoken to, as BCP 47 writes it, such as `pt-BR`.
    pub language: Option<String>,
    /// Inputs without a name of their own here, by the name that the vendor's documentation gives them.
    pub attributes: BTreeMap<String, Pii>,
    /// Inputs without which the session is of no use to the caller.
    pub musts: BTreeSet<Input>,
}

impl StartRequest {
    /// A request with the caller's own opaque id of the case.
    #[must_use]
    pub fn new(reference: impl Into<String>) -> Self {
        StartInput {
            reference: reference.into(),
            first_name: None,
            last_name: None,
            email: None,
            phone: None,
            organization: None,
            onboarding_id: None,
            user_token: None,
            redirect_url: None,
            workflow: None,
            invites: Invites::default(),
            date_of_birth: None,
            country: None,
            language: None,
            attributes: BTreeMap::new(),
            musts: BTreeSet::new(),
        }
        .into()
    }

    /// Sets the applicant's first name.
    #[must_use]
    pub fn first_name(mut self, name: impl Into<Pii>) -> Self {
        self.first_name = Some(name.into());
        self
    }

    /// Sets the applicant's last name.
    #[must_use]
    pub fn last_name(mut self, name: impl Into<Pii>) -> Self {
        self.last_name = Some(name.into());
        self
    }

    /// Sets the applicant's e-mail address.
    #[must_use]
    pub fn email(mut self, address: impl Into<Pii>) -> Self {
        self.email = Some(address.into());
        self
    }

    /// Sets the applicant's phone number, in E.164 form.
    #[must_use]
    pub fn phone(mut self, number: impl Into<Pii>) -> Self {
        self.phone = Some(number.into());
        self
    }

    /// Sets the organization to verify.
    #[must_use]
    pub fn organization(mut self, id: impl Into<String>) -> Self {
        self.organization = Some(id.into());
        self
    }

    /// Sets where the browser goes when the applicant has finished.
    #[must_use]
    pub fn redirect_url(mut self, url: impl Into<String>) -> Self {
        self.redirect_url = Some(url.into());
        self
    }

    /// Sets which of the vendor's workflows to run.
    #[must_use]
    pub fn workflow(mut self, id: impl Into<String>) -> Self {
        self.workflow = Some(id.into());
        self
    }

    /// Lets the vendor write to the applicant.
    #[must_use]
    pub fn invites(mut self, invites: Invites) -> Self {
        self.invites = invites;
        self
    }

    /// Sets the key under which the vendor recognises a repeated call.
    #[must_use]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.context.set_idempotency_key(Some(key.into().into()));
        self
    }

    /// Sets the applicant's date of birth, as ISO 8601 writes it.
    #[must_use]
    pub fn date_of_birth(mut self, date: impl Into<Pii>) -> Self {
        self.date_of_birth = Some(date.into());
        self
    }

    /// Sets the country that the verification is about, as ISO 3166-1 alpha-2 writes it.
    #[must_use]
    pub fn country(mut self, code: impl Into<String>) -> Self {
        self.country = Some(code.into());
        self
    }

    /// Sets the language in which the applicant is spoken to, as BCP 47 writes it.
    #[must_use]
    pub fn language(mut self, tag: impl Into<String>) -> Self {
        self.language = Some(tag.into());
        self
    }

    /// Adds an input that has no name of its own here.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<Pii>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self
    }

    /// Fails the start, before anything is sent, at a provider that has no place for this input.
    #[must_use]
    pub fn must(mut self, input: Input) -> Self {
        self.musts.insert(input);
        self
    }

    /// The text given for an input; `None` for what was not given or is no text (invites, `must`).
    #[must_use]
    pub fn text(&self, input: &Input) -> Option<&str> {
        match input.as_str() {
            "reference" => Some(&self.reference),
            "first_name" => self.first_name.as_ref().map(Pii::expose),
            "last_name" => self.last_name.as_ref().map(Pii::expose),
            "email" => self.email.as_ref().map(Pii::expose),
            "phone" => self.phone.as_ref().map(Pii::expose),
            "organization" => self.organization.as_deref(),
            "onboarding_id" => self.onboarding_id.as_ref().map(OnboardingId::expose),
            "user_token" => self.user_token.as_ref().map(UserToken::expose),
            "redirect_url" => self.redirect_url.as_deref(),
            "workflow" => self.workflow.as_deref(),
            "idempotency_key" => self.context.idempotency_key(),
            "date_of_birth" if self.date_of_birth.is_some() => self.date_of_birth.as_ref().map(Pii::expose),
            "country" if self.country.is_some() => self.country.as_deref(),
            "language" if self.language.is_some() => self.language.as_deref(),
            // These three were attributes before they had names of their own, and still can be.
            attribute => self.attributes.get(attribute).map(Pii::expose),
        }
    }

    /// The inputs that were given, attributes included.
    #[must_use]
    pub fn given(&self) -> Vec<Input> {
        let named = [
            Input::REFERENCE,
            Input::FIRST_NAME,
            Input::LAST_NAME,
            Input::EMAIL,
            Input::PHONE,
            Input::ORGANIZATION,
            Input::ONBOARDING_ID,
            Input::USER_TOKEN,
            Input::REDIRECT_URL,
            Input::WORKFLOW,
            Input::IDEMPOTENCY_KEY,
            Input::DATE_OF_BIRTH,
            Input::COUNTRY,
            Input::LANGUAGE,
        ];
        let mut given: Vec<Input> = named.into_iter().filter(|input| self.text(input).is_some()).collect();
        if self.invites.any() {
            given.push(Input::INVITES);
        }
        given.extend(self.attributes.keys().map(|name| Input::new(name)));
        given
    }
}

impl fmt::Debug for StartInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartInput")
            .field("reference", &self.reference)
            .field("first_name", &self.first_name)
            .field("last_name", &self.last_name)
            .field("email", &self.email)
            .field("phone", &self.phone)
            .field("organization", &self.organization)
            .field("onboarding_id", &self.onboarding_id)
            .field("user_token", &self.user_token)
            .field("redirect_url", &self.redirect_url.as_ref().map(|_| format_args!("[redacted]")))
            .field("workflow", &self.workflow)
            .field("invites", &self.invites)
            .field("date_of_birth", &self.date_of_birth)
            .field("country", &self.country)
            .field("language", &self.language)
            .field("attributes", &self.attributes.keys())
            .field("musts", &self.musts)
            .finish()
    }
}

request_of!(StartRequest(StartInput), with credentials);
