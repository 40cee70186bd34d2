//! `idv import`.

use idv::{ImportRequest, Operation};

use super::arguments::{provider_id, registry};
use crate::args::{Args, Import};
use crate::failure::Failure;
use crate::input;
use crate::output::Document;
use crate::stop::seen_through;

pub(super) async fn run(args: &Args, import: &Import) -> Result<(), Failure> {
    let registry = registry(args)?;
    let mut request = ImportRequest::new(input::env(&import.share_token_env)?);
    request.organization.clone_from(&import.organization);
    let id = provider_id(&import.provider)?;
    let made = seen_through(Operation::Import, registry.import(&id, &request)).await?;
    let document = Document::Verification(&registry, &made);
    args.output().show_made(Operation::Import, &made.reference, &document)
}
