//! The ways in which vendors of hosted sessions differ.

use std::fmt;

use crate::act::Act;
use crate::front::Front;
use crate::vendors::hosted::session::Session;
use crate::vendors::hosted::turn::{Change, Turn};
use crate::webhooks::Event;

/// The words and rules of one vendor.
pub(crate) trait Dialect: fmt::Debug + Sized + 'static {
    /// The facts of a session that only this vendor has.
    type Facts: fmt::Debug + Send;
    /// The settings and stores that only this vendor has.
    type Extra: fmt::Debug + Default + Send;

    /// The acts that the vendor knows, and the words that they lead to.
    const TURNS: &'static [Turn];

    /// Whether a page ends when the applicant leaves it.
    const LEAVING_ENDS_LINK: bool = false;

    /// The word for a session whose time has run out, by its word until then; none where time does not matter any more.
    fn overdue(status: &str) -> Option<&'static str>;

    /// The URL to which the browser goes after an act on the page.
    fn way_back(session: &Session<Self::Facts>, act: &Act) -> Option<String>;

    /// The webhooks about a change.
    fn events(
        extra: &Self::Extra,
        front: &Front,
        session: &Session<Self::Facts>,
        change: &Change,
        now: i64,
    ) -> Vec<Event>;

    /// The addresses under which the applicant can begin or go on.
    fn pages(front: &Front, session: &Session<Self::Facts>, now: i64) -> Vec<String> {
        session.good_links(now).map(|link| front.page_url(&link.token)).collect()
    }

    /// Adjusts the session's own facts after a change.
    fn after(_session: &mut Session<Self::Facts>, _change: &Change, _now: i64) {}
}
