//! Stories of real vendors, told line by line in the order of arrival.

use idv::profile::Surface;
use idv::{Assurance, VendorWord, VerificationStatus as Status};

use super::histories::at;
use super::vocabulary::Vendor;
use crate::merge::{OrderingPolicy, merge};
use crate::{Observation, Source};

/// One line: the source, the second of its arrival, the vendor's time where it has one, the vendor's word; then the state, and
/// whether it is in doubt.
type Line = (Source, i64, Option<i64>, &'static str, Status, bool);

fn tell(vendor: &str, lines: &[Line]) {
    let vendor = Vendor::of(vendor);
    let mut seen = Vec::new();
    for line in lines {
        let (source, arrived, told, word, status, in_doubt) = *line;
        seen.push(observation(vendor, source, arrived, told, word));
        let merged = merge(&vendor.policy, &seen).unwrap();
        assert_eq!((merged.status, merged.in_doubt), (status, in_doubt), "after {line:?}: {merged:?}");
    }
    seen.reverse();
    let last = lines.last().unwrap();
    assert_eq!(merge(&vendor.policy, &seen).unwrap().status, last.4, "in the other order");
}

fn observation(
    vendor: &Vendor,
    source: Source,
    arrived: i64,
    told: Option<i64>,
    word: &'static str,
) -> Observation {
    let mut seen = Observation::new(source, at(arrived));
    let surface = match source {
        Source::Start => return seen.with_status(Status::InProgress, VendorWord::new(word)),
        Source::Validity => return seen.with_status(Status::Expired, VendorWord::new(word)),
        Source::Webhook => Surface::WebhookStatus,
        _ => Surface::CheckStatus,
    };
    let word = vendor.word(surface, word);
    seen.vendor_time = told.map(at);
    seen.reasons.extend(word.reason.clone());
    seen.assurance = (source == Source::Webhook).then_some(Assurance::Signed);
    seen.with_status(word.status, word.word.clone())
}

#[test]
fn an_approval_of_nxos_lapses() {
    use Source::{Poll, Start};
    tell(
        "nxos",
        &[
            (Start, 0, None, "started", Status::InProgress, false),
            (Poll, 30, Some(1), "PENDING", Status::InProgress, false),
            (Poll, 90, Some(80), "APPROVED", Status::Approved, false),
            (Poll, 9000, Some(8000), "RESUBMISSION_REQUIRED", Status::ResubmissionRequired, false),
        ],
    );
}

#[test]
fn sumsub_tells_pending_after_reviewed() {
    use Source::{Poll, Start, Webhook};
    let green = "completed with reviewAnswer GREEN";
    tell(
        "sumsub",
        &[
            (Start, 0, None, "started", Status::InProgress, false),
            (Webhook, 62, Some(60), green, Status::Approved, false),
            (Webhook, 65, Some(58), "pending", Status::Approved, false),
            (Webhook, 66, Some(60), "pending", Status::Approved, false),
            (Poll, 70, Some(60), green, Status::Approved, false),
            (Webhook, 71, Some(59), "queued", Status::Approved, false),
        ],
    );
}

#[test]
fn an_answer_is_no_older_than_the_change_that_it_tells() {
    use Source::{Poll, Webhook};
    tell(
        "sumsub",
        &[
            (Poll, 70, Some(66), "completed with reviewAnswer GREEN", Status::Approved, false),
            (Webhook, 71, Some(65), "pending", Status::Approved, false),
            (Webhook, 75, Some(67), "onHold", Status::OnHold, true),
            (Poll, 76, Some(66), "completed with reviewAnswer GREEN", Status::OnHold, true),
            (Poll, 80, None, "onHold", Status::OnHold, false),
        ],
    );
}

#[test]
fn veriff_asks_for_another_try_and_approves_it() {
    use Source::{Poll, Webhook};
    let again = "resubmission_requested";
    tell(
        "veriff",
        &[
            (Webhook, 10, None, "started", Status::InProgress, true),
            (Webhook, 20, None, "submitted", Status::InReview, true),
            (Webhook, 330, Some(30), again, Status::ResubmissionRequired, true),
            (Poll, 332, Some(30), again, Status::ResubmissionRequired, false),
            (Poll, 400, Some(350), "submitted", Status::InReview, false),
            (Webhook, 430, Some(420), "approved", Status::Approved, true),
            (Poll, 432, Some(420), "approved", Status::Approved, false),
            (Webhook, 3900, Some(30), again, Status::Approved, false),
            (Webhook, 604_900, Some(604_800), "expired", Status::Approved, false),
        ],
    );
}

/// An abandoned session of Stripe Identity is taken up again, and an event that comes late takes nothing back.
#[test]
fn stripe_takes_up_a_session_again_after_it_was_left() {
    use Source::{Poll, Start, Webhook};
    let left = "requires_input with last_error abandoned";
    tell(
        "stripe-identity",
        &[
            (Start, 0, None, "requires_input", Status::InProgress, false),
            (Webhook, 10, Some(9), left, Status::Abandoned, false),
            (Poll, 12, None, left, Status::Abandoned, false),
            (Webhook, 60, Some(59), "processing", Status::InReview, true),
            (Webhook, 70, Some(69), "verified", Status::Approved, false),
            (Poll, 80, None, "verified", Status::Approved, false),
            (Webhook, 3900, Some(59), "processing", Status::Approved, false),
            (Webhook, 3901, Some(9), left, Status::Approved, false),
        ],
    );
}

#[test]
fn baanx_sends_an_event_without_a_time_before_any_poll() {
    use Source::{Poll, Start, Webhook};
    for kind in ["baanx-user", "baanx-registration"] {
        tell(
            kind,
            &[
                (Start, 0, None, "started", Status::InProgress, false),
                (Webhook, 50, None, "completed", Status::Approved, true),
                (Webhook, 51, None, "pending", Status::Approved, true),
                (Poll, 52, None, "PENDING", Status::InReview, true),
                (Poll, 62, None, "VERIFIED", Status::Approved, false),
                (Webhook, 90, None, "failed", Status::Approved, true),
                (Poll, 101, None, "REJECTED", Status::Rejected, false),
            ],
        );
    }
}

#[test]
fn an_older_event_of_baanx_takes_no_answer_back() {
    use Source::{Poll, Start, Webhook};
    for kind in ["baanx-user", "baanx-registration"] {
        tell(
            kind,
            &[
                (Start, 0, None, "started", Status::InProgress, false),
                (Poll, 5, None, "VERIFIED", Status::Approved, false),
                (Webhook, 7, Some(1), "pending", Status::Approved, false),
                (Webhook, 8, Some(2), "completed", Status::Approved, false),
            ],
        );
    }
}

#[test]
fn an_approval_of_didit_expires_and_a_session_does_not_end_one() {
    use Source::{Poll, Webhook};
    tell(
        "didit",
        &[
            (Webhook, 60, Some(60), "Approved", Status::Approved, false),
            (Webhook, 700, Some(690), "Expired", Status::Approved, false),
            (Webhook, 7000, Some(6990), "Kyc Expired", Status::Expired, false),
            (Poll, 7010, None, "Kyc Expired", Status::Expired, false),
        ],
    );
}

#[test]
fn an_expiry_that_an_answer_tells_first_is_not_forgotten() {
    use Source::{Poll, Webhook};
    tell(
        "didit",
        &[
            (Webhook, 100, Some(95), "Approved", Status::Approved, false),
            (Poll, 101, None, "Kyc Expired", Status::Approved, true),
            (Poll, 106, None, "Kyc Expired", Status::Expired, false),
        ],
    );
}

#[test]
fn a_clock_that_is_hours_ahead_is_not_believed_for_hours() {
    use Source::{Poll, Webhook};
    tell(
        "didit",
        &[
            (Webhook, 60, Some(7260), "Approved", Status::Approved, true),
            (Poll, 61, None, "Declined", Status::Approved, true),
            (Poll, 79, None, "Declined", Status::Approved, true),
            (Poll, 80, None, "Declined", Status::Rejected, false),
            (Webhook, 90, Some(7290), "Approved", Status::Approved, true),
            (Poll, 111, None, "Approved", Status::Approved, false),
        ],
    );
}

#[test]
fn a_status_began_no_later_than_it_was_told() {
    let vendor = Vendor::of("didit");
    let seen = [observation(vendor, Source::Webhook, 60, Some(7260), "Approved")];
    assert_eq!(merge(&vendor.policy, &seen).unwrap().since, at(60));
}

#[test]
fn an_approval_that_lapsed_by_the_configuration_stays_lapsed() {
    use Source::{Poll, Validity};
    tell(
        "baanx-user",
        &[
            (Poll, 60, None, "VERIFIED", Status::Approved, false),
            (Validity, 9060, None, "validity", Status::Expired, false),
            (Poll, 9100, None, "VERIFIED", Status::Expired, false),
            (Poll, 9200, None, "PENDING", Status::InReview, false),
            (Poll, 9300, None, "VERIFIED", Status::Approved, false),
        ],
    );
}

#[test]
fn an_approval_that_the_vendor_says_is_over_can_be_followed_by_another_one() {
    use Source::{Poll, Validity};
    tell(
        "didit",
        &[
            (Poll, 60, None, "Approved", Status::Approved, false),
            (Validity, 9060, None, "validity", Status::Expired, false),
            (Poll, 9100, None, "Approved", Status::Expired, false),
            (Poll, 9200, None, "Kyc Expired", Status::Expired, false),
            (Poll, 9300, None, "Approved", Status::Approved, false),
        ],
    );
}

#[test]
fn only_sessions_expire_at_veriff() {
    let lapses =
        |kind: &'static str| !OrderingPolicy::of(&idv::ProviderKind::from_static(kind)).lapse.is_empty();
    assert!(lapses("session-api") && lapses("of-another-crate") && !lapses("veriff"));
}
