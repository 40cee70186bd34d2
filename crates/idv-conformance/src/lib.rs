//! The conformance kit of `idv`: what every provider has to get right, whoever wrote it.

pub mod storyline;
