//! The reason codes (devdocs.veriff.com, "Verification session decision codes"), by their meaning to us.

use idv_core::VerificationReason as Reason;

/// Codes and reasons, code by code.
pub(crate) fn reasons() -> Vec<(&'static str, Reason)> {
    let groups: [(&[&str], Reason); 13] = [
        (&["101", "102", "504", "505", "507", "508"], Reason::DocumentTampered),
        (&["515", "526"], Reason::LivenessFailed),
        (&["103", "120", "509"], Reason::FaceMismatch),
        (&["104", "123", "128"], Reason::DataMismatch),
        (&["105", "106", "107", "111", "112", "113", "501", "502", "503"], Reason::FraudSuspected),
        (&["108", "109", "110", "124"], Reason::Duplicate),
        (&["126", "127"], Reason::Watchlist),
        (&["206", "510"], Reason::DocumentUnsupported),
        (&["207", "511"], Reason::DocumentExpired),
        (&["530", "531", "532", "533", "534", "535", "536"], Reason::Underage),
        (&["539"], Reason::AttemptsExhausted),
        (&["201", "208", "209", "210"], Reason::DocumentMissing),
        (&["202", "203", "204", "205"], Reason::DocumentUnreadable),
    ];
    let flat = groups.iter().flat_map(|(codes, reason)| codes.iter().map(|code| (*code, *reason)));
    flat.collect()
}
