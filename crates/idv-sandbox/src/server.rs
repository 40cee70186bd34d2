//! A server: listening, serving, and stopping when dropped.

use std::error::Error as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
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
    listeners: Vec<TcpListener>,
    /// The base URL, on loopback whatever the listening address: clients take plain `http` nowhere else.
    pub(crate) base_url: String,
}

impl Bound {
    /// Binds a port; 0 takes any free one. For an address that is neither loopback nor unspecified, loopback is bound
    /// too.
    pub(crate) async fn new(host: IpAddr, port: u16) -> Result<Self> {
        let near = if host.is_ipv6() { IpAddr::V6(Ipv6Addr::LOCALHOST) } else { Ipv4Addr::LOCALHOST.into() };
        let is_alone = is_loopback(host) || host.is_unspecified();
        let first = listen(if is_alone { host } else { near }, port).await?;
        let address = first.local_addr().map_err(|source| Error::Listen { host, port, source })?;
        let port = address.port();
        let base_url = match host {
            _ if is_loopback(host) => address,
            IpAddr::V6(_) if host.is_unspecified() && answers_to_ipv4(port).await => {
                (Ipv4Addr::LOCALHOST, port).into()
            }
            _ => (near, port).into(),
        };
        let mut listeners = vec![first];
        if !is_alone {
            listeners.push(listen(host, port).await?);
        }
        Ok(Self { listeners, base_url: format!("http://{base_url}") })
    }

    /// Serves the router that `build` makes for the first connection: most tests use one or two ports of a sandbox, and
    /// the routers of the others would be most of its time and memory.
    pub(crate) fn serve<F: FnOnce() -> Router + Send + 'static>(self, build: F) -> Server {
        let router = Arc::new(LazyLock::new(build));
        let serve = |listener| tokio::spawn(accept(listener, router.clone()));
        Server { tasks: self.listeners.into_iter().map(serve).collect() }
    }
}

async fn listen(host: IpAddr, port: u16) -> Result<TcpListener> {
    TcpListener::bind((host, port)).await.map_err(|source| Error::Listen { host, port, source })
}

/// Whether an address is reachable from this machine only.
pub(crate) fn is_loopback(host: IpAddr) -> bool {
    host.to_canonical().is_loopback()
}

/// Whether the unspecified IPv6 address includes IPv4, as on most systems.
async fn answers_to_ipv4(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok()
}

/// A running server. Dropping it closes the port and every connection.
#[derive(Debug)]
pub(crate) struct Server {
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// Accepts connections, which belong to this task. `axum::serve` is not used because its connections outlive it.
async fn accept<F: FnOnce() -> Router>(listener: TcpListener, router: Arc<LazyLock<Router, F>>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, LazyLock::force(&router).clone()));
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

/// The error that resets a connection.
#[derive(Debug, thiserror::Error)]
#[error("a fault resets the connection")]
struct HungUp;
