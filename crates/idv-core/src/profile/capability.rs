//! The one list of capabilities of a provider.

use std::str::FromStr;

use serde::Serialize;

use crate::string_enum::string_enum;
use crate::{Assurance, Operation};

string_enum! {
    /// One of the [`Capabilities`] of a provider, by name. A routing rule can require it of the providers that it names.
    pub enum Capability {
        /// Fresh links for the same applicant.
        Refresh = "refresh",
        /// Search by the caller's own reference.
        Find = "find",
        /// Verifications made elsewhere can be taken over.
        Import = "import",
        /// A session that is still open can be withdrawn.
        Cancel = "cancel",
        /// The vendor deletes the applicant's data when it is told to.
        Erase = "erase",
        /// The browser comes back with parameters that can be read.
        Redirect = "redirect",
        /// Webhooks of any assurance.
        Webhooks = "webhooks",
        /// A token for the vendor's embedded component.
        Embed = "embed",
        /// A repeated start with the same idempotency key makes no second session.
        IdempotentStart = "idempotent_start",
        /// A check gives the verified identity where it is asked for.
        Identity = "identity",
    }
}

/// The capabilities of a provider. An operation whose capability is `false` or absent here returns `unsupported`.
///
/// ```
/// use idv_core::{Assurance, Capabilities, Capability};
///
/// const CAN: Capabilities = Capabilities::new().with_refresh().with_webhooks(Assurance::Signed);
/// assert!(CAN.has(Capability::Webhooks) && !CAN.has(Capability::Find));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Capabilities {
    /// Fresh links for the same applicant.
    pub refresh: bool,
    /// Search by the caller's own reference.
    pub find: bool,
    /// Verifications made elsewhere can be taken over.
    pub import: bool,
    /// A session that is still open can be withdrawn.
    pub cancel: bool,
    /// The vendor deletes the applicant's data when it is told to.
    pub erase: bool,
    /// The browser comes back with parameters that can be read.
    pub redirect: bool,
    /// Webhooks, and how far they can be believed.
    pub webhooks: Option<Assurance>,
    /// A session carries a token for the vendor's embedded component.
    pub embed: bool,
    /// A repeated start with the same idempotency key makes no second session.
    pub idempotent_start: bool,
    /// A check gives the [verified identity](crate::VerifiedIdentity) where it is asked for.
    pub identity: bool,
}

macro_rules! setters {
    ($($with:ident => $field:ident;)+) => {$(
        #[doc = concat!("Adds [`", stringify!($field), "`](Self::", stringify!($field), ").")]
        #[must_use]
        pub const fn $with(mut self) -> Self {
            self.$field = true;
            self
        }
    )+};
}

impl Capabilities {
    /// None but those that every provider has: start and check.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            refresh: false,
            find: false,
            import: false,
            cancel: false,
            erase: false,
            redirect: false,
            webhooks: None,
            embed: false,
            idempotent_start: false,
            identity: false,
        }
    }

    setters! {
        with_refresh => refresh;
        with_find => find;
        with_import => import;
        with_cancel => cancel;
        with_erase => erase;
        with_redirect => redirect;
        with_embed => embed;
        with_idempotent_start => idempotent_start;
        with_identity => identity;
    }

    /// Adds [`webhooks`](Self::webhooks) with their assurance.
    #[must_use]
    pub const fn with_webhooks(mut self, assurance: Assurance) -> Self {
        self.webhooks = Some(assurance);
        self
    }

    /// Whether a capability is among these.
    #[must_use]
    pub const fn has(&self, capability: Capability) -> bool {
        match capability {
            Capability::Refresh => self.refresh,
            Capability::Find => self.find,
            Capability::Import => self.import,
            Capability::Cancel => self.cancel,
            Capability::Erase => self.erase,
            Capability::Redirect => self.redirect,
            Capability::Webhooks => self.webhooks.is_some(),
            Capability::Embed => self.embed,
            Capability::IdempotentStart => self.idempotent_start,
            Capability::Identity => self.identity,
        }
    }

    /// The capabilities that are there, in the order of [`Capability::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = Capability> + use<> {
        let own = *self;
        Capability::ALL.iter().copied().filter(move |capability| own.has(*capability))
    }
}

impl Capability {
    /// The capability without which an operation is `unsupported`; `None` where every provider has it.
    #[must_use]
    pub const fn of(operation: Operation) -> Option<Self> {
        match operation {
            Operation::Start | Operation::Check => None,
            Operation::Refresh => Some(Self::Refresh),
            Operation::Find => Some(Self::Find),
            Operation::Import => Some(Self::Import),
            Operation::Cancel => Some(Self::Cancel),
            Operation::Erase => Some(Self::Erase),
            Operation::Redirect => Some(Self::Redirect),
            Operation::Webhook => Some(Self::Webhooks),
        }
    }
}

/// Why a text is not a [`Capability`]. It lists the words that are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected one of {}", known())]
#[non_exhaustive]
pub struct CapabilityError;

fn known() -> String {
    Capability::ALL.iter().map(|known| known.as_str()).collect::<Vec<_>>().join(", ")
}

impl FromStr for Capability {
    type Err = CapabilityError;

    fn from_str(word: &str) -> Result<Self, CapabilityError> {
        Self::ALL.iter().copied().find(|known| known.as_str() == word).ok_or(CapabilityError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Capabilities = Capabilities::new()
        .with_refresh()
        .with_find()
        .with_import()
        .with_cancel()
        .with_erase()
        .with_redirect()
        .with_webhooks(Assurance::SharedSecret)
        .with_embed()
        .with_idempotent_start()
        .with_identity();

    /// The words of the enum are the names of the fields, so programs find in JSON what they ask for by name.
    #[test]
    fn every_field_is_a_capability_and_can_be_set() {
        let json = serde_json::to_value(Capabilities::new()).unwrap();
        let mut words: Vec<&str> = Capability::ALL.iter().map(|one| one.as_str()).collect();
        words.sort_unstable();
        assert!(json.as_object().unwrap().keys().eq(words), "{json}");
        assert_eq!(Capabilities::new().iter().count(), 0);
        assert!(ALL.iter().eq(Capability::ALL.iter().copied()));
        assert_eq!(Capabilities::new(), Capabilities::default());
    }

    #[test]
    fn one_capability_is_that_one() {
        for (can, expected) in [
            (Capabilities::new().with_refresh(), Capability::Refresh),
            (Capabilities::new().with_find(), Capability::Find),
            (Capabilities::new().with_import(), Capability::Import),
            (Capabilities::new().with_cancel(), Capability::Cancel),
            (Capabilities::new().with_erase(), Capability::Erase),
            (Capabilities::new().with_redirect(), Capability::Redirect),
            (Capabilities::new().with_webhooks(Assurance::Signed), Capability::Webhooks),
            (Capabilities::new().with_embed(), Capability::Embed),
            (Capabilities::new().with_idempotent_start(), Capability::IdempotentStart),
            (Capabilities::new().with_identity(), Capability::Identity),
        ] {
            assert!(can.iter().eq([expected]), "{can:?}");
        }
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for capability in Capability::ALL {
            assert_eq!(capability.as_str().parse(), Ok(*capability));
        }
        let error = "Refresh".parse::<Capability>().unwrap_err().to_string();
        assert_eq!(
            error,
            "expected one of refresh, find, import, cancel, erase, redirect, webhooks, embed, idempotent_start, identity"
        );
    }
}
