//! Answers of Sumsub.
#![no_main]

use std::sync::LazyLock;

use idv_fuzz::answers::Vendor;
use idv_fuzz::words::SUMSUB;
use libfuzzer_sys::fuzz_target;

static VENDOR: LazyLock<Vendor> =
    LazyLock::new(|| Vendor::new(["sumsub", "sumsub-loopback"], "id:case-7781", SUMSUB, false));

fuzz_target!(|data: &[u8]| VENDOR.answer(data));
