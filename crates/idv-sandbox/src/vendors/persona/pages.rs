//! The addresses that Persona hands out: links that open once, and links with the token of an inquiry session.

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State as Extract};
use axum::http::Response;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use serde::Deserialize;

use crate::pages::closed::Closed;
use crate::vendors::hosted::Link;
use crate::vendors::persona::Persona;
use crate::vendors::persona::inquiry::OPEN;

pub(super) fn router(persona: &Persona) -> Router {
    Router::new().route("/verify", get(verify)).with_state(persona.clone())
}

#[derive(Debug, Deserialize)]
struct Asked {
    code: Option<String>,
    #[serde(rename = "session-token")]
    session_token: Option<String>,
}

/// An inquiry id without a token opens nothing.
async fn verify(Extract(persona): Extract<Persona>, Query(asked): Query<Asked>) -> Response<Body> {
    let token = match asked {
        Asked { code: Some(code), .. } => persona.open(&code),
        Asked { session_token: Some(token), .. } => match persona.page(&token) {
            Ok(_) => Ok(token),
            Err(closed) => Err(closed),
        },
        _ => Err(Closed::Expired),
    };
    match token {
        Ok(token) => Redirect::temporary(&format!("/l/{token}")).into_response(),
        Err(closed) => closed.answer(),
    }
}

impl Persona {
    /// Uses a code up, and returns the token of the inquiry session that it opened.
    fn open(&self, code: &str) -> Result<String, Closed> {
        let mut state = self.hosted.lock();
        let now = self.now();
        let id = state.extra.codes.get(code).cloned().ok_or(Closed::Unknown)?;
        let token = format!("sim_{}", state.random.word(48));
        let inquiry = state.sessions.get_mut(&id).ok_or(Closed::Unknown)?;
        if !OPEN.contains(&inquiry.status.as_str()) {
            return Err(Closed::UsedUp);
        }
        let found = inquiry.facts.codes.iter_mut().find(|known| known.text == code).ok_or(Closed::Unknown)?;
        if found.is_used {
            return Err(Closed::UsedUp);
        }
        if now >= found.until {
            return Err(Closed::Expired);
        }
        found.is_used = true;
        state.add_link(&id, Link::new(token.clone(), None));
        Ok(token)
    }
}
