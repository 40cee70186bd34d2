//! The assurance of an event: how far it can be believed.

use crate::string_enum::string_enum;

string_enum! {
    /// The assurance of a webhook: how far it can be believed.
    pub enum Assurance {
        /// The body is signed: what it says is what the vendor said.
        Signed = "signed",
        /// The sender knew a shared secret; nothing binds the body to it.
        SharedSecret = "shared_secret",
        /// The vendor shows by nothing that it is the sender. Anybody may have sent it, so it is a reason to check and no more.
        Unsigned = "unsigned",
    }
}
