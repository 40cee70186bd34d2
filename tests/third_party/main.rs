//! A provider from outside: written with the published crates alone, registered beside the built-in ones, and held to the
//! same suite as they are.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod registered;
mod subject;
mod veritas;

mod alone {
    idv_conformance::suite!(crate::subject::Documented { shielded: false });
}

/// Layers change nothing: the same suite, behind the one that every registry adds.
mod shielded {
    idv_conformance::suite!(crate::subject::Documented { shielded: true });
}
