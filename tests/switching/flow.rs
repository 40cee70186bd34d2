//! The providers of the configuration.

use idv::ProviderId;
use idv_conformance::storyline::sandbox::Flow as Simulated;

/// The providers. Two are of one kind at one vendor, and two are flows of one vendor. Plaid is not among them: its webhooks prove
/// nothing, so that no secret of theirs can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Flow {
    Primary,
    Europe,
    Cards,
    Signup,
    Sessions,
    Direct,
    Veriff,
    Stripe,
    Persona,
    Didit,
    Idenfy,
    Shufti,
    Onfido,
}

impl Flow {
    pub(crate) const ALL: [Self; 13] = [
        Self::Primary,
        Self::Europe,
        Self::Cards,
        Self::Signup,
        Self::Sessions,
        Self::Direct,
        Self::Veriff,
        Self::Stripe,
        Self::Persona,
        Self::Didit,
        Self::Idenfy,
        Self::Shufti,
        Self::Onfido,
    ];

    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Primary | Self::Europe => "nxos",
            Self::Cards => "baanx-user",
            Self::Signup => "baanx-registration",
            Self::Sessions | Self::Persona | Self::Didit | Self::Idenfy | Self::Shufti => "session-api",
            Self::Direct => "sumsub",
            Self::Veriff => "veriff",
            Self::Stripe => "stripe-identity",
            Self::Onfido => "onfido",
        }
    }

    /// The flow as the sandbox describes it.
    pub(crate) fn simulated(self) -> Simulated {
        let name = match self {
            Self::Persona => "persona",
            Self::Didit => "didit",
            Self::Idenfy => "idenfy",
            Self::Shufti => "shufti",
            _ => self.kind(),
        };
        Simulated::all().find(|flow| flow.name() == name).expect("the sandbox simulates every kind")
    }

    pub(crate) fn name(self) -> &'static str {
        if self == Self::Europe { "europe" } else { self.simulated().id() }
    }

    pub(crate) fn id(self) -> ProviderId {
        self.name().parse().unwrap()
    }

    pub(crate) fn named(id: &ProviderId) -> Self {
        let found = Self::ALL.into_iter().find(|flow| flow.name() == id.as_str());
        found.unwrap_or_else(|| panic!("no flow is called {id}"))
    }

    /// The option with the secrets of webhooks. The first of Veriff's signs requests as well.
    pub(crate) fn webhook_secrets(self) -> &'static str {
        if self == Self::Veriff { "shared_secrets" } else { "webhook_secrets" }
    }

    /// Whether the vendor knows an applicant before a session is started there.
    pub(crate) fn knows_everybody(self) -> bool {
        matches!(self, Self::Primary | Self::Europe | Self::Cards | Self::Signup)
    }
}
