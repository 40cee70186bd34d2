//! The addresses of the application.

use std::error::Error;

use url::Url;

use crate::sandbox::Simulated;
use crate::settings::Settings;

/// The addresses of the application.
#[derive(Debug)]
pub(crate) struct Addresses {
    /// The application's own, as browsers and vendors see it.
    pub(crate) url: Url,
    /// Where vendors send applicants back to, without a nonce.
    pub(crate) return_url: Url,
    /// The script of the embedded component.
    pub(crate) websdk: Url,
    /// Where a person plays the vendor.
    pub(crate) simulation: Option<String>,
}

impl Addresses {
    pub(crate) fn new(
        settings: &Settings,
        port: u16,
        simulated: Option<&Simulated>,
    ) -> Result<Self, Box<dyn Error>> {
        let url = match &settings.public_url {
            Some(url) => url.clone(),
            None => format!("http://127.0.0.1:{port}/").parse()?,
        };
        Ok(Self {
            return_url: url.join("return")?,
            url,
            websdk: simulated.map_or_else(|| Ok(settings.websdk.clone()), Simulated::websdk)?,
            simulation: simulated.map(Simulated::operator_url),
        })
    }

    /// Whether browsers reach it over TLS; without, it is on loopback.
    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}
