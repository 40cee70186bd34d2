//! `idv tracker status`.

use crate::args::Args;
use crate::failure::Failure;
use crate::output::{Document, Stored};
use crate::store;

pub(super) async fn run(args: &Args) -> Result<(), Failure> {
    let counts = store::open(args).await?.counts().await?;
    args.output().show(&Document::Stored(Stored::Counts(&counts)))
}
