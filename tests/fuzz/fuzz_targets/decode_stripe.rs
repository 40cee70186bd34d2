//! Answers of Stripe Identity.
#![no_main]

use std::sync::LazyLock;

use idv_fuzz::answers::Vendor;
use idv_fuzz::words::STRIPE;
use libfuzzer_sys::fuzz_target;

static VENDOR: LazyLock<Vendor> =
    LazyLock::new(|| Vendor::new(["stripe", "stripe-loopback"], "vs_1SimA", STRIPE, false));

fuzz_target!(|data: &[u8]| VENDOR.answer(data));
