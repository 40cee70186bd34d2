//! The adapter passes the kit: as deepidv, and as a vendor that configuration alone describes.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod deepidv;
mod described;

idv_conformance::suite!(deepidv: deepidv::Deepidv, described: described::AcmeVerify);
