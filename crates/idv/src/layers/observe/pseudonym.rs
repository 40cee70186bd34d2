//! Pseudonyms of sessions and references, which only the holder of a key can resolve.

use std::fmt;

use idv_core::SessionRef;
use serde::{Serialize, Serializer};

use crate::util::keyed_hash::KeyedHash;

/// The pseudonym of a session, or of a caller's own reference, in logs and audit records: a keyed hash of 128 bits, written
/// as 32 hexadecimal digits. Under one key, the same session has the same pseudonym; without the key it cannot be linked to
/// its session, not even by trying references that are easy to guess.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[doc(alias = "pseudonymization")]
pub struct Pseudonym(u128);

impl Pseudonym {
    pub(super) fn of_session(hash: &KeyedHash, session: &SessionRef) -> Self {
        // A provider id has no colon, so no other session reads the same.
        Self(hash.of(&["session:", session.provider().as_str(), ":", session.key()]))
    }

    pub(super) fn of_reference(hash: &KeyedHash, reference: &str) -> Self {
        Self(hash.of(&["reference:", reference]))
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Pseudonym {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
