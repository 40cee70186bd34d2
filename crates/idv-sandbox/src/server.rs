//! One loopback server: listening, serving, and stopping when dropped.

use std::error::Error as _;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tower_service::Service;

use crate::error::{Error, Result};
use crate::fault::Hangup;

/// A bound port that does not answer yet, so that the address can be put into the state of the server.
#[derive(Debug)]
pub(crate) struct Bound {
    listener: TcpListener,
    pub(crate) base_url: String,
}

impl Bound {
    /// Port 0 takes any free one.
    pub(crate) async fn new(port: u16) -> Result<Self> {
        let failed = |source| Error::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let base_url = format!("http://{}", listener.local_addr().map_err(failed)?);
        Ok(Self { listener, base_url })
    }

    pub(crate) fn serve(self, router: Router) -> Server {
        Server { task: tokio::spawn(accept(self.listener, router)) }
    }
}

/// A running server. Dropping it closes the port and every connection.
#[derive(Debug)]
pub(crate) struct Server {
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The connections belong to this task, which is why `axum::serve` is not used: its connections outlive it.
async fn accept(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, router.clone()));
                }
                // Out of file descriptors, most likely: spinning would not free any.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, router: Router) {
    // Without this, the delayed acknowledgements of loopback cost 40 ms on a second write.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut router = router.clone();
        async move {
            let Ok(response) = router.call(request).await;
            if response.extensions().get::<Hangup>().is_some() { Err(HungUp) } else { Ok(response) }
        }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), answer);
    // A client that goes away in mid-request is no concern of the server.
    if let Err(error) = Pin::new(&mut connection).await
        && error.source().is_some_and(|source| source.is::<HungUp>())
    {
        // Closing without lingering is what makes the reset.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// Why a connection is reset.
#[derive(Debug, thiserror::Error)]
#[error("a fault resets the connection")]
struct HungUp;
