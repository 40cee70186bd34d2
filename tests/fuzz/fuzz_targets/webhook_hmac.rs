//! Webhooks with an HMAC in hex: of Baanx, Sumsub, Veriff, Stripe Identity and Onfido, and of a described vendor with a timestamp, without one, and with one in the same header.
#![no_main]

use std::sync::LazyLock;

use idv_fuzz::webhooks::{Endpoint, Scheme};
use idv_fuzz::words::{ACME, BAANX_WEBHOOK, ONFIDO, STRIPE, SUMSUB, VERIFF};
use libfuzzer_sys::fuzz_target;

static ENDPOINTS: LazyLock<[Endpoint; 8]> = LazyLock::new(|| {
    [
        Endpoint::new("baanx-user", Scheme::Hmac { dated: true }, Some(BAANX_WEBHOOK)),
        Endpoint::new("acme-hmac", Scheme::Hmac { dated: true }, Some(ACME)),
        Endpoint::new("acme-bare", Scheme::Hmac { dated: false }, Some(ACME)),
        Endpoint::new("acme-timestamped", Scheme::Timestamped("x-signature"), Some(ACME)),
        Endpoint::new("sumsub", Scheme::Bare("x-payload-digest"), Some(SUMSUB)),
        Endpoint::new("veriff", Scheme::Bare("x-hmac-signature"), Some(VERIFF)),
        Endpoint::new("stripe", Scheme::Timestamped("stripe-signature"), Some(STRIPE)),
        Endpoint::new("onfido", Scheme::Bare("x-sha2-signature"), Some(ONFIDO)),
    ]
});

fuzz_target!(|data: &[u8]| ENDPOINTS.iter().for_each(|endpoint| endpoint.receive(data)));
