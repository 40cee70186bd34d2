//! Answers of nxos.
#![no_main]

use std::sync::LazyLock;

use idv_fuzz::answers::Vendor;
use idv_fuzz::words::NXOS;
use libfuzzer_sys::fuzz_target;

static VENDOR: LazyLock<Vendor> =
    LazyLock::new(|| Vendor::new(["nxos", "nxos-loopback"], "org_1", NXOS, false));

fuzz_target!(|data: &[u8]| VENDOR.answer(data));
