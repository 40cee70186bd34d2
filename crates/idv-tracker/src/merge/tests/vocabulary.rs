//! The words of every built-in kind, read from the profiles of configured providers.

use std::fmt;
use std::sync::LazyLock;

use idv::profile::{MappingRow, ProviderProfile, Surface};
use idv::{Registry, ReportedReason, VendorWord, VerificationReason, VerificationStatus};

use crate::merge::OrderingPolicy;

/// Every kind, and besides the preset of `session-api` a vendor that is described, whose approvals lapse.
const CONFIGURATION: &str = r#"
active = "nxos"
[providers.nxos]
kind = "nxos"
base_url = "http://127.0.0.1:1"
api_key = "nxos_sk_1"
webhook_secrets = ["whsec_MDEyMzQ1Njc4OQ=="]
[providers.baanx-user]
kind = "baanx-user"
base_url = "http://127.0.0.1:1"
client_key = "baanx-key-0001"
webhook_secrets = ["whk_0123456789"]
[providers.baanx-registration]
kind = "baanx-registration"
base_url = "http://127.0.0.1:1"
client_key = "baanx-key-0001"
webhook_secrets = ["whk_0123456789"]
[providers.deepidv]
kind = "session-api"
preset = "deepidv"
base_url = "http://127.0.0.1:1"
api_key = "session-key-0001"
webhook_secrets = ["whsec_0123456789"]
[providers.sumsub]
kind = "sumsub"
base_url = "http://127.0.0.1:1"
app_token = "prd:token-0001"
secret_key = "secret-key-0001"
level = "kyc"
webhook_secrets = ["webhook-secret-0001"]
[providers.veriff]
kind = "veriff"
base_url = "http://127.0.0.1:1"
api_key = "00000000-0000-4000-8000-000000000001"
shared_secrets = ["shared-secret-0001"]
[providers.stripe-identity]
kind = "stripe-identity"
base_url = "http://127.0.0.1:1"
secret_key = "sk_test_00000000000000000001"
webhook_secrets = ["whsec_0123456789"]
[providers.onfido]
kind = "onfido"
base_url = "http://127.0.0.1:1/v3.6"
api_token = "api_live.token-0001"
workflow_id = "workflow-0001"
webhook_secrets = ["webhook-token-0001"]
[providers.didit]
kind = "session-api"
vendor = "Didit"
base_url = "http://127.0.0.1:1"
api_key = "session-key-0001"
webhook_secrets = ["secret-0123456789"]
start = { path = "/v3/session/", id = "/session_id", fields = { reference = "vendor_data" } }
check = { path = "/v3/session/{id}/decision/" }
session = { id = "/session_id" }
[providers.didit.webhook]
scheme = "hmac"
header = "x-signature"
event_type = "/webhook_type"
event_time = "/timestamp"
events = ["status.updated"]
[providers.didit.status_words]
"Not Started" = "not_started"
"In Progress" = "in_progress"
"Awaiting User" = "in_progress"
"In Review" = "in_review"
Approved = "approved"
Declined = "rejected"
Resubmitted = "resubmission_required"
Abandoned = "abandoned"
Expired = "expired"
"Kyc Expired" = "expired"
[providers.didit.status_reasons]
"Kyc Expired" = "document_expired"
"#;

/// One word of a vendor, as an adapter reads it.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) surface: Surface,
    pub(super) word: VendorWord,
    pub(super) status: VerificationStatus,
    pub(super) reason: Option<ReportedReason>,
}

/// A configured provider.
pub(super) struct Vendor {
    pub(super) id: String,
    pub(super) policy: OrderingPolicy,
    pub(super) words: Vec<Word>,
    pub(super) reasons: Vec<ReportedReason>,
}

pub(super) static VENDORS: LazyLock<Vec<Vendor>> = LazyLock::new(|| {
    let registry = Registry::from_toml_str(CONFIGURATION).unwrap();
    registry.providers().map(|provider| vendor(provider.id().as_str(), provider.profile())).collect()
});

impl fmt::Debug for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

impl Vendor {
    pub(super) fn of(id: &str) -> &'static Self {
        VENDORS.iter().find(|vendor| vendor.id == id).unwrap()
    }

    /// The meaning of a word on a surface.
    pub(super) fn word(&self, surface: Surface, word: &str) -> &Word {
        let mut words = self.words.iter();
        let found = words.find(|known| known.surface == surface && known.word.as_str() == word);
        found.unwrap_or_else(|| panic!("{} has no {word:?}", self.id))
    }
}

fn vendor(id: &str, profile: &ProviderProfile) -> Vendor {
    let word = |row: &MappingRow, status| Word {
        surface: row.surface,
        word: VendorWord::new(&row.word),
        status,
        reason: row.reason.map(|reason| ReportedReason::new(reason, None)),
    };
    let words = profile.mapping.iter().filter_map(|row| Some(word(row, row.status?)));
    let reasons = profile
        .mapping
        .iter()
        .filter(|row| row.status.is_none())
        .filter_map(|row| Some(ReportedReason::new(row.reason?, Some(VendorWord::new(&row.word)))));
    let common = [VerificationReason::DocumentExpired, VerificationReason::SessionExpired];
    Vendor {
        id: id.to_owned(),
        policy: OrderingPolicy::of(&profile.kind),
        words: words.collect(),
        reasons: reasons.chain(common.map(|reason| ReportedReason::new(reason, None))).collect(),
    }
}

#[test]
fn every_kind_has_words() {
    let kinds = [
        "baanx-registration",
        "baanx-user",
        "deepidv",
        "didit",
        "nxos",
        "onfido",
        "stripe-identity",
        "sumsub",
        "veriff",
    ];
    for id in kinds {
        let vendor = Vendor::of(id);
        let surfaces: &[Surface] = match id {
            // Its events are not signed, so they tell no status.
            "deepidv" => &[Surface::CheckStatus],
            _ => &[Surface::CheckStatus, Surface::WebhookStatus],
        };
        for surface in surfaces {
            // Stripe Identity declines nobody: a failed check is repeated.
            let other = match id {
                "stripe-identity" => VerificationStatus::ResubmissionRequired,
                _ => VerificationStatus::Rejected,
            };
            for status in [VerificationStatus::Approved, other] {
                let mut words = vendor.words.iter().filter(|word| word.surface == *surface);
                assert!(words.any(|word| word.status == status), "{id} {surface:?} {status:?}");
            }
        }
    }
    assert_eq!(VENDORS.len(), kinds.len());
}
