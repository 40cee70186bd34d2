//! What is read without asking anybody: references, return URLs, vendors' words.

use idv::adapter::lookup_ignore_case;
use idv::{Redirect, Registry, SessionRef, VerificationStatus as Status};

use crate::calls::{configuration, reference};
use crate::{Aims, Case, Side};

const COUNTED: u64 = 2000;
const REFERENCE: &str = "sessions:6b1d2f34-90ab-4cde-8f01-23456789abcd";
const RETURN_URL: &str = "https://app.example.test/back?case=7781&session_id=6b1d2f34-90ab-4cde-8f01-23456789abcd&status=failed&reason=document_unreadable";

/// The longest table of states that a vendor has; the word searched for is its last.
const WORDS: &[(&str, Status)] = &[
    ("NOT_STARTED", Status::NotStarted),
    ("PENDING", Status::InProgress),
    ("ON_HOLD", Status::OnHold),
    ("RESUBMISSION_REQUIRED", Status::ResubmissionRequired),
    ("APPROVED", Status::Approved),
    ("REJECTED", Status::Rejected),
];

pub(crate) fn cases() -> Vec<Case> {
    vec![references(), return_urls(), words()]
}

/// Provider and key are kept: two allocations.
fn references() -> Case {
    let aims = Aims { allocations: Some(2.0), ..Aims::default() };
    let sides = vec![
        Side::of("idv", || std::hint::black_box(REFERENCE).parse::<SessionRef>()),
        Side::of("by hand", || {
            let split = std::hint::black_box(REFERENCE).split_once(':');
            split.map(|(provider, key)| (Box::<str>::from(provider), Box::<str>::from(key)))
        }),
    ];
    Case { name: "read reference", aims, sides, counted: COUNTED }
}

/// The reference is kept, and the vendor's two words: four allocations.
fn return_urls() -> Case {
    let aims = Aims { allocations: Some(4.0), ..Aims::default() };
    let idv = Side::new("idv", || {
        let registry = Registry::from_toml_str(&configuration("sessions", "https://api.example.test"));
        let (registry, expected) = (registry.expect("a registry"), reference(REFERENCE));
        move |times| {
            for _ in 0..times {
                let redirect = Redirect::new(&expected, std::hint::black_box(RETURN_URL));
                std::hint::black_box(registry.parse_redirect(&redirect).expect("a return URL"));
            }
        }
    });
    let by_hand = Side::of("by hand", || {
        let url = url::Url::parse(std::hint::black_box(RETURN_URL)).expect("a URL");
        let parameter = |name: &str| {
            url.query_pairs().find(|(other, _)| other == name).map(|(_, value)| value.into_owned())
        };
        (parameter("session_id"), parameter("status"), parameter("reason"))
    });
    Case { name: "read return URL", aims, sides: vec![idv, by_hand], counted: COUNTED }
}

fn words() -> Case {
    let aims = Aims { allocations: Some(0.0), ..Aims::default() };
    let sides = vec![
        Side::of("idv", || lookup_ignore_case(std::hint::black_box(WORDS), std::hint::black_box("rejected"))),
        Side::of("by hand", || match std::hint::black_box("REJECTED") {
            "NOT_STARTED" => Some(Status::NotStarted),
            "PENDING" => Some(Status::InProgress),
            "ON_HOLD" => Some(Status::OnHold),
            "RESUBMISSION_REQUIRED" => Some(Status::ResubmissionRequired),
            "APPROVED" => Some(Status::Approved),
            "REJECTED" => Some(Status::Rejected),
            _ => None,
        }),
    ];
    Case { name: "read state word", aims, sides, counted: COUNTED }
}
