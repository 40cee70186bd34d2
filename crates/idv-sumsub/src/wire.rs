//! Sumsub's JSON shapes, lenient in what they accept.

use std::borrow::Cow;

use idv_core::{CountryCode, Input, Pii, Result, StartRequest, Timestamp};
use idv_http::invalid_response;
use idv_http::json::{JsonError, Object};
use serde::Serialize;

use crate::mapping::Review;

/// The body of a link or a token (docs.sumsub.com, "Generate WebSDK external link", "Generate access token").
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Opening<'a> {
    pub(crate) user_id: &'a str,
    pub(crate) level_name: &'a str,
    pub(crate) ttl_in_secs: u64,
    #[serde(skip_serializing_if = "Identifiers::is_empty")]
    pub(crate) applicant_identifiers: Identifiers<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirect: Option<Redirect<'a>>,
}

#[derive(Serialize, PartialEq, Default)]
pub(crate) struct Identifiers<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
}

impl<'a> Identifiers<'a> {
    pub(crate) fn of(request: &'a StartRequest) -> Self {
        Self {
            email: request.email.as_ref().map(Pii::expose),
            phone: request.phone.as_ref().map(Pii::expose),
        }
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where the browser goes, whatever the applicant did: the address says nothing about the outcome.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Redirect<'a> {
    success_url: &'a str,
    reject_url: &'a str,
}

impl<'a> Redirect<'a> {
    pub(crate) fn to(url: &'a str) -> Self {
        Self { success_url: url, reject_url: url }
    }
}

/// The body that makes an applicant (docs.sumsub.com, "Create applicant").
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewApplicant<'a> {
    external_user_id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    fixed_info: &'a FixedInfo<'a>,
}

impl<'a> NewApplicant<'a> {
    pub(crate) fn individual(external_user_id: &'a str, fixed_info: &'a FixedInfo<'a>) -> Self {
        Self { external_user_id, kind: "individual", fixed_info }
    }
}

/// The statements about a person, to be compared with the documents.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FixedInfo<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dob: Option<&'a str>,
    /// In three letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'static str>,
}

impl<'a> FixedInfo<'a> {
    /// The statements of a request; `None` where there are none.
    pub(crate) fn of(request: &'a StartRequest) -> Option<Self> {
        let text = |pii: &'a Option<Pii>| pii.as_ref().map(Pii::expose);
        let country = request.country.as_deref().and_then(|code| code.parse().ok()).map(CountryCode::alpha_3);
        let own = Self {
            first_name: text(&request.first_name),
            last_name: text(&request.last_name),
            dob: text(&request.date_of_birth),
            country,
        };
        let is_empty = own.given().next().is_none();
        (!is_empty).then_some(own)
    }

    /// Each statement, with the input that it comes from and the name of its member.
    fn given(&self) -> impl Iterator<Item = (Input, &'static str, &str)> {
        let all = [
            (Input::FIRST_NAME, "firstName", self.first_name),
            (Input::LAST_NAME, "lastName", self.last_name),
            (Input::DATE_OF_BIRTH, "dob", self.dob),
            (Input::COUNTRY, "country", self.country),
        ];
        all.into_iter().filter_map(|(input, name, value)| Some((input, name, value?)))
    }

    /// The inputs whose value is not that of an applicant.
    pub(crate) fn differing(&self, applicant: &Applicant<'_>) -> Vec<Input> {
        let known = applicant.own.object("fixedInfo").given();
        let has = |name: &str, value: &str| {
            known.as_ref().is_some_and(|known| known.text(name).given().is_some_and(|own| own == value))
        };
        self.given().filter(|(_, name, value)| !has(name, value)).map(|(input, ..)| input).collect()
    }
}

/// Reads the answer to [`NewApplicant`]: nothing of it is needed, but it must not be another applicant.
pub(crate) fn created(text: &str, external_id: &str) -> Result<()> {
    match answer(text)?.word("externalUserId").optional()? {
        Some(other) if other != external_id => {
            Err(invalid_response("the applicant in the vendor's answer is another one"))
        }
        _ => Ok(()),
    }
}

/// The link of an answer.
pub(crate) fn link(text: &str) -> Result<String> {
    Ok(answer(text)?.required_text("url")?.into_owned())
}

/// The token of an answer, which has to be that of the user who was asked for.
pub(crate) fn token(text: &str, user: &str) -> Result<String> {
    let answer = answer(text)?;
    match answer.text("userId").optional()? {
        Some(other) if other != user => {
            Err(invalid_response("the token in the vendor's answer is of another user"))
        }
        _ => Ok(answer.required_text("token")?.into_owned()),
    }
}

/// An applicant (docs.sumsub.com, "Get applicant data").
pub(crate) struct Applicant<'a> {
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) external_id: Cow<'a, str>,
    pub(crate) kind: Option<Cow<'a, str>>,
    /// It was deactivated.
    pub(crate) is_deleted: bool,
    pub(crate) level: Option<Cow<'a, str>>,
    pub(crate) review: OwnReview<'a>,
    /// All members.
    pub(crate) own: Object<'a>,
}

