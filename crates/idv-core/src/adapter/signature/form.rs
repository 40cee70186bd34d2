//! The form of an HMAC, as data: how it is written in its header, and what it covers.

use std::time::Duration;

use http::HeaderName;
use smallvec::SmallVec;

use super::{HmacAlgorithm, TOLERANCE_SECONDS};
use crate::string_enum::string_enum;

string_enum! {
    /// How the bytes of a signature are written.
    pub enum SignatureEncoding {
        /// Hex, in either case.
        Hex = "hex",
        /// Base64 with its padding (RFC 4648, section 4).
        Base64 = "base64",
    }
}

/// Why two templates are no form of an HMAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormError {
    /// Braces around another word, or without an end.
    #[error("knows `{{time}}`, `{{signature}}` and `{{body}}` alone, each in braces")]
    UnknownPart,
    /// The header has no place, or several, for the signature, or one for the body.
    #[error("must hold `{{signature}}` once, and not `{{body}}`")]
    NoSignature,
    /// A list of entries in which one is not `name={…}`.
    #[error(
        "must be `{{signature}}` with a text before it, or entries such as `t={{time}},v1={{signature}}`"
    )]
    Entries,
    /// The body is not signed.
    #[error("must hold `{{body}}` once, and not `{{signature}}`: what is not signed proves nothing")]
    BodyNotSigned,
    /// The time is signed, and stands nowhere.
    #[error("signs `{{time}}`, which stands neither in the header nor in a header of its own")]
    TimeNowhere,
    /// The time stands somewhere, and is not signed.
    #[error("leaves `{{time}}` unsigned: a time that anybody can write proves nothing")]
    TimeNotSigned,
    /// The time stands in two places.
    #[error("has a place for `{{time}}`, and so has a header of its own: which one counts?")]
    TimeTwice,
}

/// How an HMAC is written in its header, and what it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HmacForm {
    pub(super) algorithm: HmacAlgorithm,
    pub(super) encoding: SignatureEncoding,
    pub(super) header: HeaderName,
    pub(super) layout: Layout,
    /// The header that holds the time alone.
    pub(super) time_header: Option<HeaderName>,
    signed: Vec<Part>,
    pub(super) tolerance: Duration,
}

/// How the header is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Layout {
    /// One signature, behind a text.
    Alone { before: String },
    /// Entries `name=value`, with the time under one name and signatures under another.
    Entries { time: Option<String>, signature: String },
}

/// A part of what is signed, or of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Time,
    Signature,
    Body,
}

impl HmacForm {
    /// A form in which the bare body is signed, and the signature stands in hex and alone in its header.
    #[must_use]
    pub fn new(algorithm: HmacAlgorithm, header: HeaderName) -> Self {
        Self {
            algorithm,
            encoding: SignatureEncoding::Hex,
            header,
            layout: Layout::Alone { before: String::new() },
            time_header: None,
            signed: vec![Part::Body],
            tolerance: Duration::from_secs(TOLERANCE_SECONDS),
        }
    }

    /// The form of [`HmacHex`](super::HmacHex).
    pub(super) fn in_hex(
        algorithm: HmacAlgorithm,
        header: HeaderName,
        time_header: Option<HeaderName>,
    ) -> Self {
        let mut form = Self::new(algorithm, header);
        if time_header.is_some() {
            form.signed = time_and_body();
        }
        form.time_header = time_header;
        form
    }

    /// The form of [`TimestampedHmac`](super::TimestampedHmac).
    pub(super) fn timestamped(algorithm: HmacAlgorithm, header: HeaderName) -> Self {
        let mut form = Self::new(algorithm, header);
        form.layout = Layout::Entries { time: Some("t".to_owned()), signature: "v1".to_owned() };
        form.signed = time_and_body();
        form
    }

    /// Writes the signature otherwise.
    #[must_use]
    pub fn with_encoding(mut self, encoding: SignatureEncoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// Believes a signed time that is so far from the present, both ways.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Reads templates: of the header, such as `{signature}` or `t={time},v1={signature}`, and of what is signed, such as `{body}`
    /// or `{time}.{body}`. `time_header` is the header that holds the time where the first one does not.
    ///
    /// # Errors
    /// Why they are no form. The first of the pair says which template is meant: the header's (`true`) or the other one.
    pub fn with_templates(
        mut self,
        header: &str,
        signed: &str,
        time_header: Option<HeaderName>,
    ) -> Result<Self, (bool, FormError)> {
        self.layout = layout(header).map_err(|error| (true, error))?;
        self.signed = parts(signed).map_err(|error| (false, error))?;
        self.time_header = time_header;
        let count = |part: &Part| self.signed.iter().filter(|own| *own == part).count();
        let in_header = matches!(self.layout, Layout::Entries { time: Some(_), .. });
        let signs_time = count(&Part::Time) > 0;
        match (in_header, self.time_header.is_some()) {
            _ if count(&Part::Body) != 1 || count(&Part::Signature) > 0 => {
                Err((false, FormError::BodyNotSigned))
            }
            (true, true) => Err((true, FormError::TimeTwice)),
            (false, false) if signs_time => Err((false, FormError::TimeNowhere)),
            (true, _) | (_, true) if !signs_time => Err((false, FormError::TimeNotSigned)),
            _ => Ok(self),
        }
    }

    /// The signed text, in pieces: `time` is empty where none is signed.
    pub(super) fn signed<'a>(&'a self, time: &'a str, body: &'a [u8]) -> SmallVec<[&'a [u8]; 4]> {
        let piece = |part: &'a Part| match part {
            Part::Text(text) => text.as_bytes(),
            Part::Time => time.as_bytes(),
            Part::Body | Part::Signature => body,
        };
        self.signed.iter().map(piece).collect()
    }
}

