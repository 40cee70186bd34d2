//! How long a worker's loops pause.

use std::time::Duration;

/// After a round in which nothing was due.
pub(crate) const REST: Duration = Duration::from_millis(500);

/// After an error of the database.
pub(crate) const LONG_REST: Duration = Duration::from_secs(2);
