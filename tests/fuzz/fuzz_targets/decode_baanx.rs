//! Answers of Baanx: to registered users, and on loopback to those who are registering.
#![no_main]

use std::sync::LazyLock;

use idv_fuzz::answers::Vendor;
use idv_fuzz::words::BAANX;
use libfuzzer_sys::fuzz_target;

static VENDOR: LazyLock<Vendor> =
    LazyLock::new(|| Vendor::new(["baanx-user", "baanx-registration"], "case-7781", BAANX, false));

fuzz_target!(|data: &[u8]| VENDOR.answer(data));
