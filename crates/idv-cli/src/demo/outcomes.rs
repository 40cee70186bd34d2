//! The outcomes of the demonstration: what happens to a session after its start.

use idv::VerificationReason;
use idv_conformance::storyline::Act;

/// A word that no vendor documents.
const NEW_WORD: &str = "ESCALATED";

/// Acts one after the other; the last of them is shown. An outcome whose last act a vendor does not have is left out
/// there.
pub(crate) fn all() -> Vec<Vec<Act>> {
    let decided = |act: Act| vec![Act::Submit, act];
    let reject = |reason| Act::Reject { reason };
    vec![
        vec![Act::Open],
        vec![Act::Leave],
        vec![Act::Expire],
        vec![Act::Submit],
        vec![Act::Fail { reason: VerificationReason::DocumentUnreadable }],
        decided(Act::RequireResubmission),
        decided(Act::Hold),
        decided(Act::Approve),
        vec![Act::Submit, Act::Approve, Act::Lapse],
        decided(reject(VerificationReason::FaceMismatch)),
        decided(reject(VerificationReason::DocumentExpired)),
        vec![Act::Withdraw],
        decided(Act::Say { word: NEW_WORD.into() }),
    ]
}
