//! The body of a create call.

use idv_core::{Input, RedirectUrl, StartRequest};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::spec::Create;

/// The body of a create call, written where the description says.
pub(crate) struct CreateBody<'a> {
    pub(crate) create: &'a Create,
    /// The workflow of a start that names none.
    pub(crate) workflow: Option<&'a str>,
    pub(crate) request: &'a StartRequest,
    /// The redirect URL of the request, as it is to be sent.
    pub(crate) redirect_url: Option<&'a RedirectUrl>,
}

impl Serialize for CreateBody<'_> {
    /// Both invitation flags are always written: at deepidv an absent one means "invite".
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_map(None)?;
        for (input, field) in &self.create.fields {
            let text = match input {
                input if *input == Input::REDIRECT_URL => self.redirect_url.map(RedirectUrl::expose),
                input if *input == Input::WORKFLOW => self.request.text(input).or(self.workflow),
                input => self.request.text(input),
            };
            if let Some(text) = text {
                body.serialize_entry(field, text)?;
            }
        }
        let invites = self.request.invites;
        for (field, wanted) in
            [(&self.create.invite_email, invites.email), (&self.create.invite_sms, invites.sms)]
        {
            if let Some(field) = field {
                body.serialize_entry(field, &wanted)?;
            }
        }
        body.end()
    }
}
