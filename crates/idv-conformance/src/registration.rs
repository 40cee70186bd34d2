//! The registration of checks: each file of a family lists the checks that it holds.

use std::fmt;
use std::pin::Pin;

use crate::cases::Cases;
use crate::condition::{Condition, Facts};
use crate::trial::Trial;

type Running<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// One check of the kit.
#[derive(Clone, Copy)]
pub struct Check {
    pub(crate) family: &'static str,
    pub(crate) name: &'static str,
    pub(crate) conditions: &'static [Condition],
    pub(crate) run: for<'a> fn(&'a Trial<'a>, &'a mut Cases) -> Running<'a>,
}

impl Check {
    /// The family, such as `webhook`.
    #[must_use]
    pub fn family(&self) -> &'static str {
        self.family
    }

    /// The name, such as `forgeries_are_refused`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// `family::name`.
    #[must_use]
    pub fn scenario(&self) -> String {
        format!("{}::{}", self.family, self.name)
    }

    /// The reason why the check does not apply; `None` where it does, or where only a run can tell.
    pub(crate) fn inapplicable(&self, facts: &Facts<'_>) -> Option<&'static str> {
        self.conditions.iter().find_map(|condition| condition.unmet(facts))
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.scenario())
    }
}

/// Registers the checks of a file under a family, each with the conditions under which it applies: `name if ONE & OTHER;`.
macro_rules! register {
    ($family:ident { $($name:ident $(if $($condition:ident)&+)?;)+ }) => {
        /// The checks of this file.
        pub(crate) const CHECKS: &[$crate::registration::Check] = &[$($crate::registration::Check {
            family: stringify!($family),
            name: stringify!($name),
            conditions: &[$($($condition),+)?],
            run: |trial, cases| Box::pin($name(trial, cases)),
        }),+];
    };
}
pub(crate) use register;
