//! The request of a start that is kept.

use idv::routing::RouteRequest;
use idv::{Correlation, ProviderId, StartRequest};

/// A start that the tracker keeps.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TrackedStart {
    /// The request. What is in it goes to the vendor and is not stored, apart from its reference and idempotency key.
    pub request: StartRequest,
    /// The purpose: starts of one reference and one purpose share one open session; default: empty.
    pub purpose: String,
    /// Another session, even if one is open.
    pub another: bool,
    /// The provider to ask, whatever `[routing]` says.
    pub provider: Option<ProviderId>,
    /// Facts for the routing besides the request.
    pub route: Option<RouteRequest>,
    /// Ids of the applicant at the vendor that the application knows already, such as the user id at Baanx: events that name
    /// nothing else are joined by them.
    pub known_as: Correlation,
}

impl TrackedStart {
    /// A start where the configuration sends it.
    #[must_use]
    pub fn new(request: StartRequest) -> Self {
        Self {
            request,
            purpose: String::new(),
            another: false,
            provider: None,
            route: None,
            known_as: Correlation::new(),
        }
    }

    /// Names the purpose, such as `onboarding`.
    #[must_use]
    pub fn purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = purpose.into();
        self
    }

    /// Opens another session, even if one is open for the same reference and purpose.
    #[must_use]
    pub fn another(mut self) -> Self {
        self.another = true;
        self
    }

    /// Asks one provider, whatever `[routing]` says.
    #[must_use]
    pub fn at(mut self, provider: ProviderId) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Names an id of the applicant at the vendor, such as [`Correlation::USER_ID`].
    #[must_use]
    pub fn known_as(mut self, name: &str, id: &str) -> Self {
        self.known_as = self.known_as.with(name, Some(id));
        self
    }

    /// Lets the routing take more into account.
    #[must_use]
    pub fn route(mut self, route: RouteRequest) -> Self {
        self.route = Some(route);
        self
    }
}

impl From<StartRequest> for TrackedStart {
    fn from(request: StartRequest) -> Self {
        Self::new(request)
    }
}
