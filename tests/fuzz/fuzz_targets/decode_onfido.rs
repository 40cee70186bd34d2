//! Answers of Onfido.
#![no_main]

use std::sync::LazyLock;

use idv_fuzz::answers::Vendor;
use idv_fuzz::words::ONFIDO;
use libfuzzer_sys::fuzz_target;

static VENDOR: LazyLock<Vendor> = LazyLock::new(|| {
    Vendor::new(["onfido", "onfido-loopback"], "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", ONFIDO, true)
        .introducing()
});

fuzz_target!(|data: &[u8]| VENDOR.answer(data));
