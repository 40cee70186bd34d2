//! A TCP proxy that can be cut.

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A way to a server.
#[derive(Debug)]
pub(super) struct Proxy {
    pub(super) port: u16,
    is_cut: watch::Sender<bool>,
}

impl Proxy {
    /// A way to the server at an address.
    pub(super) async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let is_cut = watch::Sender::new(false);
        let watched = is_cut.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server.clone(), watched.subscribe()));
            }
        });
        Self { port, is_cut }
    }

    /// Ends all connections, and lets no other begin.
    pub(super) fn cut(&self) {
        self.is_cut.send_replace(true);
    }

    pub(super) fn mend(&self) {
        self.is_cut.send_replace(false);
    }
}

async fn carry(mut client: TcpStream, server: String, mut is_cut: watch::Receiver<bool>) {
    if *is_cut.borrow_and_update() {
        return;
    }
    let Ok(mut server) = TcpStream::connect(server).await else { return };
    tokio::select! {
        _ = is_cut.wait_for(|is_cut| *is_cut) => {}
        _ = copy_bidirectional(&mut client, &mut server) => {}
    }
}
