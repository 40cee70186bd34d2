//! `idv providers`.

use idv::Result;
use serde_json::{Value, json};

use super::arguments;
use crate::args::Args;
use crate::failure::Failure;
use crate::{json, output, view};

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let registry = arguments::registry(args)?;
    let documents: Vec<Value> = registry.providers().map(|one| json::provider(&registry, &*one)).collect();
    output::print(args, json!({"providers": documents}), || view::providers(&registry))
}