/// The review of an applicant or of a webhook.
pub(crate) struct OwnReview<'a> {
    pub(crate) status: Cow<'a, str>,
    answer: Option<Cow<'a, str>>,
    reject_type: Option<Cow<'a, str>>,
    labels: Vec<Cow<'a, str>>,
    pub(crate) at: Option<Timestamp>,
}

impl<'a> OwnReview<'a> {
    /// Reads `reviewStatus` and `reviewResult` of an object. A result that is given twice makes the state unreadable.
    pub(crate) fn of(review: &Object<'a>) -> Result<Self, JsonError> {
        let result = review.object("reviewResult").optional()?;
        let text = |name: &str| result.as_ref().map_or(Ok(None), |result| result.text(name).optional());
        let labels = result.as_ref().and_then(|result| {
            result.get("rejectLabels").and_then(|labels| labels.list("rejectLabels")).given()
        });
        let labels = labels.unwrap_or_default();
        Ok(Self {
            status: review.required_text("reviewStatus")?,
            answer: text("reviewAnswer")?,
            reject_type: text("reviewRejectType")?,
            labels: labels.into_iter().filter_map(|label| label.text("rejectLabels").given()).collect(),
            at: review.text("reviewDate").given().as_deref().and_then(time),
        })
    }

    pub(crate) fn words(&self) -> Review<'_> {
        Review {
            status: &self.status,
            answer: self.answer.as_deref(),
            reject_type: self.reject_type.as_deref(),
        }
    }

    /// The labels of a completed review; those of another one may be of an earlier attempt.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &str> {
        let counts = self.words().is_completed();
        self.labels.iter().filter(move |_| counts).map(|label| &**label)
    }
}

impl<'a> Applicant<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self> {
        Ok(Self::of(answer(text)?)?)
    }

    /// The applicant of a search; `None` where the vendor says that there is none (docs.sumsub.com, "Check applicant existence by
    /// externalUserId").
    pub(crate) fn search(text: &'a str) -> Result<Option<Self>> {
        let answer = answer(text)?;
        let exists = answer.word("exists").optional()?;
        match (exists.as_deref(), answer.object("applicant").optional()?) {
            (Some("true"), Some(applicant)) => Ok(Some(Self::of(applicant)?)),
            (Some("false"), None) => Ok(None),
            _ => Err(invalid_response("the vendor's answer does not say whether there is an applicant")),
        }
    }

    fn of(applicant: Object<'a>) -> Result<Self, JsonError> {
        let review = applicant.object("review").optional()?.ok_or_else(|| applicant.lacks("review"))?;
        let deleted = applicant.word("deleted").optional()?;
        let external_id = applicant.word("externalUserId").filter(|id| !id.is_empty()).optional()?;
        Ok(Self {
            id: applicant.text("id").given(),
            external_id: external_id.ok_or_else(|| JsonError::Missing("externalUserId".to_owned()))?,
            kind: applicant.text("type").given(),
            is_deleted: deleted.is_some_and(|deleted| deleted == "true"),
            level: review.text("levelName").given(),
            review: OwnReview::of(&review)?,
            own: applicant,
        })
    }
}

fn answer(text: &str) -> Result<Object<'_>> {
    let answer = Object::parse(text)?;
    answer.refuse_error_envelope()?;
    Ok(answer)
}

/// Reads a time in one of the forms that stand beside each other in the documentation: `2026-07-01 09:03:00`,
/// `2026-07-01 09:12:44.481` and `2026-07-01 09:03:00+0000`. Without a zone it is UTC.
pub(crate) fn time(text: &str) -> Option<Timestamp> {
    let (day, clock) = text.split_once([' ', 'T'])?;
    let clock = clock.trim_end_matches('Z');
    let (clock, zone) = match clock.find(['+', '-']) {
        Some(place) => clock.split_at(place),
        None => (clock, "+0000"),
    };
    let digits: String = zone.chars().filter(|sign| *sign != ':').collect();
    let (hours, minutes) = digits.split_at_checked(3)?;
    format!("{day}T{clock}{hours}:{minutes}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_each_form() {
        for (text, read) in [
            ("2026-07-01 09:03:00", "2026-07-01T09:03:00Z"),
            ("2026-07-01 09:12:44.481", "2026-07-01T09:12:44.481Z"),
            ("2026-07-01 09:03:00+0000", "2026-07-01T09:03:00Z"),
            ("2026-07-01 11:03:00+02:00", "2026-07-01T09:03:00Z"),
            ("2026-07-01T09:03:00Z", "2026-07-01T09:03:00Z"),
        ] {
            assert_eq!(time(text).unwrap().to_string(), read, "{text}");
        }
        for none in ["", "soon", "2026-07-01", "2026-07-01 25:00:00", "2026-07-01 09:03:00+é0"] {
            assert_eq!(time(none), None, "{none}");
        }
    }
}
