//! The defaults are in nobody's way: an ordinary application at every simulated vendor, with its limits on.

use idv::{CheckRequest, Delivery, RefreshRequest, Registry, StartRequest, VerificationStatus};
use idv_sandbox::{OrganizationType, Sandbox};
use tokio::task::JoinSet;

const SEED: u64 = 11;
const APPLICANTS: usize = 12;

fn registry(sandbox: &Sandbox, active: &str) -> Registry {
    let (nxos, baanx, api) = (sandbox.nxos(), sandbox.baanx(), sandbox.session_api());
    let text = format!(
        r#"
active = "{active}"
[providers.primary]
kind = "nxos"
base_url = "{}"
api_key = "{}"
[providers.cards]
kind = "baanx-user"
base_url = "{}"
client_key = "{}"
[providers.sessions]
kind = "session-api"
preset = "deepidv"
base_url = "{}"
api_key = "{}"
"#,
        nxos.base_url(),
        nxos.api_key(),
        baanx.base_url(),
        baanx.client_key(),
        api.base_url(),
        api.api_key(),
    );
    Registry::from_toml_str(&text).unwrap()
}

/// A dozen applicants at once: a start, a fresh link where there is one, and two checks for each.
#[tokio::test]
async fn an_ordinary_application_never_meets_them() {
    println!("seed {SEED}");
    let sandbox = Sandbox::builder().seed(SEED).start().await.unwrap();
    for active in ["primary", "cards", "sessions"] {
        let registry = registry(&sandbox, active);
        let mut applicants = JoinSet::new();
        for number in 0..APPLICANTS {
            let user = sandbox.baanx().add_user("Ada", "Sample");
            let request = StartRequest::new(format!("case-{number}"))
                .organization(sandbox.nxos().add_organization(OrganizationType::Business))
                .user_token(user.token.as_str())
                .first_name("Ada")
                .last_name("Sample")
                .email("ada@example.com")
                .phone("+15195550100");
            applicants.spawn(apply(registry.clone(), request, user.token.clone()));
        }
        for state in applicants.join_all().await {
            assert!(
                !matches!(state, VerificationStatus::Approved | VerificationStatus::Rejected),
                "{active}"
            );
        }
    }
}

async fn apply(registry: Registry, request: StartRequest, token: String) -> VerificationStatus {
    let session = registry.start(&request).await.unwrap();
    let provider = registry.provider(session.reference.provider()).unwrap();
    if provider.profile().capabilities.refresh {
        let refresh = RefreshRequest::new(session.reference.clone()).user_token(token.as_str());
        registry.refresh(&refresh).await.unwrap();
    }
    let check = CheckRequest::new(session.reference).user_token(token.as_str());
    registry.check(&check).await.unwrap();
    registry.check(&check).await.unwrap().status
}

/// Three sessions of a user may be open, which only the vendor knows: it says so once, and is not asked again.
#[tokio::test]
async fn a_user_with_too_many_open_sessions_costs_one_refusal() {
    println!("seed {SEED}");
    let sandbox = Sandbox::builder().seed(SEED).start().await.unwrap();
    let registry = registry(&sandbox, "cards");
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let start = StartRequest::new("case-1").user_token(user.token.as_str());
    for _ in 0..3 {
        registry.start(&start).await.unwrap();
    }
    let theirs = registry.start(&start).await.unwrap_err();
    assert_eq!((theirs.http_status(), theirs.delivery()), (Some(429), Delivery::Answered));
    let asked = sandbox.baanx().requests().len();
    let ours = registry.start(&start).await.unwrap_err();
    assert_eq!((ours.http_status(), ours.delivery()), (None, Delivery::NotSent));
    assert!(ours.retry_after() <= theirs.retry_after(), "{ours:?} {theirs:?}");
    assert_eq!(sandbox.baanx().requests().len(), asked);
}
