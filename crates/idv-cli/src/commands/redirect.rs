//! `idv redirect`.

use idv::Operation;

use super::arguments::{registry, session_ref};
use crate::args::{Args, Redirect};
use crate::failure::Failure;
use crate::output::Document;

pub(super) fn run(args: &Args, redirect: &Redirect) -> Result<(), Failure> {
    let session = session_ref(Operation::Redirect, &redirect.session)?;
    let outcome = registry(args)?.parse_redirect(&idv::Redirect::new(&session, &redirect.url))?;
    args.output().show(&Document::Redirect(&outcome))
}
