//! For authors of adapters, and for applications that build a registry with parts of their own: factories, options and their
//! errors, request validation, URLs, webhook signatures, clock, randomness and secrets.

pub use idv_core::{
    BaseUrl, BaseUrlError, BuildContext, Clock, Entry, HttpOptions, HttpProblems, HumanDuration, JsonSchema,
    Location, OptionTable, OptionValue, OsRandomness, ProviderFactory, ProviderOptions, Randomness,
    RedirectNames, RedirectParameters, RedirectUrl, RedirectUrlError, Review, SecretResolver, SecretSlip,
    SecretSource, SensitiveText, Setup, UrlRule, is_variable_name, look_up, nearest_name, signature,
};

pub use crate::catalogue::Catalogue;
pub use crate::system::{ProcessSecrets, SystemClock};
