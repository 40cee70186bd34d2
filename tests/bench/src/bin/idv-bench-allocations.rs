//! Counts allocations. A program of its own, because counting takes time.

use std::alloc::System;
use std::process::ExitCode;

use idv_bench::Allocations;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn counted() -> Allocations {
    let stats = ALLOCATOR.stats();
    let in_use = stats.bytes_allocated.saturating_sub(stats.bytes_deallocated);
    Allocations { count: (stats.allocations + stats.reallocations) as u64, in_use: in_use as u64 }
}

fn main() -> ExitCode {
    idv_bench::main(Some(counted), |_| {})
}
