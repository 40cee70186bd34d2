//! The providers under test, in a world without surprises.

use std::sync::Arc;

use idv::adapter::Catalogue;
use idv::config::ConfigDocument;
use idv::{Timestamp, VerificationProvider};
use idv_core::testing::{StaticSecrets, context};

/// The present.
pub const NOW: i64 = 1_782_900_000;

/// The webhook secret of providers whose vendor uses Svix.
pub const SVIX_SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
/// The bytes of [`SVIX_SECRET`].
pub const SVIX_KEY: &[u8] = b"0123456789abcdef0123456789abcdef";
/// The webhook secret of all others.
pub const TEXT_SECRET: &str = "whk_0123456789abcdef";

/// The API key of every provider.
pub const KEY: &str = "key";

/// A session id of deepidv, and of Veriff.
pub const SESSION: &str = "6b1d2f34-90ab-4cde-8f01-23456789abcd";

const PROVIDERS: &str = include_str!("providers.toml");

/// A provider of `providers.toml`.
///
/// # Panics
/// When there is none of this name.
#[must_use]
pub fn provider(id: &str) -> Arc<dyn VerificationProvider> {
    let outline = ConfigDocument::from_toml_str(PROVIDERS).expect("TOML").parsed();
    let entry =
        outline.providers.iter().find(|entry| entry.id.as_str() == id).expect("a provider of this name");
    let secrets =
        StaticSecrets::new([("SVIX_SECRET", SVIX_SECRET), ("TEXT_SECRET", TEXT_SECRET), ("KEY", KEY)]);
    let context = context(Timestamp::from_unix_seconds(NOW), secrets);
    let factory = Catalogue::compiled_in().get(&entry.kind).cloned().expect("a known kind");
    factory.build(&entry.id, &entry.options, &context).expect("a good configuration").provider
}
