//! The calls of a registration under way (docs.baanx.com, "Generate KYC Verification Session" and "Get onboarding
//! status"). The onboarding id stands for the applicant; `Authorization` is never sent, because the page forbids it.

use std::time::Duration;

use idv_core::{OnboardingId, Operation, Result, UserToken};
use idv_http::{Call, ReplaySafety};

use super::{BaanxProvider, Flow, MINTS};
use crate::profile::REGISTRATION_LINK;
use crate::wire;

/// An instance that verifies during the registration.
pub type BaanxRegistrationProvider = BaanxProvider<Registration>;

/// The flow of a registration under way.
#[derive(Debug)]
pub struct Registration;

impl Flow for Registration {
    const LINK_LIFETIME: Duration = REGISTRATION_LINK;
    const SINGLE_USE: bool = false;

    fn credential<'a>(_: Option<&'a UserToken>, onboarding: Option<&'a OnboardingId>) -> Option<&'a str> {
        onboarding.map(OnboardingId::expose)
    }

    fn open(operation: Operation, id: &str) -> Result<Call<'_>> {
        let path = ["v1", "auth", "register", "verification"];
        Call::post(operation, MINTS, path).json(&wire::Onboarding { id })
    }

    fn check(id: &str) -> Result<Call<'_>> {
        let path = ["v1", "auth", "register"];
        Ok(Call::get(Operation::Check, ReplaySafety::Idempotent, path).query("onboardingId", id))
    }
}
