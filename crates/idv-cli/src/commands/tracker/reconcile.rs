//! `idv tracker reconcile`.

use crate::args::{Args, Reconcile};
use crate::failure::Failure;
use crate::output::{Document, Stored};
use crate::store;

pub(super) async fn run(args: &Args, options: &Reconcile) -> Result<(), Failure> {
    let drift = store::open(args).await?.reconcile(options.repair).await?;
    let repaired = options.repair;
    args.output().show(&Document::Stored(Stored::Drift { drift: &drift, repaired }))
}
