//! One flow from start to outcome, again and again.

use std::collections::BTreeSet;
use std::sync::Arc;

use idv::profile::Surface;
use idv::{
    Redirect, Registry, Result, VerificationProvider, VerificationSession, WebhookOutcome, WebhookRequest,
};
use idv_conformance::storyline::sandbox::{Flow, SandboxStage};
use idv_conformance::storyline::{Act, Acted, Case, Stage};
use idv_sandbox::Sandbox;

use super::outcomes;
use super::row::Row;
use crate::failure::broken;
use crate::output::Progress;
use crate::simulated;

/// A flow of the sandbox, its provider, and the rows so far.
pub(crate) struct FlowDemo<'a> {
    flow: Flow,
    stage: SandboxStage<'a>,
    provider: Arc<dyn VerificationProvider>,
    progress: &'a Progress,
    rows: Vec<Row>,
}

impl<'a> FlowDemo<'a> {
    pub(crate) async fn of(
        sandbox: &'a Sandbox,
        registry: &Registry,
        flow: Flow,
        progress: &'a Progress,
    ) -> Result<Self> {
        let stage = SandboxStage::set(sandbox, flow).await.map_err(broken)?;
        let provider = simulated::provider(registry, flow)?;
        Ok(Self { flow, stage, provider, progress, rows: Vec::new() })
    }

    /// Every outcome that the vendor has, then the documented words that none of them led to.
    pub(crate) async fn rows(mut self) -> Result<Vec<Row>> {
        let (case, session) = self.start().await?;
        self.look(&case, &session).await?;
        for acts in outcomes::all() {
            self.play(&acts).await?;
        }
        for word in self.words_left() {
            self.play(&[Act::Say { word: word.into() }]).await?;
        }
        Ok(self.rows)
    }

    async fn start(&self) -> Result<(Case, VerificationSession)> {
        let case = self.stage.enter().await.map_err(broken)?;
        let session = self.provider.start(&case.start).await?;
        Ok((case, session))
    }

    /// Starts for a fresh applicant, performs the acts, and shows the last one on all surfaces.
    async fn play(&mut self, acts: &[Act]) -> Result<()> {
        let (case, session) = self.start().await?;
        let Some((last, before)) = acts.split_last() else { return Ok(()) };
        for act in before {
            self.stage.act(&case, &session.reference, act).await.map_err(broken)?;
        }
        // The webhooks so far are those of other outcomes.
        self.stage.webhooks().await.map_err(broken)?;
        self.progress.step(&format!("{}: {}", self.flow, last.words()));
        let acted = self.stage.act(&case, &session.reference, last).await.map_err(broken)?;
        let Acted::Done { redirect } = acted else { return Ok(()) };
        if let Some(url) = redirect.filter(|_| self.provider.profile().capabilities.redirect) {
            let outcome = self.provider.parse_redirect(&Redirect::new(&session.reference, &url))?;
            self.add(Row::of_redirect(self.flow.name(), &outcome));
        }
        self.receive().await?;
        self.look(&case, &session).await
    }

    async fn receive(&mut self) -> Result<()> {
        for webhook in self.stage.webhooks().await.map_err(broken)? {
            let request = WebhookRequest::new(&webhook.headers, &webhook.body, self.stage.now());
            if let WebhookOutcome::Event(event) = self.provider.verify_webhook(&request)? {
                self.add(Row::of_webhook(self.flow.name(), &event));
            }
        }
        Ok(())
    }

    async fn look(&mut self, case: &Case, session: &VerificationSession) -> Result<()> {
        let flow = self.flow.name();
        self.add(match self.provider.check(&case.check(&session.reference)).await {
            Ok(verification) => Row::of_check(flow, &verification),
            Err(error) if error.http_status().is_some() => Row::of_refusal(flow, &error),
            Err(error) => return Err(error),
        });
        Ok(())
    }

    fn add(&mut self, row: Row) {
        if !self.rows.contains(&row) {
            self.rows.push(row);
        }
    }

    /// The vendor's words for a state that no row has. Words with a condition behind them are none.
    fn words_left(&self) -> BTreeSet<String> {
        let is_shown = |word: &str| {
            self.rows.iter().any(|row| row.surface == "check" && row.word.eq_ignore_ascii_case(word))
        };
        let words = self.provider.profile().mapping.iter();
        let words = words.filter(|row| row.surface == Surface::CheckStatus && row.status.is_some());
        words.map(|row| row.word.to_string()).filter(|word| !word.contains(' ') && !is_shown(word)).collect()
    }
}
