//! `idv providers`.

use idv::{Result, VerificationProvider};
use serde_json::{Value, json};

use crate::args::Args;
use crate::{commands, json, output, view};

pub(crate) fn run(args: &Args) -> Result<()> {
    let registry = commands::registry(args)?;
    let documents: Vec<Value> = registry.providers().map(|one| json::provider(&registry, one)).collect();
    output::print(args, json!({"providers": documents}), || {
        let all: Vec<&dyn VerificationProvider> = registry.providers().map(|one| &**one as _).collect();
        view::providers(&all, registry.active())
    });
    Ok(())
}
