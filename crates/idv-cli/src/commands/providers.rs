//! `idv providers`.

use super::arguments::registry;
use crate::args::Args;
use crate::failure::Failure;
use crate::output::Document;

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    args.output().show(&Document::Providers(&registry(args)?))
}
