//! Paths of calls, taken apart when the description is read.

use serde::{Deserialize, Deserializer};

use crate::mapping;

/// The segments of a path; at most one of them stands for the session id.
#[derive(Debug, Clone)]
pub(crate) struct Path(Vec<String>);

impl Path {
    /// The segment that stands for the session id.
    const ID: &str = "{id}";

    /// The segments, with the id in its place.
    pub(crate) fn of<'a>(&'a self, session: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(move |segment| if segment == Self::ID { session } else { segment })
    }

    /// The segments of a path without an id.
    pub(crate) fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a segment stands for the session id.
    pub(crate) fn has_id(&self) -> bool {
        self.0.iter().any(|segment| segment == Self::ID)
    }

    /// Takes a path apart. It cannot lead anywhere else once it stands below a base URL.
    fn parse(text: &str) -> Result<Self, &'static str> {
        const HELP: &str =
            "must be a path such as \"/v1/sessions\" or \"/v1/sessions/{id}\", without a query";
        let segments: Vec<&str> = text.strip_prefix('/').ok_or(HELP)?.split('/').collect();
        // A slash at the end is part of some vendors' paths, and one vendor's path is that slash alone.
        let Some((last, inner)) = segments.split_last() else { return Err(HELP) };
        let is_fine = |segment: &&str| *segment == Self::ID || mapping::is_session(segment);
        if !inner.iter().all(is_fine) || !(last.is_empty() || is_fine(last)) {
            return Err(HELP);
        }
        if segments.iter().filter(|segment| **segment == Self::ID).count() > 1 {
            return Err("must have one segment `{id}` at most");
        }
        Ok(Self(segments.into_iter().map(str::to_owned).collect()))
    }
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_apart_and_cannot_lead_elsewhere() {
        let of = |text: &str| Path::parse(text).map(|path| path.of("a:1").collect::<Vec<_>>().join("|"));
        assert_eq!(of("/v3/session/{id}/decision/").unwrap(), "v3|session|a:1|decision|");
        assert_eq!(of("/").unwrap(), "");
        assert!(Path::parse("/a/{id}").unwrap().has_id() && !Path::parse("/a").unwrap().has_id());
        for bad in [
            "",
            "v1",
            "//a",
            "/a//b",
            "/a/../b",
            "/a/.",
            "/a?b=c",
            "/a#b",
            "/a/%2e",
            "/s-{id}",
            "/{id}/{id}",
            "https://a.example/b",
            "/a b",
            "/{name}",
        ] {
            assert!(Path::parse(bad).is_err(), "{bad}");
        }
    }
}
