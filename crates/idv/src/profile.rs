//! Facts about a provider, known without asking the vendor: capabilities, inputs, lifetimes, polling, limits and vocabulary.

pub use idv_core::{
    ActionPolicy, AfterRejection, Cadence, Capabilities, Capability, CapabilityError, InputNeed, InputTable,
    Lifetime, Limit, LimitScope, MappingRow, NotStarted, Note, PolicyAction, ProviderProfile, Successor,
    Surface,
};
