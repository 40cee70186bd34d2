//! The same calls as an application would write them for one vendor: reqwest and serde, a typed answer, and nothing else.

use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, HeaderValue};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A client with the settings that idv has: the same authorities, limits, default headers, and no redirects.
pub(crate) fn client() -> reqwest::Client {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let mut tls =
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("TLS versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let defaults: HeaderMap = [(ACCEPT, HeaderValue::from_static("application/json"))].into_iter().collect();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent("by-hand/1.0")
        .default_headers(defaults)
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .build()
        .expect("a client")
}

/// What a vendor's client is made of.
#[derive(Clone)]
pub(crate) struct ByHand {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: String,
}

/// A credential as a header that is not logged.
pub(crate) fn secret(text: &str) -> HeaderValue {
    let mut value = HeaderValue::from_str(text).expect("a header");
    value.set_sensitive(true);
    value
}

pub(crate) async fn typed<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> reqwest::Result<T> {
    request.send().await?.error_for_status()?.json().await
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum NxosStatus {
    NotStarted,
    Pending,
    OnHold,
    ResubmissionRequired,
    Approved,
    Rejected,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
pub(crate) struct NxosVerification {
    pub(crate) status: NxosStatus,
    #[serde(rename = "type")]
    pub(crate) subject: String,
    #[serde(rename = "updatedAt")]
    pub(crate) updated_at: String,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
pub(crate) struct NxosSession {
    pub(crate) url: String,
    #[serde(rename = "accessToken")]
    pub(crate) access_token: String,
}

/// nxos.
impl ByHand {
    pub(crate) async fn nxos_start(&self, key: &str, organization: &str) -> reqwest::Result<NxosSession> {
        let request = self.http.post(format!("{}/v1/organizations/verification", self.base_url));
        let request = request
            .header(AUTHORIZATION, secret(&format!("Bearer {key}")))
            .header("nxos-on-behalf-of", organization)
            .header("idempotency-key", uuid::Uuid::new_v4().to_string())
            .header(CONTENT_LENGTH, "0");
        typed(request).await
    }

    pub(crate) async fn nxos_check(
        &self,
        key: &str,
        organization: &str,
    ) -> reqwest::Result<NxosVerification> {
        let request = self.http.get(format!("{}/v1/organizations/verification", self.base_url));
        let request = request
            .header(AUTHORIZATION, secret(&format!("Bearer {key}")))
            .header("nxos-on-behalf-of", organization);
        typed(request).await
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum BaanxState {
    Unverified,
    Pending,
    Verified,
    Rejected,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
pub(crate) struct BaanxUser {
    pub(crate) id: String,
    #[serde(rename = "verificationState")]
    pub(crate) state: BaanxState,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads it")]
pub(crate) struct BaanxSession {
    #[serde(rename = "sessionUrl")]
    pub(crate) url: String,
}

#[derive(Serialize)]
struct Onboarding<'a> {
    #[serde(rename = "onboardingId")]
    id: &'a str,
}

/// Baanx, both flows.
impl ByHand {
    pub(crate) async fn user_start(&self, key: &str, token: &str) -> reqwest::Result<BaanxSession> {
        typed(self.of_user("/v1/user/verification", key, token)).await
    }

    pub(crate) async fn user_check(&self, key: &str, token: &str) -> reqwest::Result<BaanxUser> {
        typed(self.of_user("/v1/user", key, token)).await
    }

    fn of_user(&self, path: &str, key: &str, token: &str) -> reqwest::RequestBuilder {
        let request = self.http.get(format!("{}{path}", self.base_url));
        request.header("x-client-key", secret(key)).header(AUTHORIZATION, secret(&format!("Bearer {token}")))
    }

    pub(crate) async fn registration_start(&self, key: &str, id: &str) -> reqwest::Result<BaanxSession> {
        let request = self.http.post(format!("{}/v1/auth/register/verification", self.base_url));
        typed(request.header("x-client-key", secret(key)).json(&Onboarding { id })).await
    }

    pub(crate) async fn registration_check(&self, key: &str, id: &str) -> reqwest::Result<BaanxUser> {
        let request = self.http.get(format!("{}/v1/auth/register?onboardingId={id}", self.base_url));
        typed(request.header("x-client-key", secret(key))).await
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum SessionStatus {
    Pending,
    Submitted,
    Verified,
    Rejected,
    Voided,
    Expired,
    Failed,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
pub(crate) struct SessionRecord {
    pub(crate) id: String,
    pub(crate) status: SessionStatus,
    pub(crate) session_progress: String,
    pub(crate) external_id: Option<String>,
    pub(crate) updated_at: String,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads it")]
pub(crate) struct OneSession {
    pub(crate) session_record: SessionRecord,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
pub(crate) struct CreatedSession {
    pub(crate) id: String,
    pub(crate) session_url: String,
}

/// An applicant, as the session API wants to be told.
#[derive(Clone, Serialize)]
pub(crate) struct Applicant {
    pub(crate) first_name: &'static str,
    pub(crate) last_name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) external_id: &'static str,
    pub(crate) redirect_url: &'static str,
    pub(crate) send_email_invite: bool,
    pub(crate) send_phone_invite: bool,
}

/// deepidv.
impl ByHand {
    pub(crate) async fn session_start(
        &self,
        key: &str,
        applicant: &Applicant,
    ) -> reqwest::Result<CreatedSession> {
        let request = self.http.post(format!("{}/v1/sessions", self.base_url));
        typed(request.header("x-api-key", secret(key)).json(applicant)).await
    }

    pub(crate) async fn session_check(&self, key: &str, id: &str) -> reqwest::Result<OneSession> {
        let request = self.http.get(format!("{}/v1/sessions/{id}", self.base_url));
        typed(request.header("x-api-key", secret(key))).await
    }
}
