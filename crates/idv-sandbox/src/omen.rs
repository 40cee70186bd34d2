//! Magic references that inject faults into the start: `-503x2`, `-lost-answer`.

use std::sync::{Mutex, PoisonError};

use axum::http::request::Parts;
use serde_json::Value;

use crate::bounded::BoundedMap;
use crate::fault::FaultKind;
use crate::profile::Profile;
use crate::script::Directives;

/// The number of references whose faults are remembered.
const MAX_REMEMBERED: usize = 10_000;

/// The text of an error that a reference asked for.
const REFUSED: &str = "Refused because the reference asks for it.";

/// The faults that magic references have had so far.
#[derive(Debug)]
pub(crate) struct Omens {
    profile: &'static Profile,
    met: Mutex<BoundedMap<Met>>,
}

#[derive(Debug, Default)]
struct Met {
    refusals: u32,
    lost_answer: bool,
}

impl Omens {
    pub(crate) fn new(profile: &'static Profile) -> Self {
        Self { profile, met: Mutex::new(BoundedMap::new(MAX_REMEMBERED)) }
    }

    /// The fault that a start asks for by its reference.
    pub(crate) fn read(&self, parts: &Parts, body: &[u8]) -> Option<FaultKind> {
        if !(self.profile.operations.of)(&parts.method, parts.uri.path()).starts_with("start") {
            return None;
        }
        let reference = (self.profile.magic.reference)(parts, body)?;
        let directives = Directives::parse(&reference);
        if directives.refusals.is_none() && !directives.lost_answer {
            return None;
        }
        self.meet(reference, &directives)
    }

    fn meet(&self, reference: String, directives: &Directives) -> Option<FaultKind> {
        let mut known = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        if known.get(&reference).is_none() {
            known.insert(reference.clone(), Met::default());
        }
        let met = known.get_mut(&reference)?;
        if let Some((status, count)) = directives.refusals
            && met.refusals < count
        {
            met.refusals += 1;
            return Some(FaultKind::Answer { answer: (self.profile.magic.refusal)(status, REFUSED) });
        }
        let lost = directives.lost_answer && !std::mem::replace(&mut met.lost_answer, true);
        lost.then_some(FaultKind::LostAnswer)
    }
}

/// A text field of a JSON body, if the body can contain a magic reference at all.
pub(crate) fn field(body: &[u8], names: &[&str]) -> Option<String> {
    let refusal =
        |window: &[u8]| window[0] == b'-' && window[4] == b'x' && window[1..4].iter().all(u8::is_ascii_digit);
    let magic = |window: &[u8]| window == b"-lost";
    if !body.windows(5).any(|window| refusal(window) || magic(window)) {
        return None;
    }
    let body: Value = serde_json::from_slice(body).ok()?;
    names.iter().find_map(|name| body.get(name)?.as_str()).map(str::to_owned)
}
