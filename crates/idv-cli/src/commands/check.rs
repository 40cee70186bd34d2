//! `idv check`.

use super::arguments::{check_request, registry};
use crate::args::{Args, Existing};
use crate::failure::Failure;
use crate::output::Document;

pub(super) async fn run(args: &Args, existing: &Existing) -> Result<(), Failure> {
    let request = check_request(existing)?;
    let registry = registry(args)?;
    let verification = registry.check(&request).await?;
    args.output().show(&Document::Verification(&registry, &verification))
}
