//! The simulated vendors as stages (feature `sandbox`).
//!
//! ```
//! use idv_conformance::storyline::sandbox::{Flow, SandboxStage};
//! use idv_conformance::storyline::Storyline;
//! use idv_core::VerificationProvider;
//! use idv_sandbox::Sandbox;
//!
//! /// Prints what an application sees of every storyline. The provider has to be built for the sandbox's URL and keys.
//! async fn play(provider: &dyn VerificationProvider, sandbox: &Sandbox) -> Result<(), Box<dyn std::error::Error>> {
//!     let stage = SandboxStage::set(sandbox, Flow::SessionApi).await?;
//!     for storyline in Storyline::ALL {
//!         println!("{}", storyline.play(&stage, provider).await?);
//!     }
//!     Ok(())
//! }
//! ```

mod receiver;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use idv_core::{SessionRef, StartRequest, Timestamp};
use idv_sandbox::{Error, Fault, FaultKind, Mischief, OrganizationType, Reason, Runtime, Sandbox};

use super::{Act, Acted, Case, Held, Mishap, Stage, StageError, Webhook};
use receiver::Receiver;

/// The lifetime of an onboarding id, which expires long before the link: "typically 30-60 minutes" (Baanx, Generate KYC
/// Verification Session), of which the sandbox takes the longer.
const ONBOARDING_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// A flow that the sandbox simulates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Flow {
    /// nxos: organizations.
    Nxos,
    /// Baanx: registered users.
    BaanxUser,
    /// Baanx: users who are registering.
    BaanxRegistration,
    /// The session API, in the shape of deepidv.
    SessionApi,
}

impl Flow {
    /// All flows, in the order of the documentation.
    pub const ALL: [Self; 4] = [Self::Nxos, Self::BaanxUser, Self::BaanxRegistration, Self::SessionApi];

    /// The kind of the flow's provider.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Nxos => "nxos",
            Self::BaanxUser => "baanx-user",
            Self::BaanxRegistration => "baanx-registration",
            Self::SessionApi => "session-api",
        }
    }

    /// The sandbox's name for the operation that starts a session.
    const fn start(self) -> &'static str {
        match self {
            Self::Nxos | Self::SessionApi => "start",
            Self::BaanxUser => "start_user",
            Self::BaanxRegistration => "start_registration",
        }
    }
}

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
        sandbox.nxos().set_rate_limit(None);
        sandbox.session_api().set_rate_limits(None);
        let receiver = Receiver::start().await.map_err(StageError::new)?;
        let mut stage = Self { sandbox, flow, receiver, endpoint: String::new() };
        let url = stage.receiver.url();
        stage.endpoint = stage.vendor().add_webhook_endpoint(&url).map_err(StageError::new)?;
        Ok(stage)
    }

    /// The vendor of the flow, as far as all vendors are alike.
    fn vendor(&self) -> &'a Runtime {
        match self.flow {
            Flow::Nxos => self.sandbox.nxos(),
            Flow::BaanxUser | Flow::BaanxRegistration => self.sandbox.baanx(),
            Flow::SessionApi => self.sandbox.session_api(),
        }
    }

    fn perform(
        &self,
        case: &Case,
        session: &SessionRef,
        act: &idv_sandbox::Act,
    ) -> idv_sandbox::Result<idv_sandbox::Acted> {
        let id = if self.flow == Flow::SessionApi { session.key() } else { &case.subject };
        self.vendor().act(id, act)
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
        self.flow.kind()
    }

    fn now(&self) -> Timestamp {
        self.sandbox.now().into()
    }

    async fn enter(&self) -> Result<Case, StageError> {
        let start = somebody();
        Ok(match self.flow {
            Flow::Nxos => {
                let organization = self.sandbox.nxos().add_organization(OrganizationType::Business);
                Case { start: start.organization(&organization), subject: organization }
            }
            Flow::BaanxUser => {
                let user = self.sandbox.baanx().add_user("Ada", "Sample");
                Case { start: start.user_token(user.token), subject: user.user_id }
            }
            Flow::BaanxRegistration => {
                let id = self.sandbox.baanx().add_onboarding();
                let user = self.sandbox.baanx().onboarding_user(&id);
                let user =
                    user.ok_or_else(|| StageError::new("the sandbox has no user for an onboarding"))?;
                Case { start: start.onboarding_id(id), subject: user }
            }
            Flow::SessionApi => Case { subject: start.reference.clone(), start },
        })
    }

    async fn renew(&self, case: &mut Case) -> Result<(), StageError> {
        if self.flow == Flow::BaanxUser {
            let token = self.sandbox.baanx().issue_token(&case.subject).map_err(StageError::new)?;
            case.start = case.start.clone().user_token(token);
        }
        Ok(())
    }

    async fn act(&self, case: &Case, session: &SessionRef, act: &Act) -> Result<Acted, StageError> {
        if self.flow == Flow::BaanxRegistration && *act == Act::Expire {
            self.sandbox.advance(ONBOARDING_LIFETIME);
            return Ok(Acted::DONE);
        }
        match self.perform(case, session, &in_words_of_the_sandbox(act)?) {
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
                let fault = Fault::new(FaultKind::LostAnswer).operation(self.flow.start());
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
        Ok(match self.flow {
            Flow::Nxos => {
                let applicant = self.sandbox.nxos().applicant(&case.subject);
                Held { count: usize::from(applicant.is_some()), what: "applicant" }
            }
            Flow::BaanxUser | Flow::BaanxRegistration => {
                let user = self.sandbox.baanx().verification(&case.subject);
                Held { count: user.map_or(0, |user| user.open_pages.len()), what: "open session" }
            }
            Flow::SessionApi => {
                let sessions = self.sandbox.session_api();
                let of_case = |id: &String| {
                    let session = sessions.verification(id);
                    session.is_some_and(|session| session.external_id.as_ref() == Some(&case.subject))
                };
                Held { count: sessions.sessions().iter().filter(|id| of_case(id)).count(), what: "session" }
            }
        })
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
        Act::Leave => Simulated::Leave,
        Act::Approve => Simulated::Approve,
        Act::Reject { reason } => {
            let reason = Reason::new(reason.as_str()).map_err(StageError::new)?;
            Simulated::Reject { reason: Some(reason) }
        }
        Act::Hold => Simulated::Hold,
        Act::RequireResubmission => Simulated::RequireResubmission,
        Act::Expire => Simulated::Expire,
        Act::Lapse => Simulated::Lapse,
        Act::Say { word } => Simulated::Say { word: (*word).to_owned() },
    })
}
