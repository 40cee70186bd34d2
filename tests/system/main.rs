//! The whole system against other people's programs.

mod prism;
mod webhook_oracles;
