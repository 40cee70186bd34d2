//! `idv find`.

use idv::FindRequest;

use super::arguments::{provider_id, registry};
use crate::args::{Args, Find};
use crate::failure::Failure;
use crate::output::Document;

pub(super) async fn run(args: &Args, find: &Find) -> Result<(), Failure> {
    let registry = registry(args)?;
    let request = FindRequest::new(&find.reference);
    let found = registry.find(&provider_id(&find.provider)?, &request).await?;
    args.output().show(&Document::Verifications(&registry, &found))
}
