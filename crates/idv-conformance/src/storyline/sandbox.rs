//! The simulated vendors as stages (feature `sandbox`).
//!
//! ```
//! use idv_conformance::storyline::sandbox::{Flow, SandboxStage};
//! use idv_conformance::storyline::Storyline;
//! use idv_core::VerificationProvider;
//! use idv_sandbox::Sandbox;
//!
//! /// Prints what an application sees of every storyline. The provider has to be built
//! /// from the flow's configuration.
//! async fn play(provider: &dyn VerificationProvider, sandbox: &Sandbox, flow: Flow) -> Result<(), Box<dyn std::error::Error>> {
//!     let stage = SandboxStage::set(sandbox, flow).await?;
//!     for storyline in Storyline::ALL {
//!         println!("{}", storyline.play(&stage, provider).await?);
//!     }
//!     Ok(())
//! }
//! ```

mod clock;
mod flow;
mod flows;
mod receiver;
mod simulated;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use idv_core::{SessionRef, StartRequest, Timestamp, VerificationReason};
use idv_sandbox::{Error, Fault, FaultKind, Mischief, Reason, Runtime, Sandbox};

use super::{Act, Acted, Case, Held, Mishap, Stage, StageError, Webhook};
use receiver::Receiver;

pub use clock::SandboxClock;
pub use flow::Flow;

/// One flow of a running sandbox. Its webhooks go over HTTP to a receiver of the stage's own, signed with the key of
/// the sandbox's handle.
#[derive(Debug)]
pub struct SandboxStage<'a> {
    sandbox: &'a Sandbox,
    flow: Flow,
    receiver: Receiver,
    endpoint: String,
}

impl<'a> SandboxStage<'a> {
    /// Sets the stage for a flow. The vendor's limits on calls are lifted, since they would depend on the speed of the
    /// machine.
    ///
    /// # Errors
    /// [`StageError`] where no receiver of webhooks can be set up.
    pub async fn set(sandbox: &'a Sandbox, flow: Flow) -> Result<Self, StageError> {
        flow.lift_limits(sandbox);
        let receiver = Receiver::start().await.map_err(StageError::new)?;
        let mut stage = Self { sandbox, flow, receiver, endpoint: String::new() };
        let url = stage.receiver.url();
        stage.endpoint = stage.vendor().add_webhook_endpoint(&url).map_err(StageError::new)?;
        Ok(stage)
    }

    fn vendor(&self) -> &'a Runtime {
        self.flow.vendor(self.sandbox)
    }
}

impl Drop for SandboxStage<'_> {
    fn drop(&mut self) {
        // The endpoint goes together with its receiver; where it is gone already there is nothing to do.
        let _ = self.vendor().remove_webhook_endpoint(&self.endpoint);
        self.vendor().clear_mischief();
    }
}

#[async_trait]
impl Stage for SandboxStage<'_> {
    fn flow(&self) -> &str {
        self.flow.name()
    }

    fn now(&self) -> Timestamp {
        self.sandbox.now().into()
    }

    async fn enter(&self) -> Result<Case, StageError> {
        self.flow.enter(self.sandbox, somebody())
    }

    async fn renew(&self, case: &mut Case) -> Result<(), StageError> {
        self.flow.simulated().renew(self.sandbox, case)
    }

    async fn act(&self, case: &Case, session: &SessionRef, act: &Act) -> Result<Acted, StageError> {
        let flow = self.flow.simulated();
        if let (Act::Expire, Some(lifetime)) = (act, flow.lifetime()) {
            self.sandbox.advance(lifetime);
            return Ok(Acted::DONE);
        }
        match self.vendor().act(flow.verification(case, session), &in_words_of_the_sandbox(act)?) {
            Ok(acted) => Ok(Acted::Done { redirect: acted.redirect_url }),
            Err(Error::NotPossible { why, .. }) => Ok(Acted::NotAtThisVendor { why }),
            Err(Error::NoOpenSession { .. }) => {
                Ok(Acted::NotAtThisVendor { why: "no page is open for the applicant" })
            }
            Err(error) => Err(StageError::new(error)),
        }
    }

    async fn arrange(&self, mishap: Mishap) -> Result<Acted, StageError> {
        let mischief = match mishap {
            Mishap::LostAnswer => {
                let fault = Fault::new(FaultKind::LostAnswer).operation(self.flow.simulated().start());
                self.vendor().add_fault(fault).map_err(StageError::new)?;
                return Ok(Acted::DONE);
            }
            Mishap::WebhookLost => Mischief::Lost,
            Mishap::WebhookTwice => Mischief::Duplicate,
            Mishap::WebhookOvertaken => Mischief::Reorder,
        };
        self.vendor().add_mischief(mischief).map_err(StageError::new)?;
        Ok(Acted::DONE)
    }

    async fn held(&self, case: &Case) -> Result<Held, StageError> {
        Ok(self.flow.simulated().held(self.sandbox, case))
    }

    async fn webhooks(&self) -> Result<Vec<Webhook>, StageError> {
        self.sandbox.webhooks_settled().await;
        Ok(self.receiver.take())
    }

    async fn advance(&self, by: Duration) -> Result<(), StageError> {
        self.sandbox.advance(by);
        Ok(())
    }
}

/// The inputs of a fictitious applicant. References differ, since vendors find sessions by them.
fn somebody() -> StartRequest {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    StartRequest::new(format!("story.{number}"))
        .first_name("Ada")
        .last_name("Sample")
        .email("ada@example.test")
        .phone("+15195550100")
        .redirect_url("https://app.example.test/back")
}

fn in_words_of_the_sandbox(act: &Act) -> Result<idv_sandbox::Act, StageError> {
    use idv_sandbox::Act as Simulated;
    Ok(match act {
        Act::Open => Simulated::Open,
        Act::Submit => Simulated::Submit,
        Act::Fail { reason } => Simulated::Fail { reason: in_words(*reason)? },
        Act::Leave => Simulated::Leave,
        Act::Approve => Simulated::Approve,
        Act::Reject { reason } => Simulated::Reject { reason: Some(in_words(*reason)?) },
        Act::Hold => Simulated::Hold,
        Act::RequireResubmission => Simulated::RequireResubmission,
        Act::Expire => Simulated::Expire,
        Act::Lapse => Simulated::Lapse,
        Act::Withdraw => Simulated::Void,
        Act::Say { word } => Simulated::Say { word: word.clone().into_owned() },
    })
}

fn in_words(reason: VerificationReason) -> Result<Reason, StageError> {
    Reason::new(reason.as_str()).map_err(StageError::new)
}
