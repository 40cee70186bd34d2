//! The pages that people see: the hosted verification, where a person plays the applicant, and what stands around it.

pub(crate) mod assets;
pub(crate) mod hosted;
pub(crate) mod html;
