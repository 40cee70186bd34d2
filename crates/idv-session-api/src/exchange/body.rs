//! The body of a request, written where the description says.

use idv_core::{Input, Invites, RedirectUrl, StartRequest};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::description::{Leaf, Template};

/// The values that a body takes.
pub(super) trait Values {
    /// The text of an input, where it is given.
    fn text(&self, input: &Input) -> Option<&str>;

    /// The invitations that are asked for.
    fn invites(&self) -> Invites;

    /// The id of the session that the call is about.
    fn session(&self) -> &str;

    /// The token of the page of a list; `None` for the first.
    fn page_token(&self) -> Option<&str> {
        None
    }
}

/// A body with its values.
pub(super) struct Body<'a, V>(pub(super) &'a Template, pub(super) &'a V);

impl<V: Values> Body<'_, V> {
    /// Whether anything is written: an object of nothing but absent inputs is left out.
    fn has_content(&self) -> bool {
        let Self(template, values) = self;
        match template {
            Template::Leaf(Leaf::Input(input)) => values.text(input).is_some(),
            Template::Leaf(Leaf::PageToken) => values.page_token().is_some(),
            Template::Leaf(_) => true,
            Template::Object(members) => members.iter().any(|(_, inner)| Body(inner, *values).has_content()),
            Template::List(elements) => elements.iter().any(|inner| Body(inner, *values).has_content()),
        }
    }
}

impl<V: Values> Serialize for Body<'_, V> {
    /// Both invitation flags are always written: at deepidv an absent one means "invite".
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(template, values) = self;
        match template {
            Template::Object(members) => {
                let mut object = serializer.serialize_map(None)?;
                for (name, inner) in members {
                    let inner = Body(inner, *values);
                    if inner.has_content() {
                        object.serialize_entry(name, &inner)?;
                    }
                }
                object.end()
            }
            Template::List(elements) => {
                let mut list = serializer.serialize_seq(None)?;
                for inner in elements.iter().map(|inner| Body(inner, *values)) {
                    if inner.has_content() {
                        list.serialize_element(&inner)?;
                    }
                }
                list.end()
            }
            Template::Leaf(leaf) => match leaf {
                Leaf::Input(input) => values.text(input).serialize(serializer),
                Leaf::InviteEmail => values.invites().email.serialize(serializer),
                Leaf::InviteSms => values.invites().sms.serialize(serializer),
                Leaf::Session => values.session().serialize(serializer),
                Leaf::PageToken => values.page_token().serialize(serializer),
                Leaf::Constant(value) => value.serialize(serializer),
            },
        }
    }
}

/// The values of a start.
pub(super) struct StartValues<'a> {
    pub(super) request: &'a StartRequest,
    /// The workflow of a start that names none.
    pub(super) workflow: Option<&'a str>,
    /// The redirect URL of the request, as it is to be sent.
    pub(super) redirect_url: Option<&'a RedirectUrl>,
}

impl Values for StartValues<'_> {
    fn text(&self, input: &Input) -> Option<&str> {
        match input {
            input if *input == Input::REDIRECT_URL => self.redirect_url.map(RedirectUrl::expose),
            input if *input == Input::WORKFLOW => self.request.text(input).or(self.workflow),
            input => self.request.text(input),
        }
    }

    fn invites(&self) -> Invites {
        self.request.invites
    }

    fn session(&self) -> &str {
        ""
    }
}

/// The values of a call about a session.
pub(super) struct SessionValues<'a>(pub(super) &'a str);

impl Values for SessionValues<'_> {
    fn text(&self, _: &Input) -> Option<&str> {
        None
    }

    fn invites(&self) -> Invites {
        Invites::default()
    }

    fn session(&self) -> &str {
        self.0
    }
}

/// The values of a list.
pub(super) struct ListValues<'a> {
    pub(super) reference: &'a str,
    /// The workflow of the instance.
    pub(super) workflow: Option<&'a str>,
    pub(super) page_token: Option<&'a str>,
}

impl Values for ListValues<'_> {
    fn text(&self, input: &Input) -> Option<&str> {
        match input {
            input if *input == Input::REFERENCE => Some(self.reference),
            input if *input == Input::WORKFLOW => self.workflow,
            _ => None,
        }
    }

    fn invites(&self) -> Invites {
        Invites::default()
    }

    fn session(&self) -> &str {
        ""
    }

    fn page_token(&self) -> Option<&str> {
        self.page_token
    }
}
