//! The facts on which a routing decision is made.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use idv_core::{Capability, ProviderId, StartRequest, SubjectKind};

use super::EarlierApproval;

/// The facts of a new session on which its routing is decided.
///
/// ```
/// use idv::SubjectKind;
/// use idv::routing::RouteRequest;
///
/// let route = RouteRequest::new("case-7").country("DE").subject(SubjectKind::Business).attribute("tier", "gold");
/// assert_eq!(route.reference, "case-7");
/// ```
///
/// `Debug` shows of attributes their names only: they may hold personal data.
#[derive(Clone)]
#[non_exhaustive]
pub struct RouteRequest {
    /// The key of the share: usually the reference of the start. An application that verifies one person several times can
    /// give an id of the person, who then stays with one provider.
    pub reference: String,
    /// The applicant's country, as ISO 3166-1 alpha-2 code in either case: see [`CountryCode`](crate::CountryCode). With
    /// anything else no provider gets the session.
    pub country: Option<String>,
    /// Whom the verification is about.
    pub subject: Option<SubjectKind>,
    /// The workflow that is asked for.
    pub workflow: Option<String>,
    /// Further facts of the application, by name.
    pub attributes: BTreeMap<String, String>,
    /// Capabilities that the session needs of its provider, besides those of the rule.
    pub needs: BTreeSet<Capability>,
    /// Providers that must not get the session, such as an earlier vendor of the applicant.
    pub exclude: BTreeSet<ProviderId>,
    /// An approval that the applicant has already.
    pub earlier: Option<EarlierApproval>,
}

impl RouteRequest {
    /// A request of which nothing but the reference is known.
    #[must_use]
    pub fn new(reference: impl Into<String>) -> Self {
        Self {
            reference: reference.into(),
            country: None,
            subject: None,
            workflow: None,
            attributes: BTreeMap::new(),
            needs: BTreeSet::new(),
            exclude: BTreeSet::new(),
            earlier: None,
        }
    }

    /// Sets the applicant's country.
    #[must_use]
    pub fn country(mut self, code: impl Into<String>) -> Self {
        self.country = Some(code.into());
        self
    }

    /// Sets whom the verification is about.
    #[must_use]
    pub fn subject(mut self, kind: SubjectKind) -> Self {
        self.subject = Some(kind);
        self
    }

    /// Sets the workflow that is asked for.
    #[must_use]
    pub fn workflow(mut self, id: impl Into<String>) -> Self {
        self.workflow = Some(id.into());
        self
    }

    /// Adds an attribute that rules can test.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.insert(name.into(), value.into());
        self
    }

    /// Passes over providers that cannot do this.
    #[must_use]
    pub fn need(mut self, capability: Capability) -> Self {
        self.needs.insert(capability);
        self
    }

    /// Passes over a provider, such as an earlier vendor of the applicant.
    #[must_use]
    pub fn exclude(mut self, provider: ProviderId) -> Self {
        self.exclude.insert(provider);
        self
    }

    /// Names an approval that the applicant has already: the decision says whether it still counts.
    #[must_use]
    pub fn earlier(mut self, approval: EarlierApproval) -> Self {
        self.earlier = Some(approval);
        self
    }
}

impl From<&StartRequest> for RouteRequest {
    /// The facts that a start holds: reference, country, workflow and attributes.
    fn from(start: &StartRequest) -> Self {
        let mut route = Self::new(&start.reference);
        route.country.clone_from(&start.country);
        route.workflow.clone_from(&start.workflow);
        let attributes = start.attributes.iter();
        route.attributes =
            attributes.map(|(name, value)| (name.clone(), value.expose().to_owned())).collect();
        route
    }
}

impl fmt::Debug for RouteRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteRequest")
            .field("reference", &self.reference)
            .field("country", &self.country)
            .field("subject", &self.subject)
            .field("workflow", &self.workflow)
            .field("attributes", &self.attributes.keys())
            .field("needs", &self.needs)
            .field("exclude", &self.exclude)
            .field("earlier", &self.earlier)
            .finish()
    }
}
