//! Webhooks signed by Svix: of nxos, and of a described vendor.
#![no_main]

use std::sync::LazyLock;

use idv_fuzz::webhooks::{Endpoint, Scheme};
use idv_fuzz::words::{ACME, NXOS};
use libfuzzer_sys::fuzz_target;

static ENDPOINTS: LazyLock<[Endpoint; 2]> = LazyLock::new(|| {
    [Endpoint::new("nxos", Scheme::Svix, Some(NXOS)), Endpoint::new("acme-svix", Scheme::Svix, Some(ACME))]
});

fuzz_target!(|data: &[u8]| ENDPOINTS.iter().for_each(|endpoint| endpoint.receive(data)));
