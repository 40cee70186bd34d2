//! Where a program with a counting allocator says what it counted.

/// What was allocated so far.
#[derive(Debug, Clone, Copy)]
pub struct Allocations {
    /// How often memory was taken or grown.
    pub count: u64,
    /// How many bytes are in use.
    pub in_use: u64,
}
