//! Logs of our own crates, on stderr, off by default.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Our crates, by the names of their modules. Those of HTTP libraries are never shown: they print what they send.
const OURS: [&str; 12] = [
    "idv",
    "idv_baanx",
    "idv_core",
    "idv_http",
    "idv_nxos",
    "idv_onfido",
    "idv_sandbox",
    "idv_session_api",
    "idv_stripe",
    "idv_sumsub",
    "idv_tracker",
    "idv_veriff",
];

pub(crate) fn init(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    // A line that cannot be written is lost: to complain of it on stderr would panic.
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .log_internal_errors(false);
    let ours = Targets::new().with_targets(OURS.map(|name| (name, level)));
    tracing_subscriber::registry().with(lines).with(ours).init();
}
