//! Simulated vendors inside of this process. An application of yours has none of this: its vendors stand in `idv.toml`.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use idv::{ProviderId, StartRequest, UserToken};
use idv_conformance::storyline::Case;
use idv_conformance::storyline::sandbox::{Flow, SandboxClock};
use idv_sandbox::Sandbox;
use url::Url;

use crate::accounts::{Accounts, AtVendor};

/// Simulated vendors, and a folder for the database, which ends with them.
#[derive(Debug)]
pub(crate) struct Simulated {
    sandbox: Arc<Sandbox>,
    folder: tempfile::TempDir,
}

impl Simulated {
    pub(crate) async fn start() -> Result<Self, Box<dyn Error>> {
        let sandbox = Arc::new(Sandbox::start().await?);
        Flow::all().for_each(|flow| flow.allow_loopback(&sandbox));
        Ok(Self { sandbox, folder: tempfile::tempdir()? })
    }

    /// A configuration with all of them. The first is active: it has a hosted page and a token for an embedded one.
    pub(crate) fn configuration(&self) -> String {
        let active = Flow::all().next().map(|flow| format!("active = \"{}\"\n", flow.id()));
        let tables = Flow::all().map(|flow| format!("\n{}", flow.literal_configuration(&self.sandbox)));
        active.into_iter().chain(tables).collect()
    }

    /// The page where a person decides verifications.
    pub(crate) fn operator_url(&self) -> String {
        format!("{}/", self.sandbox.control_url())
    }

    pub(crate) fn clock(&self) -> Arc<SandboxClock> {
        Arc::new(SandboxClock::of(&self.sandbox))
    }

    /// The script of the simulated embedded component.
    pub(crate) fn websdk(&self) -> Result<Url, url::ParseError> {
        format!("{}/idensic/static/sns-websdk-builder.js", self.sandbox.nxos().base_url()).parse()
    }

    pub(crate) fn database(&self) -> String {
        format!("sqlite://{}", self.folder.path().join("web.db").display())
    }

    pub(crate) fn accounts(&self) -> Arc<dyn Accounts> {
        Arc::new(SimulatedAccounts { sandbox: Arc::clone(&self.sandbox), known: Mutex::default() })
    }

    /// Has the vendors send their webhooks to the application, and their applicants back to it, as a person sets up once in a vendor's portal.
    pub(crate) fn send_to(&self, application: &Url, back: &Url) -> Result<(), Box<dyn Error>> {
        for flow in Flow::all() {
            let url = application.join(&format!("webhooks/{}", flow.id()))?;
            flow.vendor(&self.sandbox).add_webhook_endpoint(url.as_str())?;
        }
        self.sandbox.baanx().set_return_url(Some(back.clone()));
        Ok(())
    }
}

/// Applicants whom the vendors know already, each made when it is asked about first.
#[derive(Debug)]
struct SimulatedAccounts {
    sandbox: Arc<Sandbox>,
    known: Mutex<HashMap<(String, ProviderId), Known>>,
}

/// An applicant, and the id of it at the vendor.
#[derive(Debug, Default)]
struct Known {
    subject: String,
    facts: AtVendor,
}

impl Accounts for SimulatedAccounts {
    fn at_vendor(&self, reference: &str, provider: &ProviderId) -> AtVendor {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (reference.to_owned(), provider.clone());
        let known = known.entry(key).or_insert_with(|| register(&self.sandbox, reference, provider));
        // A user's token lasts for hours, and an application gets a fresh one from the vendor.
        if known.facts.user_token.is_some()
            && let Ok(token) = self.sandbox.baanx().issue_token(&known.subject)
        {
            known.facts.user_token = Some(UserToken::new(token));
        }
        known.facts.clone()
    }
}

fn register(sandbox: &Sandbox, reference: &str, provider: &ProviderId) -> Known {
    let flow = Flow::all().find(|flow| flow.id() == provider.as_str());
    let case = flow.and_then(|flow| flow.enter(sandbox, StartRequest::new(reference)).ok());
    case.map_or_else(Known::default, |Case { start, subject }| {
        // Baanx tells this id in its webhooks. Elsewhere there is no user of this name, and nothing to do.
        let _ = sandbox.baanx().set_external_id(&subject, reference);
        let start = start.into_input();
        let facts = AtVendor {
            organization: start.organization,
            user_token: start.user_token,
            onboarding_id: start.onboarding_id,
        };
        Known { subject, facts }
    })
}
