//! No metrics: the feature `metrics` is off.

use std::time::Duration;

use idv_core::{Operation, ProviderId, VerificationStatus};

use super::counts::CallCounts;

pub(super) struct Meters;

impl Meters {
    pub(super) fn new(_: &str, _: &str) -> Self {
        Self
    }

    pub(super) fn began(&self, _: Operation) {}

    pub(super) fn ended(&self, _: Operation, _: &'static str, _: CallCounts, _: Duration) {}

    pub(super) fn status(&self, _: Operation, _: VerificationStatus) {}
}

pub(crate) fn breaker(_: &ProviderId, _: bool) {}

pub(crate) fn failed_over(_: &ProviderId) {}

pub(crate) fn unclaimed(_: &ProviderId, _: Operation) {}
