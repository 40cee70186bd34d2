//! The webhooks of a document.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use idv_core::signature::{HmacAlgorithm, sign_hex};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::document::{Document, set};
use super::kept::kept;
use super::words;
use crate::subject::{Event, Webhooks};

impl Document {
    fn scheme(&self) -> &str {
        self.text("/webhook/scheme").unwrap_or_default()
    }

    /// The type of an event about a changed session; `None` where all types are about sessions, so that no other one can be sent.
    fn usual_type(&self) -> Option<String> {
        let notices = self.texts("/webhook/notices");
        let events = self.texts("/webhook/events");
        let first = events.iter().find(|event| !notices.contains(*event))?;
        Some(first.strip_suffix('*').map_or_else(|| (*first).to_owned(), |start| format!("{start}changed")))
    }

    /// Writes the type of an event, where the body names it. Where it stands at the place of the status, a status is the type.
    fn write_type(&self, body: &mut Value, event: &Event<'_>, status: &str) {
        if !self.at("/webhook/event_word").is_null() {
            return;
        }
        let place = self.place("/webhook/event_type", "/type");
        let name = match (self.usual_type(), event.event_type) {
            _ if place == status && event.status.is_some() => return,
            _ if place == status => self.texts("/webhook/notices").first().map(|name| (*name).to_owned()),
            (Some(_), Some(other)) => Some(other.to_owned()),
            (usual, _) => usual.or_else(|| Some("described.changed".to_owned())),
        };
        if let Some(name) = name {
            set(body, &place, name.into());
        }
    }
}

impl Webhooks for Document {
    fn secrets(&self) -> [&'static str; 3] {
        let texts = ["described-hook-canary-one", "described-hook-canary-two", "described-hook-canary-three"];
        let prefix = self.text("/webhook/secret_prefix").unwrap_or_default();
        match self.scheme() {
            "svix" => texts.map(|text| kept(&format!("whsec_{}", STANDARD.encode(text)))),
            _ => texts.map(|text| kept(&format!("{prefix}{text}"))),
        }
    }

    fn is_unproved(&self) -> bool {
        self.scheme() == "unsigned"
    }

    fn event(&self, event: &Event<'_>) -> Value {
        let or_session = |key: &str, usual: &str| {
            let own = self.known_place(&format!("/webhook/{key}"));
            own.unwrap_or_else(|| self.place(&format!("/session/{key}"), usual))
        };
        let at = self.place("/webhook/session", "/data");
        let (status, detail) = (or_session("status", "/status"), or_session("detail", ""));
        let mut body = json!({});
        self.write_type(&mut body, event, &format!("{at}{status}"));
        set(&mut body, &self.place("/webhook/event_time", "/timestamp"), event.at.to_string().into());
        if let Some(place) = self.known_place("/webhook/fresh") {
            set(&mut body, &place, event.at.unix_seconds().into());
        }
        if let Some(place) = self.known_place("/webhook/event_id") {
            set(&mut body, &place, event.id.into());
        }
        let mut about = |place: &str, value: Value| set(&mut body, &format!("{at}{place}"), value);
        about(&or_session("id", "/id"), event.session.into());
        if let Some(word) = event.status {
            let (word, second) = words::apart(self, word, &detail);
            about(&status, word);
            if let Some(second) = second {
                about(&detail, second);
            }
        }
        body
    }

    fn sign(&self, secret: &str, event: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
        let header = kept(&self.text("/webhook/header").unwrap_or_default().to_ascii_lowercase());
        let mut headers = match self.scheme() {
            "svix" => svix(secret, event, body),
            "hmac" => self.hmac(header, secret, event, body),
            "sha256-suffix" => {
                let hashed = hex(&[secret.as_bytes()]);
                let suffix = if self.text("/webhook/secret") == Some("plain") { secret } else { &hashed };
                vec![(header, hex(&[body, suffix.as_bytes()]))]
            }
            "shared-secret" => vec![(header, secret.to_owned())],
            _ => Vec::new(),
        };
        let own_id = self.text("/webhook/id_header").filter(|_| self.scheme() != "svix");
        headers.extend(own_id.map(|name| (kept(&name.to_ascii_lowercase()), event.id.to_owned())));
        headers
    }

    fn signature_separator(&self) -> Option<&'static str> {
        let is_list = self.text("/webhook/header_form").is_some_and(|form| form.contains("{time}"));
        (is_list || self.scheme() == "svix").then_some(" ")
    }
}

impl Document {
    fn hmac(
        &self,
        header: &'static str,
        secret: &str,
        event: &Event<'_>,
        body: &[u8],
    ) -> Vec<(&'static str, String)> {
        let time = event.at.unix_seconds().to_string();
        let algorithm = serde_json::from_value(self.at("/webhook/digest").clone());
        let (before, after) =
            self.text("/webhook/signs").unwrap_or("{body}").split_once("{body}").unwrap_or_default();
        let [before, after] = [before, after].map(|part| part.replace("{time}", &time));
        let parts = [before.as_bytes(), body, after.as_bytes()];
        let signature = sign_hex(algorithm.unwrap_or(HmacAlgorithm::Sha256), &secret.into(), &parts);
        let signature = match self.text("/webhook/encoding") {
            Some("base64") => in_base64(&signature),
            _ => signature,
        };
        let form = self.text("/webhook/header_form").unwrap_or("{signature}");
        let written = form.replace("{time}", &time).replace("{signature}", &signature);
        let own = self.text("/webhook/time_header").map(|name| (kept(&name.to_ascii_lowercase()), time));
        [(header, written)].into_iter().chain(own).collect()
    }
}

/// Standard Webhooks: the key is in base64 behind `whsec_`, and so is the signature behind `v1,`.
fn svix(secret: &str, event: &Event<'_>, body: &[u8]) -> Vec<(&'static str, String)> {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).ok();
    let key = key.and_then(|key| String::from_utf8(key).ok()).unwrap_or_default();
    let time = event.at.unix_seconds().to_string();
    let parts = [event.id.as_bytes(), b".", time.as_bytes(), b".", body];
    let signature = in_base64(&sign_hex(HmacAlgorithm::Sha256, &key.as_str().into(), &parts));
    vec![
        ("svix-id", event.id.to_owned()),
        ("svix-timestamp", time),
        ("svix-signature", format!("v1,{signature}")),
    ]
}

fn hex(parts: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn in_base64(hex: &str) -> String {
    let byte = |index| hex.get(index..index + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    STANDARD.encode((0..hex.len()).step_by(2).filter_map(byte).collect::<Vec<u8>>())
}
