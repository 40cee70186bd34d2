//! Input that the command line names: environment variables and files.

use std::path::Path;

use idv::{OnboardingId, Result, UserToken, files};

use crate::args::Credentials;
use crate::failure::usage;

/// The applicant's credentials for a request about a verification.
pub(crate) fn credentials(credentials: &Credentials) -> Result<(Option<UserToken>, Option<OnboardingId>)> {
    let token = user_token(credentials)?.map(Into::into);
    Ok((token, onboarding_id(credentials)?.map(Into::into)))
}

/// The applicant's token, from the variable that the command line names.
pub(crate) fn user_token(credentials: &Credentials) -> Result<Option<String>> {
    or_env(None, credentials.user_token_env.as_deref())
}

/// The onboarding id, from the command line or from the variable that it names.
pub(crate) fn onboarding_id(credentials: &Credentials) -> Result<Option<String>> {
    or_env(credentials.onboarding_id.clone(), credentials.onboarding_id_env.as_deref())
}

/// The value of an environment variable.
pub(crate) fn env(name: &str) -> Result<String> {
    std::env::var(name)
        .map_err(|_| usage(format!("the environment variable {name} is not set, or not UTF-8")))
}

/// The given value, else that of an environment variable.
pub(crate) fn or_env(given: Option<String>, name: Option<&str>) -> Result<Option<String>> {
    match (given, name) {
        (Some(given), _) => Ok(Some(given)),
        (None, Some(name)) => env(name).map(Some),
        (None, None) => Ok(None),
    }
}

/// The largest file that an option names, in bytes: 4 MiB. No webhook and no applicant takes as much.
const LIMIT: u64 = 4 << 20;

/// The bytes of a file; `-` is stdin.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    let read = match path == Path::new("-") {
        true => files::read_from(std::io::stdin().lock(), LIMIT),
        false => files::read(path, LIMIT),
    };
    read.map_err(|error| usage(format!("{} cannot be read: {error}", path.display())))
}
