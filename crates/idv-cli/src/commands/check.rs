//! `idv check`: the state, and where it is asked for the verified identity.

use idv::{Registry, Verification};

use super::arguments::{check_request, registry};
use crate::args::{Args, Check};
use crate::failure::Failure;
use crate::output::Document;

pub(super) async fn run(args: &Args, check: &Check) -> Result<(), Failure> {
    let mut request = check_request(&check.existing)?;
    request.identity = check.identity;
    #[cfg(feature = "tracker")]
    if check.track {
        let tracker = crate::store::open(args).await?;
        let verification = tracker.check(&request).await?;
        return show(args, check, tracker.registry(), &verification);
    }
    let registry = registry(args)?;
    let verification = registry.check(&request).await?;
    show(args, check, &registry, &verification)
}

fn show(args: &Args, check: &Check, registry: &Registry, verification: &Verification) -> Result<(), Failure> {
    args.output().show(&match check.identity {
        true => Document::Identified(registry, verification),
        false => Document::Verification(registry, verification),
    })
}
