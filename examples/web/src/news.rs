//! Which verifications changed, for the pages that are open.

use idv_tracker::VerificationId;
use tokio::sync::broadcast;

/// Tells all open pages of this process of every transition.
#[derive(Debug)]
pub(crate) struct News(broadcast::Sender<VerificationId>);

impl Default for News {
    fn default() -> Self {
        Self(broadcast::Sender::new(1024))
    }
}

impl News {
    pub(crate) fn tell(&self, id: VerificationId) {
        // No page being open is no error.
        let _ = self.0.send(id);
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<VerificationId> {
        self.0.subscribe()
    }
}