fn time_and_body() -> Vec<Part> {
    vec![Part::Time, Part::Text(".".to_owned()), Part::Body]
}

fn layout(template: &str) -> Result<Layout, FormError> {
    let whole = parts(template)?;
    let count = |part: &Part| whole.iter().filter(|own| *own == part).count();
    if count(&Part::Signature) != 1 || count(&Part::Body) > 0 {
        return Err(FormError::NoSignature);
    }
    match whole.as_slice() {
        [Part::Signature] => return Ok(Layout::Alone { before: String::new() }),
        [Part::Text(before), Part::Signature] if !before.contains(',') => {
            return Ok(Layout::Alone { before: before.clone() });
        }
        _ => {}
    }
    let (mut time, mut signature) = (None, None);
    for entry in template.split(',') {
        let (name, value) = entry.split_once('=').ok_or(FormError::Entries)?;
        let is_name = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        match value {
            "{time}" if is_name && time.is_none() => time = Some(name.to_owned()),
            "{signature}" if is_name => signature = Some(name.to_owned()),
            _ => return Err(FormError::Entries),
        }
    }
    let signature = signature.filter(|name| time.as_ref() != Some(name)).ok_or(FormError::Entries)?;
    Ok(Layout::Entries { time, signature })
}

fn parts(template: &str) -> Result<Vec<Part>, FormError> {
    let (mut parts, mut rest) = (Vec::new(), template);
    while !rest.is_empty() {
        let Some(start) = rest.find(['{', '}']) else {
            parts.push(Part::Text(rest.to_owned()));
            break;
        };
        if start > 0 {
            parts.push(Part::Text(rest[..start].to_owned()));
        }
        let known = [("{time}", Part::Time), ("{signature}", Part::Signature), ("{body}", Part::Body)];
        let found =
            known.into_iter().find_map(|(word, part)| Some((part, rest[start..].strip_prefix(word)?)));
        let Some((part, after)) = found else { return Err(FormError::UnknownPart) };
        parts.push(part);
        rest = after;
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: HeaderName = HeaderName::from_static("x-signature");
    const TIME: HeaderName = HeaderName::from_static("x-time");

    fn read(header: &str, signed: &str, time: Option<HeaderName>) -> Result<HmacForm, (bool, FormError)> {
        HmacForm::new(HmacAlgorithm::Sha256, HEADER).with_templates(header, signed, time)
    }

    #[test]
    fn templates_are_taken_apart_once() {
        let form = read("t={time},v1={signature}", "{time}.{body}", None).unwrap();
        assert_eq!(form.layout, Layout::Entries { time: Some("t".to_owned()), signature: "v1".to_owned() });
        assert_eq!(form.signed("7", b"{}").as_slice(), [b"7".as_slice(), b".", b"{}"]);
        let form = read("sha256={signature}", "v0:{time}:{body}", Some(TIME)).unwrap();
        assert_eq!(form.layout, Layout::Alone { before: "sha256=".to_owned() });
        assert_eq!(form.signed("7", b"{}").as_slice(), [b"v0:".as_slice(), b"7", b":", b"{}"]);
    }

    #[test]
    fn a_form_that_proves_less_than_it_seems_is_refused() {
        use FormError::{
            BodyNotSigned, Entries, NoSignature, TimeNotSigned, TimeNowhere, TimeTwice, UnknownPart,
        };
        for (header, signed, time, which, error) in [
            ("{signature}", "{time}", None, false, BodyNotSigned),
            ("{signature}", "{body}{body}", None, false, BodyNotSigned),
            ("{signature}", "{signature}{body}", None, false, BodyNotSigned),
            ("{signature}", "{time}.{body}", None, false, TimeNowhere),
            ("{signature}", "{body}", Some(TIME), false, TimeNotSigned),
            ("t={time},v1={signature}", "{body}", None, false, TimeNotSigned),
            ("t={time},v1={signature}", "{time}.{body}", Some(TIME), true, TimeTwice),
            ("", "{body}", None, true, NoSignature),
            ("{body}", "{body}", None, true, NoSignature),
            ("v1={signature},v2={signature}", "{body}", None, true, NoSignature),
            ("{time} {signature}", "{time}{body}", None, true, Entries),
            ("a={time},a={signature}", "{time}{body}", None, true, Entries),
            ("{sig}", "{body}", None, true, UnknownPart),
            ("{signature", "{body}", None, true, UnknownPart),
            ("{signature}", "{body}}", None, false, UnknownPart),
        ] {
            assert_eq!(read(header, signed, time).unwrap_err(), (which, error), "{header} {signed}");
        }
    }
}
