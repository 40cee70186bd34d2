//! The delivery of a request that failed: whether it reached the vendor.

use crate::string_enum::string_enum;

string_enum! {
    /// The delivery: whether the request reached the vendor, so that a session could exist.
    pub enum Delivery {
        /// Nothing was sent.
        NotSent = "not_sent",
        /// It may have been processed: a time-out, a reset, an answer cut short.
        Unknown = "unknown",
        /// The vendor answered.
        Answered = "answered",
    }
}
