//! The calls of registered users, who have a token (docs.baanx.com, "Start User Verification" and "Get user").

use std::time::Duration;

use idv_core::{OnboardingId, Operation, Result, UserToken};
use idv_http::{Call, ReplaySafety};

use super::{BaanxProvider, Flow, MINTS};
use crate::profile::USER_LINK;

/// An instance that verifies registered users.
pub type BaanxUserProvider = BaanxProvider<User>;

/// The flow of registered users.
#[derive(Debug)]
pub struct User;

impl Flow for User {
    const LINK_LIFETIME: Duration = USER_LINK;
    const SINGLE_USE: bool = true;

    fn credential<'a>(user: Option<&'a UserToken>, _: Option<&'a OnboardingId>) -> Option<&'a str> {
        user.map(UserToken::expose)
    }

    fn open(operation: Operation, token: &str) -> Result<Call<'_>> {
        Call::get(operation, MINTS, ["v1", "user", "verification"]).bearer(token)
    }

    fn check(token: &str) -> Result<Call<'_>> {
        Call::get(Operation::Check, ReplaySafety::Idempotent, ["v1", "user"]).bearer(token)
    }
}
