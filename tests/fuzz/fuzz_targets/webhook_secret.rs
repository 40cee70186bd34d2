//! Webhooks of deepidv, whose header is the secret itself: none carries a status.
#![no_main]

use std::sync::LazyLock;

use idv_fuzz::webhooks::{Endpoint, Scheme};
use libfuzzer_sys::fuzz_target;

static ENDPOINT: LazyLock<Endpoint> = LazyLock::new(|| Endpoint::new("deepidv", Scheme::Secret, None));

fuzz_target!(|data: &[u8]| ENDPOINT.receive(data));
