//! The record of a session, wherever the vendor puts one: into an answer, a list or a webhook.

use std::borrow::Cow;

use idv_core::Timestamp;
use idv_http::json::{Found, JsonError, Node};

use crate::places::{Place, Places};
use crate::reason_places::ReasonPlaces;

/// Where the record of a session stands in a document, and its facts in the record.
#[derive(Debug, Clone, Default)]
pub(crate) struct RecordPlaces {
    pub(crate) record: Places,
    pub(crate) id: Places,
    pub(crate) status: Places,
    /// A second word that can change the meaning of the status.
    pub(crate) detail: Places,
    pub(crate) reason: ReasonPlaces,
    pub(crate) reference: Places,
    pub(crate) created_at: Places,
    pub(crate) updated_at: Places,
}

/// The facts that are read of a session. The rest of a record can be sensitive, and is left where it is.
pub(crate) struct Record<'a> {
    pub(crate) id: Found<Cow<'a, str>>,
    pub(crate) status: Found<Place<'a>>,
    pub(crate) detail: Found<Cow<'a, str>>,
    pub(crate) reasons: Vec<Cow<'a, str>>,
    pub(crate) reference: Found<Cow<'a, str>>,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) updated_at: Option<Timestamp>,
}

impl RecordPlaces {
    pub(crate) fn read<'a>(&'a self, document: &Node<'a>) -> Result<Record<'a>, JsonError> {
        let record = self.record.required(self.record.object(document))?;
        Ok(Record {
            id: self.id.id(&record),
            status: self.status.value(&record),
            detail: self.detail.word(&record),
            reasons: self.reason.words(&record),
            reference: self.reference.id(&record),
            created_at: self.created_at.time(&record),
            updated_at: self.updated_at.time(&record),
        })
    }
}
