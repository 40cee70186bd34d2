//! The description of a vendor of hosted sessions, as data. The provider works from this alone, wherever it came from.

pub(crate) mod create_body;
pub(crate) mod from_config;
pub(crate) mod preset;
mod signature;

use http::HeaderName;
use idv_core::{
    Input, InputNeed, InputTable, Invites, Limit, Note, Operation, RedirectClaim, RedirectNames,
    VerificationReason,
};

use crate::mapping::{Vocabulary, Words};
use crate::webhook::WebhookShape;
use crate::wire::{Pointers, RecordPlaces};

/// A vendor of hosted sessions.
#[derive(Debug, Clone)]
pub(crate) struct ApiSpec {
    /// The vendor's name, for people.
    pub(crate) vendor: String,
    /// Where the vendor is, unless configured otherwise.
    pub(crate) base_url: Option<&'static str>,
    pub(crate) key_header: HeaderName,
    /// Text before the key in its header.
    pub(crate) key_prefix: String,
    pub(crate) create: Create,
    pub(crate) read: Path,
    pub(crate) find: Option<Find>,
    pub(crate) record: RecordPlaces,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) redirect: Option<ReturnUrl>,
    pub(crate) webhook: Option<WebhookShape>,
    pub(crate) facts: Facts,
}

/// The call that creates a session.
#[derive(Debug, Clone)]
pub(crate) struct Create {
    pub(crate) path: Path,
    /// The name of each input in the request.
    pub(crate) fields: Vec<(Input, String)>,
    pub(crate) required: Vec<Input>,
    /// The flag that lets the vendor write an e-mail to the applicant. Sent always, on or off.
    pub(crate) invite_email: Option<String>,
    /// The flag that lets the vendor text the applicant. Sent always, on or off.
    pub(crate) invite_sms: Option<String>,
    pub(crate) id: Pointers,
    pub(crate) url: Pointers,
    pub(crate) links: Pointers,
}

impl Create {
    /// Whether the request has a place for an input.
    pub(crate) fn takes(&self, input: &Input) -> bool {
        self.fields.iter().any(|(known, _)| known == input)
    }

    /// Whether the vendor sends invitations, but not all of those that are asked for.
    pub(crate) fn lacks(&self, asked: Invites) -> bool {
        self.invites()
            && (asked.email && self.invite_email.is_none() || asked.sms && self.invite_sms.is_none())
    }

    /// Whether the vendor sends invitations.
    fn invites(&self) -> bool {
        self.invite_email.is_some() || self.invite_sms.is_some()
    }
}

/// The call that lists the sessions of a reference, page by page.
#[derive(Debug, Clone)]
pub(crate) struct Find {
    pub(crate) path: Path,
    /// The query parameter with the reference.
    pub(crate) parameter: String,
    pub(crate) list: Pointers,
    /// Where the token of the next page stands.
    pub(crate) next: Pointers,
    /// The query parameter with that token.
    pub(crate) next_parameter: String,
    /// The query parameter with how many sessions a page is to have.
    pub(crate) size_parameter: Option<String>,
}

/// The parameters that the vendor adds to the return URL.
#[derive(Debug, Clone)]
pub(crate) struct ReturnUrl {
    pub(crate) names: RedirectNames,
    pub(crate) claims: Words<RedirectClaim>,
    pub(crate) reasons: Words<VerificationReason>,
}

/// Facts for people, where the vendor's documentation is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    pub(crate) limits: Vec<Limit>,
    pub(crate) decision_times: Vec<Note>,
    pub(crate) documents: Vec<Note>,
}

/// The segments of a path; `{id}` stands for the session id.
#[derive(Debug, Clone)]
pub(crate) struct Path(Vec<String>);

impl Path {
    /// The segment that stands for the session id.
    pub(crate) const ID: &str = "{id}";

    pub(crate) fn new<T: Into<String>>(segments: impl IntoIterator<Item = T>) -> Self {
        Self(segments.into_iter().map(Into::into).collect())
    }

    pub(crate) fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(crate) fn of<'a>(&'a self, session: &'a str) -> impl Iterator<Item = &'a str> {
        self.segments().map(move |segment| if segment == Self::ID { session } else { segment })
    }
}

impl ApiSpec {
    /// The inputs that a start needs and can use.
    pub(crate) fn inputs(&self) -> InputTable {
        let create = &self.create;
        let fields = create.fields.iter().map(|(input, _)| input.clone());
        let mut table = InputTable::new();
        table.declare(Operation::Start, InputNeed::Optional, fields);
        if create.invites() {
            table.declare(Operation::Start, InputNeed::Optional, [Input::INVITES]);
        }
        let required = create.required.iter().cloned().chain([Input::REFERENCE]);
        table.with(Operation::Start, InputNeed::Required, required)
    }
}
