//! Measures processor time, and does things for a profiler.

use std::process::ExitCode;

fn main() -> ExitCode {
    idv_bench::main(None, |_| {})
}
