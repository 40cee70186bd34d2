//! Links that the vendor documents as a form, and leaves to the application to fill in.

use serde::{Deserialize, Deserializer};
use url::Url;

/// A link with places for the session id and the token of an answer. Its host is fixed.
#[derive(Debug, Clone)]
pub(crate) struct LinkTemplate(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Id,
    Token,
}

impl LinkTemplate {
    /// Whether the link cannot be written without a token.
    pub(crate) fn needs_token(&self) -> bool {
        self.0.contains(&Part::Token)
    }

    /// The link. What is filled in cannot become another part of it.
    pub(crate) fn of(&self, id: &str, token: &str) -> String {
        self.0.iter().fold(String::new(), |link, part| match part {
            Part::Text(text) => link + text,
            Part::Id => link + &encoded(id),
            Part::Token => link + &encoded(token),
        })
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        const HELP: &str = "must be a link such as \"https://id.example/start?token={token}\", with `{id}` or `{token}` behind its host";
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some(start) = rest.find(['{', '}']) {
            let known = [("{id}", Part::Id), ("{token}", Part::Token)];
            let found =
                known.into_iter().find_map(|(word, part)| Some((part, rest[start..].strip_prefix(word)?)));
            let Some((part, after)) = found else {
                return Err("knows `{id}` and `{token}` alone, each in braces");
            };
            parts.extend([Part::Text(rest[..start].to_owned()), part]);
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        let Some(Part::Text(fixed)) = parts.first() else { return Err(HELP) };
        let has_host = fixed.strip_prefix("https://").is_some_and(|host| host.contains('/'));
        let is_url = Url::parse(fixed).is_ok_and(|url| url.has_host() && url.username().is_empty());
        match has_host && is_url && parts.len() > 1 {
            true => Ok(Self(parts)),
            false => Err(HELP),
        }
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn encoded(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |encoded, byte| {
        match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            true => encoded + char::from(byte).encode_utf8(&mut [0; 4]),
            false => encoded + &format!("%{byte:02X}"),
        }
    })
}

impl<'de> Deserialize<'de> for LinkTemplate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_stays_in_its_place() {
        let link = LinkTemplate::parse("https://id.example/go/{id}?t={token}&x=1").unwrap();
        assert!(link.needs_token());
        assert_eq!(link.of("a/../b", "t&x=2#é"), "https://id.example/go/a%2F..%2Fb?t=t%26x%3D2%23%C3%A9&x=1");
    }

    #[test]
    fn the_host_is_fixed() {
        for bad in [
            "https://{id}.example/",
            "https://id.example{id}",
            "http://id.example/{id}",
            "https://id.example/",
            "/go/{id}",
            "https://a@id.example/{id}",
            "https://id.example/{name}",
            "https://id.example/{id",
        ] {
            assert!(LinkTemplate::parse(bad).is_err(), "{bad}");
        }
    }
}
