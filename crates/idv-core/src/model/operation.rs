//! The operations of a provider.

use crate::string_enum::string_enum;

string_enum! {
    /// An operation of a provider.
    pub enum Operation {
        /// Open a session for an applicant.
        Start = "start",
        /// Get a fresh link or token for the same applicant.
        Refresh = "refresh",
        /// Read the current state at the vendor.
        Check = "check",
        /// Look for sessions by the caller's own reference.
        Find = "find",
        /// Take over a verification that was made elsewhere.
        Import = "import",
        /// Withdraw a session that is still open.
        Cancel = "cancel",
        /// Have the vendor delete the applicant's data.
        Erase = "erase",
        /// Read a return URL.
        Redirect = "redirect",
        /// Verify and read a webhook.
        Webhook = "webhook",
    }
}
