//! The list of storylines, with their names for programs and for people.

/// A script that is played at every vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Storyline {
    /// The applicant submits, the vendor approves, and every surface reports it.
    HappyPath,
    /// The vendor declines, and the application follows the next action.
    RejectedThenRetried,
    /// The vendor asks for a correction; if it cannot, it declines for the same reason.
    Resubmission,
    /// The vendor holds the verification for a manual review, then approves.
    ManualHold,
    /// The applicant leaves, comes back, and finishes.
    Abandoned,
    /// Time runs out before the applicant finishes.
    Expired,
    /// The answer to the start is lost.
    LostAnswer,
    /// The webhook of the decision overtakes the browser.
    WebhookBeforeRedirect,
    /// The webhook of the decision never comes; a poll recovers.
    LostWebhook,
    /// One webhook is overtaken by the next, and that one comes twice.
    DuplicateAndReorderedWebhooks,
    /// The vendor approves, and declines later.
    LateContradiction,
    /// The approval lapses.
    LapsedApproval,
    /// The vendor uses an undocumented word.
    UnknownWord,
}

impl Storyline {
    /// All storylines, in the order of the documentation.
    pub const ALL: &'static [Self] = &[
        Self::HappyPath,
        Self::RejectedThenRetried,
        Self::Resubmission,
        Self::ManualHold,
        Self::Abandoned,
        Self::Expired,
        Self::LostAnswer,
        Self::WebhookBeforeRedirect,
        Self::LostWebhook,
        Self::DuplicateAndReorderedWebhooks,
        Self::LateContradiction,
        Self::LapsedApproval,
        Self::UnknownWord,
    ];

    /// The word used in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HappyPath => "happy_path",
            Self::RejectedThenRetried => "rejected_then_retried",
            Self::Resubmission => "resubmission",
            Self::ManualHold => "manual_hold",
            Self::Abandoned => "abandoned",
            Self::Expired => "expired",
            Self::LostAnswer => "lost_answer",
            Self::WebhookBeforeRedirect => "webhook_before_redirect",
            Self::LostWebhook => "lost_webhook",
            Self::DuplicateAndReorderedWebhooks => "duplicate_and_reordered_webhooks",
            Self::LateContradiction => "late_contradiction",
            Self::LapsedApproval => "lapsed_approval",
            Self::UnknownWord => "unknown_word",
        }
    }

    /// A heading for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::HappyPath => "Happy path",
            Self::RejectedThenRetried => "Rejected, then retried",
            Self::Resubmission => "Resubmission",
            Self::ManualHold => "Manual hold",
            Self::Abandoned => "Abandoned",
            Self::Expired => "Expired",
            Self::LostAnswer => "Lost answer",
            Self::WebhookBeforeRedirect => "Webhook before redirect",
            Self::LostWebhook => "Lost webhook",
            Self::DuplicateAndReorderedWebhooks => "Duplicate and reordered webhooks",
            Self::LateContradiction => "Late contradiction",
            Self::LapsedApproval => "Lapsed approval",
            Self::UnknownWord => "Unknown word",
        }
    }

    /// A summary in one sentence.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::HappyPath => "The applicant submits, the vendor approves, and every surface reports it.",
            Self::RejectedThenRetried => "The vendor declines, and the application follows the next action.",
            Self::Resubmission => {
                "The vendor asks for a correction; if it cannot, it declines for the same reason."
            }
            Self::ManualHold => "The vendor holds the verification for a manual review, then approves.",
            Self::Abandoned => "The applicant leaves, comes back, and finishes.",
            Self::Expired => "Time runs out before the applicant finishes.",
            Self::LostAnswer => {
                "The vendor carries out the start, but its answer is lost; the application obeys the retry verdict."
            }
            Self::WebhookBeforeRedirect => "The webhook of the decision overtakes the browser.",
            Self::LostWebhook => "The webhook of the decision never comes; a poll recovers.",
            Self::DuplicateAndReorderedWebhooks => {
                "One webhook is overtaken by the next, and that one comes twice; ids tell them apart."
            }
            Self::LateContradiction => "The vendor approves, and declines later.",
            Self::LapsedApproval => "The vendor approves, and the approval lapses.",
            Self::UnknownWord => "The vendor uses an undocumented word.",
        }
    }
}
