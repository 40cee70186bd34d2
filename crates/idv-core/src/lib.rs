//! The contract of `idv`.
