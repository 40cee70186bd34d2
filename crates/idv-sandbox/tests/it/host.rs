//! Listening on other addresses than loopback, as in a container.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};

use idv_sandbox::Sandbox;
use tokio::net::TcpStream;

use crate::support::{ask, client, get};

async fn at(host: impl Into<IpAddr>) -> Sandbox {
    Sandbox::builder().seed(7).host(host.into()).start().await.unwrap()
}

fn urls(sandbox: &Sandbox) -> [String; 4] {
    let vendors = [sandbox.nxos().base_url(), sandbox.baanx().base_url(), sandbox.session_api().base_url()];
    let [nxos, baanx, sessions] = vendors.map(str::to_owned);
    [nxos, baanx, sessions, sandbox.control_url().to_owned()]
}

fn port(url: &str) -> u16 {
    url.rsplit(':').next().unwrap().parse().unwrap()
}

/// The address from which this machine would speak to others; nothing is sent.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(("198.51.100.1", 9)).ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|address| !address.is_loopback() && !address.is_unspecified())
}

/// All of 127.0.0.0/8 is this machine on Linux, so another address of it stands for that of a network.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn all_addresses_are_listened_on_where_that_is_asked_for_and_one_otherwise() {
    let another = Ipv4Addr::new(127, 0, 0, 2);
    let (closed, open) = (Sandbox::start().await.unwrap(), at(Ipv4Addr::UNSPECIFIED).await);
    for (closed, open) in urls(&closed).iter().zip(urls(&open)) {
        assert!(TcpStream::connect((another, port(closed))).await.is_err(), "{closed}");
        assert!(TcpStream::connect((another, port(&open))).await.is_ok(), "{open}");
        assert!(open.starts_with("http://127.0.0.1:"), "an address that works is told: {open}");
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port(&open))).await.is_ok(), "{open}");
    }
    let there = at(another).await;
    for url in urls(&there) {
        assert_eq!(url, format!("http://{another}:{}", port(&url)));
        assert!(TcpStream::connect((another, port(&url))).await.is_ok());
    }
}

/// Clients take plain `http` on loopback only, so what is told is there too.
#[tokio::test]
async fn an_address_of_a_network_comes_with_loopback() {
    // A machine without any network has none.
    let Some(address) = own_address() else { return };
    let sandbox = at(address).await;
    for url in urls(&sandbox) {
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port(&url))).await.is_ok(), "{url}");
        assert!(TcpStream::connect((address, port(&url))).await.is_ok(), "{url}");
    }
}

#[tokio::test]
async fn an_address_that_is_not_of_this_machine_is_an_error_that_names_it() {
    let elsewhere: IpAddr = "198.51.100.7".parse().unwrap();
    let error = Sandbox::builder().host(elsewhere).start().await.unwrap_err();
    assert!(error.to_string().starts_with("the sandbox cannot listen on 198.51.100.7:"), "{error}");
}

#[tokio::test]
async fn all_addresses_of_ipv6_are_told_by_one_that_works() {
    // A machine without IPv6 has none.
    let Ok(sandbox) = Sandbox::builder().host(Ipv6Addr::UNSPECIFIED.into()).start().await else { return };
    for url in urls(&sandbox) {
        assert!(url.starts_with("http://127.0.0.1:") || url.starts_with("http://[::1]:"), "{url}");
    }
    assert_eq!(get(&format!("{}/health", sandbox.control_url())).await.status, 200);
}

/// A name that a stranger could have registered, and made to point here, is refused as before.
#[tokio::test]
async fn an_open_control_api_answers_to_names_of_containers_and_not_to_those_of_strangers() {
    let open = at(Ipv4Addr::UNSPECIFIED).await;
    let closed = Sandbox::start().await.unwrap();
    let status = async |sandbox: &Sandbox, host: &str| {
        let request = client().get(format!("{}/vendors", sandbox.control_url())).header("host", host);
        ask(request).await.status
    };
    for ours in [
        "sandbox:4000",
        "idv_sandbox",
        "host.docker.internal:4000",
        "mac.local",
        "172.17.0.2:4000",
        "[fd00::2]:4000",
    ] {
        assert_eq!((status(&open, ours).await, status(&closed, ours).await), (200, 403), "{ours}");
    }
    for strangers in [
        "evil.example",
        "sandbox.evil.example:4000",
        "local.evil.example",
        "172.17.0.2.evil.example",
        "evil.example.",
    ] {
        assert_eq!(
            (status(&open, strangers).await, status(&closed, strangers).await),
            (403, 403),
            "{strangers}"
        );
    }
    for local in ["localhost:4000", "127.0.0.1", "[::1]:4000"] {
        assert_eq!((status(&open, local).await, status(&closed, local).await), (200, 200), "{local}");
    }
}

#[tokio::test]
async fn an_open_control_api_is_driven_by_its_own_page_and_not_by_others() {
    let sandbox = at(Ipv4Addr::UNSPECIFIED).await;
    let url = format!("{}/nxos/webhook-secret/rotate", sandbox.control_url());
    for (origin, expected) in [
        ("http://sandbox:4000", 200),
        ("http://localhost:3000", 200),
        ("http://sandbox:4001", 403),
        ("http://another:4000", 403),
        ("http://172.17.0.2:4000", 403),
        ("https://evil.example", 403),
        ("null", 403),
    ] {
        let request = client().post(&url).header("host", "sandbox:4000").header("origin", origin);
        assert_eq!(ask(request).await.status, expected, "{origin}");
    }
}
