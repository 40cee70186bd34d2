//! The identity that a vendor verified.

use std::fmt;

use crate::{IdentityField, Pii};

/// The identity of an applicant as a vendor verified it: personal data, given only to a check that
/// [asks for it](crate::CheckRequest::with_identity).
///
/// Every fact is optional, because vendors and workflows differ in what they look at. `Debug` shows which facts there are and never
/// what they say; there is no `Display` and no `Serialize`, so each is read by `expose()`, and stored only by an application that
/// decides to.
///
/// ```
/// use idv_core::{Pii, VerifiedIdentity};
///
/// let mut identity = VerifiedIdentity::default();
/// identity.first_name = Some(Pii::new("Ada"));
/// assert_eq!(identity.first_name.as_ref().map(Pii::expose), Some("Ada"));
/// assert!(!format!("{identity:?}").contains("Ada"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedIdentity {
    /// The first name, as the vendor writes it.
    pub first_name: Option<Pii>,
    /// The last name.
    pub last_name: Option<Pii>,
    /// The whole name, where the vendor gives one; it is never put together from the parts.
    pub full_name: Option<Pii>,
    /// The date of birth as ISO 8601 writes it, such as `1815-12-10`.
    pub date_of_birth: Option<Pii>,
    /// The nationality, as an ISO 3166-1 alpha-2 code.
    pub nationality: Option<Pii>,
    /// The postal address in one line.
    pub address: Option<Pii>,
    /// The e-mail address of the applicant at the vendor. Whether it was confirmed depends on the workflow.
    pub email: Option<Pii>,
    /// The phone number of the applicant at the vendor. Whether it was confirmed depends on the workflow.
    pub phone: Option<Pii>,
    /// The document that proves the identity.
    pub document: Option<VerifiedDocument>,
}

impl VerifiedIdentity {
    /// Whether it has no fact at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// One fact by name, or `None` where the vendor did not tell it. Every call is a place where it could leak.
    #[must_use]
    pub fn expose(&self, field: IdentityField) -> Option<&str> {
        let document = self.document.as_ref();
        let fact = match field {
            IdentityField::FirstName => self.first_name.as_ref(),
            IdentityField::LastName => self.last_name.as_ref(),
            IdentityField::FullName => self.full_name.as_ref(),
            IdentityField::DateOfBirth => self.date_of_birth.as_ref(),
            IdentityField::Nationality => self.nationality.as_ref(),
            IdentityField::Address => self.address.as_ref(),
            IdentityField::Email => self.email.as_ref(),
            IdentityField::Phone => self.phone.as_ref(),
            IdentityField::DocumentKind => return Some(document?.kind?.expose()),
            IdentityField::DocumentNumber => document?.number.as_ref(),
            IdentityField::DocumentIssuingCountry => document?.issuing_country.as_ref(),
            IdentityField::DocumentExpiresOn => document?.expires_on.as_ref(),
        };
        fact.map(Pii::expose)
    }

    /// The names of the facts that are there, in the order of [`IdentityField::ALL`].
    pub fn fields(&self) -> impl Iterator<Item = IdentityField> {
        IdentityField::ALL.iter().copied().filter(|field| self.expose(*field).is_some())
    }
}

/// An identity document as a vendor verified it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedDocument {
    /// Its kind.
    pub kind: Option<DocumentKind>,
    /// Its number.
    pub number: Option<Pii>,
    /// The country that issued it, as an ISO 3166-1 alpha-2 code.
    pub issuing_country: Option<Pii>,
    /// The last day of its validity as ISO 8601 writes it.
    pub expires_on: Option<Pii>,
}

impl VerifiedDocument {
    /// The document, or `None` where nothing is known of it.
    #[must_use]
    pub fn if_known(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

/// The kind of an identity document. `Debug` prints `[redacted]`, and there is no `Display` and no `Serialize`: it is a fact about the
/// applicant too.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentKind {
    /// A passport.
    Passport,
    /// A national identity card.
    IdCard,
    /// A driver's licence.
    DriversLicense,
    /// A residence permit.
    ResidencePermit,
}

impl DocumentKind {
    /// Every kind.
    pub const ALL: &'static [Self] =
        &[Self::Passport, Self::IdCard, Self::DriversLicense, Self::ResidencePermit];

    /// The word for it: `passport`, `id_card`, `drivers_license`, `residence_permit`. Every call is a place where it could leak.
    #[must_use]
    pub const fn expose(self) -> &'static str {
        match self {
            Self::Passport => "passport",
            Self::IdCard => "id_card",
            Self::DriversLicense => "drivers_license",
            Self::ResidencePermit => "residence_permit",
        }
    }
}

impl fmt::Debug for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocumentKind([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_it_is_printed() {
        let document = VerifiedDocument {
            kind: Some(DocumentKind::Passport),
            number: Some("canary-number".into()),
            issuing_country: Some("GB".into()),
            expires_on: Some("2031-01-01".into()),
        };
        let identity = VerifiedIdentity {
            first_name: Some("canary-first".into()),
            date_of_birth: Some("1815-12-10".into()),
            document: document.if_known(),
            ..VerifiedIdentity::default()
        };
        let text = format!("{identity:?} {identity:#?}");
        for canary in ["canary", "1815", "2031", "passport", "Passport", "GB"] {
            assert!(!text.contains(canary), "{canary}: {text}");
        }
    }

    #[test]
    fn facts_are_read_by_name() {
        let document = VerifiedDocument {
            kind: Some(DocumentKind::Passport),
            number: Some("P1".into()),
            issuing_country: Some("GB".into()),
            expires_on: Some("2031-01-01".into()),
        };
        let identity = VerifiedIdentity {
            first_name: Some("Ada".into()),
            last_name: Some("King".into()),
            full_name: Some("Ada King".into()),
            date_of_birth: Some("1815-12-10".into()),
            nationality: Some("FR".into()),
            address: Some("12 St James's Square".into()),
            email: Some("ada@example.test".into()),
            phone: Some("+447700900000".into()),
            document: document.if_known(),
        };
        let facts: Vec<&str> = identity.fields().filter_map(|field| identity.expose(field)).collect();
        assert_eq!(
            facts,
            [
                "Ada",
                "King",
                "Ada King",
                "1815-12-10",
                "FR",
                "12 St James's Square",
                "ada@example.test",
                "+447700900000",
                "passport",
                "P1",
                "GB",
                "2031-01-01"
            ]
        );
        assert_eq!(VerifiedIdentity::default().fields().count(), 0);
    }

    #[test]
    fn a_document_of_which_nothing_is_known_is_none() {
        assert_eq!(VerifiedDocument::default().if_known(), None);
        let identity =
            VerifiedIdentity { document: VerifiedDocument::default().if_known(), ..Default::default() };
        assert!(identity.is_empty());
    }
}
