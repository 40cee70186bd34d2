//! `idv check`: the state, and where it is asked for the verified identity.

use super::arguments::{check_request, registry};
use crate::args::{Args, Check};
use crate::failure::Failure;
use crate::output::Document;

pub(super) async fn run(args: &Args, check: &Check) -> Result<(), Failure> {
    let mut request = check_request(&check.existing)?;
    request.identity = check.identity;
    let registry = registry(args)?;
    let verification = registry.check(&request).await?;
    args.output().show(&match check.identity {
        true => Document::Identified(&registry, &verification),
        false => Document::Verification(&registry, &verification),
    })
}
