//! Reasons why a delivery cannot be set up.

/// The reason why a [`Delivery`](crate::Delivery) cannot be set up. It repeats neither the URL nor a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// Not an absolute URL, plain `http` to another machine, or another scheme.
    #[error("the application's URL is not an absolute `https` URL (`http` is accepted on loopback only)")]
    Url,
    /// A user name or a password.
    #[error(
        "the application's URL must not have a user name or a password in it: the signature is what it can trust"
    )]
    Credentials,
    /// No secret.
    #[error("a delivery needs at least one secret")]
    NoSecret,
    /// A secret in another form.
    #[error("secret {number} of the delivery is not `whsec_` followed by the base64 of 24 to 64 bytes")]
    Secret {
        /// Which one, from 1.
        number: usize,
    },
    /// The proxy or an authority cannot be used.
    #[error("the HTTP options of the delivery: {0}")]
    Http(String),
}
