//! The calls of the vendors whose requests are signed, by hand: Sumsub and Veriff.

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use http::header::{CONTENT_TYPE, HeaderValue};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::by_hand::ByHand;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The HMAC-SHA256 of some parts, in lower-case hexadecimal.
pub(crate) fn hmac_hex(secret: &str, parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    parts.iter().for_each(|part| mac.update(part));
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    mac.finalize().into_bytes().iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SumsubOpening<'a> {
    level_name: &'a str,
    user_id: &'a str,
    ttl_in_secs: u32,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads it")]
pub(crate) struct SumsubLink {
    pub(crate) url: String,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
#[serde(rename_all = "camelCase")]
pub(crate) struct SumsubApplicant {
    pub(crate) id: String,
    pub(crate) external_user_id: String,
    pub(crate) review: SumsubReview,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
#[serde(rename_all = "camelCase")]
pub(crate) struct SumsubReview {
    pub(crate) review_status: String,
    pub(crate) review_result: Option<SumsubResult>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
#[serde(rename_all = "camelCase")]
pub(crate) struct SumsubResult {
    pub(crate) review_answer: String,
    pub(crate) review_reject_type: Option<String>,
}

/// Sumsub.
impl ByHand {
    pub(crate) async fn sumsub_start(
        &self,
        keys: [&str; 2],
        level: &str,
        user: &str,
    ) -> reqwest::Result<SumsubLink> {
        let opening = SumsubOpening { level_name: level, user_id: user, ttl_in_secs: 1800 };
        let body = serde_json::to_vec(&opening).expect("JSON");
        self.sumsub(keys, "POST", "/resources/sdkIntegrations/levels/-/websdkLink", body).await
    }

    pub(crate) async fn sumsub_check(&self, keys: [&str; 2], user: &str) -> reqwest::Result<SumsubApplicant> {
        let target = format!("/resources/applicants/-;externalUserId={user}/one");
        self.sumsub(keys, "GET", &target, Vec::new()).await
    }

    async fn sumsub<T: DeserializeOwned>(
        &self,
        [token, secret]: [&str; 2],
        method: &str,
        target: &str,
        body: Vec<u8>,
    ) -> reqwest::Result<T> {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970");
        let time = since.as_secs().to_string();
        let signature = hmac_hex(secret, &[time.as_bytes(), method.as_bytes(), target.as_bytes(), &body]);
        let method = method.parse().expect("a method");
        let mut request = self
            .http
            .request(method, format!("{}{target}", self.base_url))
            .header("x-app-token", token)
            .header("x-app-access-ts", time)
            .header("x-app-access-sig", signature);
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, JSON).body(body);
        }
        request.send().await?.error_for_status()?.json().await
    }
}

#[derive(Serialize)]
struct VeriffStart<'a> {
    verification: VeriffWanted<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VeriffWanted<'a> {
    vendor_data: &'a str,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads it")]
pub(crate) struct VeriffAnswer<T> {
    pub(crate) status: String,
    pub(crate) verification: T,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
pub(crate) struct VeriffSession {
    pub(crate) id: String,
    pub(crate) url: String,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
#[serde(rename_all = "camelCase")]
pub(crate) struct VeriffDecision {
    pub(crate) id: String,
    pub(crate) status: String,
    pub(crate) vendor_data: Option<String>,
    pub(crate) reason_code: Option<u32>,
    pub(crate) decision_time: Option<String>,
}

/// Veriff.
impl ByHand {
    pub(crate) async fn veriff_start(
        &self,
        [key, secret]: [&str; 2],
        user: &str,
    ) -> reqwest::Result<VeriffAnswer<VeriffSession>> {
        let start = VeriffStart { verification: VeriffWanted { vendor_data: user } };
        let body = serde_json::to_vec(&start).expect("JSON");
        let request = self.http.post(format!("{}/veriff/v1/sessions", self.base_url));
        let request = request
            .header("x-auth-client", key)
            .header("x-hmac-signature", hmac_hex(secret, &[&body]))
            .header(CONTENT_TYPE, JSON)
            .body(body);
        request.send().await?.error_for_status()?.json().await
    }

    /// Verifies the answer as well, which is signed.
    pub(crate) async fn veriff_check(
        &self,
        [key, secret]: [&str; 2],
        id: &str,
    ) -> reqwest::Result<VeriffAnswer<VeriffDecision>> {
        let request = self.http.get(format!("{}/veriff/v1/sessions/{id}/decision", self.base_url));
        let request = request
            .header("x-auth-client", key)
            .header("x-hmac-signature", hmac_hex(secret, &[id.as_bytes()]));
        let answer = request.send().await?.error_for_status()?;
        let signature = answer.headers().get("x-hmac-signature").cloned().expect("a signature");
        let body = answer.bytes().await?;
        assert_eq!(signature.as_bytes(), hmac_hex(secret, &[&body]).as_bytes(), "an authentic answer");
        Ok(serde_json::from_slice(&body).expect("a decision"))
    }
}
