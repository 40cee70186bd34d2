//! Values as they are stored.

use serde::Serialize;

use crate::StoreError;

pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::content("value that was about to be stored"))
}
