//! The fields of a JSON body.

use serde_json::{Map, Value};

use crate::call::Call;
use crate::vendors::sumsub::api::access::{Refusal, refusal};

pub(super) fn json_of(call: &Call) -> Result<Map<String, Value>, Refusal> {
    call.json().map_err(|why| refusal(400, why.message()))
}

pub(super) fn text(body: &Map<String, Value>, name: &str) -> Result<Option<String>, Refusal> {
    match body.get(name).filter(|value| !value.is_null()) {
        None => Ok(None),
        Some(Value::String(value)) => Ok(Some(value.clone())),
        Some(_) => Err(refusal(400, format!("{name} must be a string"))),
    }
}

pub(super) fn object(body: &Map<String, Value>, name: &str) -> Result<Map<String, Value>, Refusal> {
    match body.get(name).filter(|value| !value.is_null()) {
        None => Ok(Map::new()),
        Some(Value::Object(fields)) => Ok(fields.clone()),
        Some(_) => Err(refusal(400, format!("{name} must be an object"))),
    }
}
