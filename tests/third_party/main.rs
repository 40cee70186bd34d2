//! A provider from outside: written with the published crates alone, and held to the same suite as the built-in ones.

mod subject;
mod veritas;

use subject::Documented;

// Layers change nothing: the same suite, alone and behind the layer that every registry adds.
idv_conformance::suite!(alone: Documented { shielded: false }, shielded: Documented { shielded: true });
