//! The toolkit for authors of adapters: factories, validators, options, secrets, URLs and webhook signatures.

mod base_url;
mod context;
mod did_you_mean;
mod factory;
pub mod identity;
mod options;
mod options_validator;
mod redirect_url;
mod request_validator;
#[cfg(feature = "schema")]
mod schema;
mod secret_slip;
mod secret_source;
pub mod signature;
mod veriff_reasons;

pub use base_url::{BaseUrl, BaseUrlError};
pub use context::{BuildContext, HttpOptions, HttpProblems, OsRandomness, Randomness, SecretResolver};
pub use did_you_mean::did_you_mean;
pub use factory::{Adapter, BuiltProvider, JsonSchema, ProviderFactory};
pub use options::{Location, OptionEntry, OptionTable, OptionValue, ProviderOptions};
pub use options_validator::OptionsValidator;
pub use redirect_url::{RedirectUrl, RedirectUrlError};
pub use request_validator::RequestValidator;
pub use secret_slip::{SecretSlip, is_variable_name};
pub use secret_source::SecretSource;
pub use veriff_reasons::VERIFF_REASONS;
