//! The settings, from environment variables.

use std::collections::BTreeMap;
use std::env::{self, VarError};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::str::FromStr;

use secrecy::SecretString;
use url::Url;

/// The settings of the process.
#[derive(Debug)]
pub(crate) struct Settings {
    /// `HOST`: the address to listen on; default: 127.0.0.1.
    pub(crate) host: IpAddr,
    /// `PORT`: default 8080; 0 chooses a free one.
    pub(crate) port: u16,
    /// `INTERNAL_PORT`: of `/health` and `/metrics`; default 0.
    pub(crate) internal_port: u16,
    /// `PUBLIC_URL`: the address that browsers and vendors use; default: `http://127.0.0.1:PORT`.
    pub(crate) public_url: Option<Url>,
    /// `IDV_CONFIG`: the file with the vendors; without it they are simulated.
    pub(crate) configuration: Option<PathBuf>,
    /// `DATABASE_URL`: `sqlite://…` or `postgres://…`; default: the configuration's, or a temporary file for simulated vendors.
    pub(crate) database: Option<SecretString>,
    /// `ACCOUNTS`: `name:password,…`, needed with real vendors.
    pub(crate) accounts: Option<BTreeMap<String, SecretString>>,
    /// `WEBSDK_URL`: the script of the embedded component; default: the vendor's own.
    pub(crate) websdk: Url,
}

/// Where Sumsub serves the component that nxos embeds (nxos guide, "Embed the WebSDK").
const WEBSDK: &str = "https://static.sumsub.com/idensic/static/sns-websdk-builder.js";

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    /// A variable has another form.
    #[error("the environment variable {0} is not {1}")]
    Form(&'static str, &'static str),
    /// Real vendors are asked for by users whom nothing authenticates.
    #[error("IDV_CONFIG names real vendors, so ACCOUNTS has to name who may sign in: `name:password,…`")]
    NoAccounts,
}

impl Settings {
    /// Reads the environment.
    pub(crate) fn from_environment() -> Result<Self, SettingsError> {
        let configuration: Option<PathBuf> = variable("IDV_CONFIG", "a path")?;
        let accounts = text("ACCOUNTS")?.as_deref().map(accounts).transpose()?;
        if configuration.is_some() && accounts.is_none() {
            return Err(SettingsError::NoAccounts);
        }
        let public_url = variable("PUBLIC_URL", "a URL")?;
        if public_url.as_ref().is_some_and(|url| !is_secure(url)) {
            return Err(SettingsError::Form(
                "PUBLIC_URL",
                "an https URL, or http on loopback, without a path",
            ));
        }
        Ok(Self {
            host: variable("HOST", "an IP address")?.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            port: variable("PORT", "a port")?.unwrap_or(8080),
            internal_port: variable("INTERNAL_PORT", "a port")?.unwrap_or(0),
            public_url,
            configuration,
            database: text("DATABASE_URL")?.map(SecretString::from),
            accounts,
            websdk: variable("WEBSDK_URL", "a URL")?
                .map_or_else(|| WEBSDK.parse(), Ok)
                .map_err(|_| SettingsError::Form("WEBSDK_URL", "a URL"))?,
        })
    }
}

/// Cookies and links are only safe over TLS, or on the machine itself.
fn is_secure(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    (url.scheme() == "https" || (url.scheme() == "http" && is_loopback)) && url.path() == "/"
}

fn text(name: &'static str) -> Result<Option<String>, SettingsError> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(SettingsError::Form(name, "UTF-8")),
    }
}

fn variable<T: FromStr>(name: &'static str, form: &'static str) -> Result<Option<T>, SettingsError> {
    let value = text(name)?;
    value.map(|value| value.parse().map_err(|_| SettingsError::Form(name, form))).transpose()
}

fn accounts(text: &str) -> Result<BTreeMap<String, SecretString>, SettingsError> {
    let entry = |entry: &str| {
        let (name, password) = entry.trim().split_once(':').filter(|(_, password)| !password.is_empty())?;
        Some((name.to_owned(), SecretString::from(password.to_owned())))
    };
    let entries: Option<_> = text.split(',').map(entry).collect();
    entries.ok_or(SettingsError::Form("ACCOUNTS", "`name:password,…`"))
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn the_public_address_is_https_or_on_loopback() {
        let is_secure = |text: &str| is_secure(&text.parse().unwrap());
        assert!(
            is_secure("https://app.example")
                && is_secure("http://127.0.0.1:3000")
                && is_secure("http://localhost/")
        );
        assert!(
            !is_secure("http://app.example")
                && !is_secure("https://app.example/base")
                && !is_secure("ftp://localhost")
        );
    }

    #[test]
    fn accounts_have_names_and_passwords() {
        let read = accounts("ada:one, operator:two:three").unwrap();
        let read: Vec<_> =
            read.iter().map(|(name, password)| (name.as_str(), password.expose_secret())).collect();
        assert_eq!(read, [("ada", "one"), ("operator", "two:three")]);
        assert!(accounts("ada").is_err() && accounts("ada:").is_err() && accounts("").is_err());
    }
}
