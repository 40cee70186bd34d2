//! Letters, and the acts on them.

use std::collections::HashMap;

use serde_json::json;

use crate::act::{Act, ActName, Acted, Actor};
use crate::clock::iso;
use crate::error::{Error, Result};
use crate::front::Front;
use crate::history::History;
use crate::pages::closed::Closed;
use crate::script::{Directives, Scripts};
use crate::vendor_state::{VendorState, newest_ids, note};
use crate::verification::{SimulatedVerification, Subject};
use crate::webhooks::Event;

/// All letters, by the reference of the application.
#[derive(Debug, Default)]
pub(super) struct State {
    letters: HashMap<String, Letter>,
    scripts: Scripts,
}

#[derive(Debug)]
struct Letter {
    word: &'static str,
    updated_at: i64,
    history: History,
}

impl State {
    pub(super) fn receive(&mut self, front: &Front, reference: &str) {
        let now = front.clock.now();
        let letter = Letter { word: "RECEIVED", updated_at: now, history: History::default() };
        self.letters.insert(reference.to_owned(), letter);
        note(self, front, reference, Actor::Application, "received");
        if let Some(plot) = Directives::parse(reference).plot {
            self.scripts.begin(reference, plot.steps(false), now);
        }
    }

    pub(super) fn word(&self, reference: &str) -> Option<&'static str> {
        self.letters.get(reference).map(|letter| letter.word)
    }
}

impl VendorState for State {
    fn scripts(&mut self) -> &mut Scripts {
        &mut self.scripts
    }

    fn history(&mut self, id: &str) -> Option<(&mut History, &str)> {
        self.letters.get_mut(id).map(|letter| (&mut letter.history, letter.word))
    }

    fn verification(&self, front: &Front, id: &str) -> Option<SimulatedVerification> {
        let letter = self.letters.get(id)?;
        Some(SimulatedVerification {
            vendor: front.profile.vendor,
            id: id.to_owned(),
            subject: Subject::Session,
            external_id: None,
            status: letter.word.to_owned(),
            progress: None,
            open_pages: vec![front.page_url(id)],
            updated_at: iso(letter.updated_at),
            acts: vec![ActName::Open, ActName::Submit, ActName::Approve],
            history: letter.history.entries(),
        })
    }

    fn newest(&self, limit: usize) -> Vec<String> {
        newest_ids(self.letters.iter().map(|(id, letter)| (letter.updated_at, id)), limit)
    }

    fn linked(&self, link: &str, _: i64) -> Result<String, Closed> {
        self.letters.contains_key(link).then(|| link.to_owned()).ok_or(Closed::Unknown)
    }

    fn perform(&mut self, front: &Front, id: &str, _: Option<&str>, act: &Act, by: Actor) -> Result<Acted> {
        let unknown = || Error::Unknown { what: "letter", id: id.to_owned() };
        let letter = self.letters.get_mut(id).ok_or_else(unknown)?;
        letter.word = match act {
            Act::Submit => "OPENED",
            Act::Approve => "STAMPED",
            Act::Open => letter.word,
            _ => {
                let (act, id) = (act.name().as_str(), id.to_owned());
                return Err(Error::NotPossible { act, id, why: "letters are stamped or not" });
            }
        };
        letter.updated_at = front.clock.now();
        let word = letter.word;
        note(self, front, id, by, act.describe());
        let body = json!({ "type": "letter.changed", "letter": { "word": word } }).to_string().into_bytes();
        let (event_type, subject) = ("letter.changed".to_owned(), id.to_owned());
        let event = Event { id: front.random.uuid(), event_type, subject, body, lost: false };
        front.outbox.post(event, front.clock.now());
        Ok(Acted { status: word.to_owned(), redirect_url: None })
    }
}
