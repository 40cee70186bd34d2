//! The operations of a vendor, by which faults choose requests.

use axum::http::Method;

use crate::error::{Error, Result};

/// The operations of a vendor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operations {
    /// The names that a fault can have.
    pub(crate) names: &'static [&'static str],
    /// The operation that a request asks for, by its method and path.
    pub(crate) of: fn(&Method, &str) -> &'static str,
}

impl Operations {
    /// Refuses an operation name that the vendor does not have.
    pub(crate) fn check(&self, name: &str) -> Result<()> {
        if self.names.contains(&name) {
            return Ok(());
        }
        Err(Error::UnknownOperation { operation: name.to_owned(), known: self.names.join(", ") })
    }
}

/// Whether a fault for `wanted` hits `operation`.
pub(crate) fn is_meant(wanted: &str, operation: &str) -> bool {
    let flow = operation.strip_prefix(wanted);
    flow.is_some_and(|flow| flow.is_empty() || flow.starts_with('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_flow_means_both_flows() {
        assert!(
            is_meant("start", "start_user")
                && is_meant("start", "start")
                && is_meant("start_user", "start_user")
        );
        assert!(!is_meant("start_user", "start_registration") && !is_meant("start_user", "start"));
        assert!(!is_meant("check", "start_user") && !is_meant("star", "start"));
    }
}
