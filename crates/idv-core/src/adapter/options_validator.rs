//! Options validation while a provider is built: all problems are reported at once.

use http::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;

use crate::signature::KeyError;
use crate::{BuildContext, ConfigProblem, HttpProblems, ProviderOptions, SecretSlip, SecretSource};

/// Characters of a webhook secret below which it is doubted. Standard Webhooks asks for 24 bytes or more.
const SHORTEST_SECRET: usize = 16;

/// Validator of the options of a provider: collects their problems; the counterpart of [`RequestValidator`](crate::RequestValidator) for
/// factories.
///
/// Each method gives the value, or `None` after it has noted a problem; [`into_errors`](Self::into_errors) ends the validator.
#[derive(Debug)]
#[must_use = "problems are lost unless they are returned"]
pub struct OptionsValidator<'a> {
    options: &'a ProviderOptions,
    context: &'a BuildContext,
    problems: Vec<ConfigProblem>,
    /// The places of values that could not be read: a further message there would be about a placeholder.
    unread: Vec<Vec<String>>,
}

impl<'a> OptionsValidator<'a> {
    /// Validates options that are read already.
    pub fn new(options: &'a ProviderOptions, context: &'a BuildContext) -> Self {
        Self { options, context, problems: Vec::new(), unread: Vec::new() }
    }

    /// Reads the options and opens a validator. A value that could not be read is noted, and a placeholder takes its place, so
    /// that the rest can be checked in the same go; nothing more is noted at a key that [is in doubt](Self::has_error_at). Without
    /// a value there are only problems to return.
    pub fn read<T: DeserializeOwned>(
        options: &'a ProviderOptions,
        context: &'a BuildContext,
    ) -> (Self, Option<T>) {
        let reading = options.read();
        (Self { options, context, problems: reading.problems, unread: reading.places }, reading.value)
    }

    /// Whether the value of a key, something in it, or the table or list that it stands in could not be read. It is a placeholder or
    /// absent, or a part of it is.
    #[must_use]
    pub fn has_error_at(&self, key: &str) -> bool {
        self.unread.iter().any(|unread| {
            // Of a list with an element that could not be read, nothing more is said.
            let known = unread.iter().take_while(|step| step.parse::<usize>().is_err());
            let mut steps = known.zip(key.split('.'));
            !unread.is_empty() && steps.all(|(unread, step)| unread == step)
        })
    }

