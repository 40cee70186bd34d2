//! A worker of a fleet.
use tokio::sync::watch;
pub(crate) async fn poll(_database: &str, _vendor: u16, _number: usize, _stop: watch::Receiver<bool>) {}
