//! Answers of Veriff, rightly signed.
#![no_main]

use std::sync::LazyLock;

use idv_fuzz::answers::Vendor;
use idv_fuzz::providers::SESSION;
use idv_fuzz::words::VERIFF;
use libfuzzer_sys::fuzz_target;

static VENDOR: LazyLock<Vendor> =
    LazyLock::new(|| Vendor::new(["veriff", "veriff-loopback"], SESSION, VERIFF, true).signing());

fuzz_target!(|data: &[u8]| VENDOR.answer(data));
