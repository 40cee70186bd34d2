//! What must be true of everything that an adapter gives back.

use std::time::Duration;

use idv::{
    Assurance, Error, NextAction, Verification, VerificationSession, VerificationStatus, WebhookEvent,
};
use url::{Host, Url};

use crate::CANARY;
use crate::texts::Texts;
use crate::words::{self, Row};

/// Longest word of a vendor that is kept, in bytes.
const WORD_LIMIT: usize = 128;
/// Longest wait that is believed.
const LONGEST_WAIT: Duration = Duration::from_secs(366 * 24 * 3600);

/// A vendor's word is short and can be printed.
pub fn word(text: &str) {
    assert!(text.len() <= WORD_LIMIT, "{} bytes are kept of a word", text.len());
    let turns = |character: char| {
        "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}"
            .contains(character)
    };
    assert!(!text.contains(|character: char| character.is_control() || turns(character)), "{text:?}");
}

/// A status follows from a word of the document, which is kept.
fn status(rows: &[Row], status: VerificationStatus, kept: &str, document: &Texts) {
    word(kept);
    assert!(words::allow(rows, status, kept, document), "{kept:?} became {status}");
    let stands = |text: &str| idv::VendorWord::new(text) == kept;
    assert!(document.any(stands), "nothing in the document says {kept:?}");
}

/// What was read of an applicant.
pub fn verification(read: &Verification, rows: &[Row], document: &Texts) {
    status(rows, read.status, read.provider_status.as_str(), document);
    read.correlation.iter().for_each(|(_, id)| word(id));
    read.reasons
        .iter()
        .filter_map(|reason| reason.provider_code.as_ref())
        .for_each(|code| word(code.as_str()));
    match (read.status, &read.next_action) {
        (VerificationStatus::Approved, action) => assert!(matches!(action, NextAction::Done { .. })),
        (VerificationStatus::Unrecognized, action) => assert!(matches!(action, NextAction::Wait { .. })),
        (_, action) => assert!(!matches!(action, NextAction::Done { .. }), "{} needs nothing", read.status),
    }
}

/// A session leads to an `https` URL, or to loopback where the vendor is there too, and shows none of it.
pub fn session(opened: &VerificationSession, on_loopback: bool) {
    assert_eq!(opened.status, VerificationStatus::InProgress);
    let links = opened.links.iter().map(|link| &link.url);
    for url in links.chain(opened.url()) {
        let url = Url::parse(url.expose()).expect("a session URL is a URL");
        let is_loopback = match url.host() {
            Some(Host::Ipv4(address)) => address.octets()[0] == 127,
            Some(Host::Ipv6(address)) => address.segments() == [0, 0, 0, 0, 0, 0, 0, 1],
            Some(Host::Domain(name)) => name == "localhost",
            None => panic!("a session URL has a host"),
        };
        let fine = url.scheme() == "https" || (url.scheme() == "http" && on_loopback && is_loopback);
        assert!(fine, "applicants would be sent to {url}");
    }
    opened.links.iter().filter_map(|link| link.kind.as_ref()).for_each(|kind| word(kind.as_str()));
    let key_holds_it = opened.reference.key().contains(CANARY);
    let kind_holds_it =
        opened.links.iter().any(|link| link.kind.as_ref().is_some_and(|kind| kind.as_str().contains(CANARY)));
    assert!(
        key_holds_it || kind_holds_it || !format!("{opened:?}").contains(CANARY),
        "a session shows its secrets"
    );
}

/// An event that arrived. `rows` are the vendor's words where it signs, nothing where it does not.
pub fn event(event: &WebhookEvent, rows: Option<&[Row]>, document: &Texts) {
    word(event.id.as_str());
    word(event.provider_event_type.as_str());
    event.correlation.iter().for_each(|(_, id)| word(id));
    event
        .reasons()
        .iter()
        .filter_map(|reason| reason.provider_code.as_ref())
        .for_each(|code| word(code.as_str()));
    match (event.status(), event.provider_status(), rows) {
        (Some(said), Some(kept), Some(rows)) => {
            assert_eq!(event.assurance(), Assurance::Signed);
            status(rows, said, kept.as_str(), document);
            assert!(said.is_decision() || event.next_action == NextAction::Check);
        }
        (None, None, _) => {
            assert_eq!(event.next_action, NextAction::Check);
            assert!(event.reasons().is_empty());
            assert_eq!(event.assurance() == Assurance::Signed, rows.is_some());
        }
        other => panic!("an event that cannot be: {other:?}"),
    }
}

/// An error is one line, bounded, and repeats nothing but codes.
pub fn error(error: &Error) {
    error_beside(error, &[]);
}

/// The same of an answer with these content types, which an error may name.
pub fn error_beside(error: &Error, content_types: &[&str]) {
    let line = error.to_string();
    assert!(!line.contains(char::is_control), "{line:?}");
    let mut shown = format!("{line} {error:?}");
    for code in [error.code(), error.request_id()].into_iter().flatten() {
        word(code.as_str());
        shown = shown.replace(code.as_str(), "");
    }
    for part in content_types.iter().flat_map(|value| value.split(';')) {
        let named = idv::VendorWord::new(part.trim());
        for text in [named.as_str().to_owned(), named.as_str().escape_debug().to_string()] {
            shown = if text.is_empty() { shown } else { shown.replace(&text, "") };
        }
    }
    assert!(!shown.contains(CANARY), "an error repeats what it was told");
    assert!(error.retry_after().is_none_or(|wait| wait <= LONGEST_WAIT));
}
