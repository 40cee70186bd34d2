//! Sumsub and Veriff at one address, from their pages: they can cancel and erase. How their requests are signed is the
//! business of the adapters.

use serde_json::json;

use super::sign;
use super::vendor::{Reply, Seen, Vendor};
use super::world::World;

const VERIFF_KEY: &str = "canary-veriff-key-0021";
const VERIFF_SECRET: &str = "canary-veriff-secret-0022";
const VERIFF_ID: &str = "8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10";

impl World {
    /// `people` at Veriff; `direct` and, without links, `embedded` at Sumsub.
    pub(crate) fn direct() -> Self {
        let world = Self::at(Vendor::run(|seen, _| match seen.target.starts_with("/v1/") {
            true => veriff(seen),
            false => sumsub(seen),
        }));
        let base = &world.vendor.base;
        let sumsub = format!(
            "kind = \"sumsub\"\nbase_url = \"{base}\"\napp_token = \"prd:canary-sumsub-token-0023\"\n\
             secret_key = \"canary-sumsub-secret-0024\"\nlevel = \"basic-kyc\"\nhttp.attempts = 1\n"
        );
        let text = format!(
            "active = \"people\"\n\
             [providers.people]\nkind = \"veriff\"\nbase_url = \"{base}\"\napi_key = \"{VERIFF_KEY}\"\n\
             shared_secrets = [\"{VERIFF_SECRET}\"]\nhttp.attempts = 1\n\
             [providers.direct]\n{sumsub}[providers.embedded]\nembed = true\n{sumsub}"
        );
        world.write("idv.toml", &text);
        world
    }
}

/// devdocs.veriff.com: answers are signed.
fn veriff(seen: &Seen) -> Reply {
    if !seen.target.contains(VERIFF_ID) && seen.method == "DELETE" {
        return Reply::json(404, &json!({"status": "fail", "code": "1104"}));
    }
    let body = match seen.line().strip_suffix("/decision") {
        Some(_) => json!({"status": "success", "verification": {
            "id": VERIFF_ID, "vendorData": "case-7", "status": "declined", "code": 9102, "reasonCode": "103",
            "decisionTime": "2026-07-01T09:03:44.476108Z",
        }}),
        None if seen.method == "DELETE" => json!({"status": "success", "verification": {"id": VERIFF_ID}}),
        None => json!({"status": "success", "verification": {
            "id": VERIFF_ID, "url": "https://alchemy.veriff.com/v/canary-link-0026", "vendorData": "case-7",
        }}),
    };
    let text = body.to_string();
    Reply::text(200, "application/json", &text)
        .with("x-auth-client", VERIFF_KEY)
        .with("x-hmac-signature", &sign::hmac_hex(VERIFF_SECRET, &[text.as_bytes()]))
}

/// docs.sumsub.com: a link, a token, and the state of an applicant.
fn sumsub(seen: &Seen) -> Reply {
    if seen.method == "POST" {
        return Reply::json(
            200,
            &json!({
                "url": "https://in.sumsub.com/websdk/p/canary-link-0027", "token": "_act-canary-0028", "userId": "case-7",
            }),
        );
    }
    let mut applicant = json!({
        "id": "66f0a1b2c3d4e5f601234567", "externalUserId": "case-7", "type": "company",
        "review": {
            "levelName": "kyb", "reviewStatus": "completed", "reviewDate": "2026-07-01 09:03:00+0000",
            "reviewResult": {"reviewAnswer": "RED", "reviewRejectType": "RETRY", "rejectLabels": ["SCREENSHOTS"]},
        },
    });
    if seen.method == "PATCH" {
        applicant["deleted"] = true.into();
    }
    Reply::json(200, &applicant)
}
