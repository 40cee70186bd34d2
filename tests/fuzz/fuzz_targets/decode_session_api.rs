//! Answers of deepidv.
#![no_main]

use std::sync::LazyLock;

use idv_fuzz::answers::Vendor;
use idv_fuzz::providers::SESSION;
use idv_fuzz::words::DEEPIDV;
use libfuzzer_sys::fuzz_target;

static VENDOR: LazyLock<Vendor> =
    LazyLock::new(|| Vendor::new(["deepidv", "deepidv-loopback"], SESSION, DEEPIDV, true));

fuzz_target!(|data: &[u8]| VENDOR.answer(data));
