//! The names of the facts of a verified identity.

use crate::string_enum::string_enum;

string_enum! {
    /// One fact of a [`VerifiedIdentity`](crate::VerifiedIdentity), by name: the name is no secret, the fact is.
    pub enum IdentityField {
        /// [`VerifiedIdentity::first_name`](crate::VerifiedIdentity::first_name).
        FirstName = "first_name",
        /// [`VerifiedIdentity::last_name`](crate::VerifiedIdentity::last_name).
        LastName = "last_name",
        /// [`VerifiedIdentity::full_name`](crate::VerifiedIdentity::full_name).
        FullName = "full_name",
        /// [`VerifiedIdentity::date_of_birth`](crate::VerifiedIdentity::date_of_birth).
        DateOfBirth = "date_of_birth",
        /// [`VerifiedIdentity::nationality`](crate::VerifiedIdentity::nationality).
        Nationality = "nationality",
        /// [`VerifiedIdentity::address`](crate::VerifiedIdentity::address).
        Address = "address",
        /// [`VerifiedIdentity::email`](crate::VerifiedIdentity::email).
        Email = "email",
        /// [`VerifiedIdentity::phone`](crate::VerifiedIdentity::phone).
        Phone = "phone",
        /// [`VerifiedDocument::kind`](crate::VerifiedDocument::kind).
        DocumentKind = "document_kind",
        /// [`VerifiedDocument::number`](crate::VerifiedDocument::number).
        DocumentNumber = "document_number",
        /// [`VerifiedDocument::issuing_country`](crate::VerifiedDocument::issuing_country).
        DocumentIssuingCountry = "document_issuing_country",
        /// [`VerifiedDocument::expires_on`](crate::VerifiedDocument::expires_on).
        DocumentExpiresOn = "document_expires_on",
    }
}
