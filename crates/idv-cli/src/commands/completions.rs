//! `idv completions`.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::args::Args;
use crate::failure::Failure;
use crate::output;

pub(super) fn run(shell: Shell) -> Result<(), Failure> {
    // Written in one go: the generator panics where the reader goes away, as `head` does.
    let mut script = Vec::new();
    generate(shell, &mut Args::command(), "idv", &mut script);
    output::print_text(&String::from_utf8_lossy(&script))
}
