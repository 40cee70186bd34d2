//! Simulated vendors on loopback.
