//! For authors of adapters, and for applications that build a registry with parts of their own: factories, options and their
//! errors, request validation, URLs, webhook signatures, clock, randomness and secrets.

pub use idv_core::{
    Adapter, BaseUrl, BaseUrlError, BuildContext, BuiltProvider, Clock, HttpOptions, HttpProblems,
    HumanDuration, JsonSchema, Location, OptionEntry, OptionTable, OptionValue, OptionsValidator,
    OsRandomness, ProviderFactory, ProviderOptions, Randomness, RedirectNames, RedirectParameters,
    RedirectUrl, RedirectUrlError, RequestValidator, SecretResolver, SecretSlip, SecretSource, SensitiveText,
    UrlRule, did_you_mean, identity, is_variable_name, lookup_ignore_case, signature,
};

#[cfg(feature = "session-api")]
pub use idv_session_api::{Description, SampleOutcome};

pub use crate::catalogue::Catalogue;
pub use crate::util::system::{ProcessSecrets, SystemClock};
