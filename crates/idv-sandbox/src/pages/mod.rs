//! Web pages: the hosted verification, where a person plays the applicant, and its assets.

pub(crate) mod assets;
pub(crate) mod closed;
pub(crate) mod hosted;
pub(crate) mod html;