    /// Whether nothing has been found wrong so far.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.problems.is_empty()
    }

    /// The keys that are given, also those that could not be read.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.options.keys()
    }

    /// The dependencies of the provider.
    #[must_use]
    pub fn context(&self) -> &'a BuildContext {
        self.context
    }

    /// Notes a problem at a key. The message must not repeat the value.
    pub fn add_error(&mut self, key: &str, message: impl Into<String>) {
        if self.has_error_at(key) {
            return;
        }
        self.problems.push(self.options.problem(key, message));
    }

    /// Adds problems that were found elsewhere, such as in a document that the options name.
    pub fn add_errors(&mut self, problems: impl IntoIterator<Item = ConfigProblem>) {
        self.problems.extend(problems);
    }

    /// The value of a result, after noting its error at a key.
    pub fn ok_or_add_error<T>(&mut self, key: &str, result: Result<T, impl ToString>) -> Option<T> {
        result.map_err(|error| self.add_error(key, error.to_string())).ok()
    }

    /// The client of a provider, after noting what is wrong with the HTTP options, each at its key in the table `http`.
    pub fn client<T>(&mut self, built: Result<T, HttpProblems>) -> Option<T> {
        let problems = match built {
            Ok(client) => return Some(client),
            Err(problems) => problems,
        };
        for (key, message) in problems {
            let key = ["http", &key].into_iter().filter(|key| !key.is_empty()).collect::<Vec<_>>().join(".");
            self.add_error(&key, message);
        }
        None
    }

    /// Reads a secret, and refuses a text that can hardly be the one that is meant: a placeholder, or a secret with
    /// something around it. See [`SecretSlip`].
    pub fn secret(&mut self, key: &str, source: &SecretSource) -> Option<SecretString> {
        self.secret_unless(SecretSlip::of, key, source)
    }

    fn secret_unless(
        &mut self,
        slip: fn(&str) -> Option<SecretSlip>,
        key: &str,
        source: &SecretSource,
    ) -> Option<SecretString> {
        let secret = self.context.secrets.resolve(source);
        let secret = self.ok_or_add_error(key, secret)?;
        if let Some(slip) = slip(secret.expose_secret()) {
            self.add_error(key, slip.to_string());
            return None;
        }
        Some(secret)
    }

    /// Notes webhook secrets that do not begin as the vendor documents, and those that are so short that they can be guessed:
    /// a guessed secret signs an approval. Secrets that cannot be read are skipped. An empty `prefix` is that of vendors
    /// which document none.
    pub fn warn_about_webhook_secrets(&mut self, prefix: &str, key: &str, sources: &[SecretSource]) {
        for (index, source) in sources.iter().enumerate() {
            let Ok(secret) = self.context.secrets.resolve(source) else { continue };
            let doubt = match secret.expose_secret().strip_prefix(prefix) {
                None => format!("does not begin with `{prefix}`, as documented"),
                Some(own) if own.len() < SHORTEST_SECRET => {
                    "is so short that it can be guessed: is it the whole secret?".to_owned()
                }
                Some(_) => continue,
            };
            self.add_error(&format!("{key}.{index}"), doubt);
        }
    }

    /// Reads several secrets. A problem with one is noted at its place in the list.
    pub fn secrets(&mut self, key: &str, sources: &[SecretSource]) -> Vec<SecretString> {
        self.numbered(key, sources, Self::secret)
    }

    /// Reads secrets of which each is all that a webhook's header holds. There `Bearer ` may be a part of the secret.
    pub fn shared_secrets(&mut self, key: &str, sources: &[SecretSource]) -> Vec<SecretString> {
        self.numbered(key, sources, |validator, key, source| {
            validator.secret_unless(SecretSlip::as_sent, key, source)
        })
    }

    /// Reads the secrets under which webhooks are signed, and makes a verifier of them. A problem with one, also for the
    /// scheme, is noted at its place in the list. `None` as well where there are none.
    pub fn signing_secrets<T>(
        &mut self,
        key: &str,
        sources: &[SecretSource],
        verifier: impl Fn(&[SecretString]) -> Result<T, KeyError>,
    ) -> Option<T> {
        let read = |validator: &mut Self, key: &str, source: &_| {
            Some((key.to_owned(), validator.secret(key, source)?))
        };
        let (places, secrets): (Vec<String>, Vec<SecretString>) =
            self.numbered(key, sources, read).into_iter().unzip();
        if secrets.is_empty() {
            return None;
        }
        let error = match verifier(&secrets) {
            Ok(verifier) => return Some(verifier),
            Err(error) => error,
        };
        let each = places.iter().zip(&secrets);
        let wrong = each.filter_map(|(place, secret)| {
            Some((place.as_str(), verifier(std::slice::from_ref(secret)).err()?))
        });
        let mut wrong: Vec<(&str, KeyError)> = wrong.collect();
        if wrong.is_empty() {
            wrong.push((key, error));
        }
        wrong.into_iter().for_each(|(place, error)| self.add_error(place, error.to_string()));
        None
    }

    fn numbered<T>(
        &mut self,
        key: &str,
        sources: &[SecretSource],
        read: impl Fn(&mut Self, &str, &SecretSource) -> Option<T>,
    ) -> Vec<T> {
        let numbered = sources.iter().enumerate();
        numbered.filter_map(|(index, source)| read(self, &format!("{key}.{index}"), source)).collect()
    }

    /// Reads a secret that goes into a header, behind a prefix. The value is marked as sensitive.
    pub fn secret_header(&mut self, key: &str, source: &SecretSource, prefix: &str) -> Option<HeaderValue> {
        let secret = self.secret(key, source)?;
        if !secret.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            self.add_error(
                key,
                "the secret has white space or other characters that cannot stand in a header",
            );
            return None;
        }
        let value = HeaderValue::try_from(format!("{prefix}{}", secret.expose_secret()));
        let mut value = self.ok_or_add_error(key, value)?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Reads the name of a header.
    pub fn header_name(&mut self, key: &str, name: &str) -> Option<HeaderName> {
        let parsed = HeaderName::try_from(name).map_err(|_| "this is not a header name");
        self.ok_or_add_error(key, parsed)
    }

    /// Everything that is wrong.
    #[must_use]
    pub fn into_errors(self) -> Vec<ConfigProblem> {
        self.problems
    }

    /// The value if nothing is wrong.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn finish<T>(self, built: Option<T>) -> Result<T, Vec<ConfigProblem>> {
        match built {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(self.problems),
        }
    }
}
