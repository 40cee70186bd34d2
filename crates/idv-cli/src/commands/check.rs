//! `idv check`: the state, and where it is asked for the verified identity.

use idv::Result;
use serde_json::json;

use super::arguments::{check_request, registry};
use crate::args::{Args, Check};
use crate::failure::Failure;
use crate::{identity, json, output, view};

pub(super) async fn run(args: &Args, check: &Check) -> Result<(), Failure> {
    let mut request = check_request(&check.existing)?;
    request.identity = check.identity;
    let registry = registry(args)?;
    let verification = registry.check(&request).await?;
    let mut document = json::verification(&registry, &verification);
    if check.identity {
        document["identity"] = json!(verification.identity().map(identity::document));
    }
    output::print(args, json!({"verification": document}), || match check.identity {
        true => {
            format!("{}\n{}", view::verification(&verification), identity::view(&registry, &verification))
        }
        false => view::verification(&verification),
    })
}
