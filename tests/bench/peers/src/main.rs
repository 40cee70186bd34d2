//! What `idv-bench` measures, and other libraries beside it. Those for Svix only verify, and leave parsing to their caller.
#![allow(clippy::expect_used, reason = "a measurement fails by panicking")]

mod stripe_peer;

use std::process::ExitCode;

use idv_bench::webhooks::{Delivery, SVIX_SECRET};
use idv_bench::{Case, Side};

fn main() -> ExitCode {
    // The other libraries bring two implementations, and rustls refuses to choose.
    rustls::crypto::ring::default_provider().install_default().expect("none is installed");
    idv_bench::main(None, |case| match case.name {
        "webhook nxos" => with_peers(case),
        "call stripe start" => case.sides.push(stripe_peer::start()),
        "call stripe check" => case.sides.push(stripe_peer::check()),
        "webhook stripe" => case.sides.push(stripe_peer::webhook()),
        _ => {}
    })
}

fn with_peers(case: &mut Case) {
    case.sides.push(Side::new("svix, verifying only", || {
        let (delivery, peer) =
            (Delivery::nxos(), svix::webhooks::Webhook::new(SVIX_SECRET).expect("a secret"));
        move |times| {
            for _ in 0..times {
                peer.verify(delivery.body, &delivery.headers).expect("an authentic webhook");
            }
        }
    }));
    case.sides.push(Side::new("standardwebhooks, verifying only", || {
        let (delivery, peer) =
            (Delivery::nxos(), standardwebhooks::Webhook::new(SVIX_SECRET).expect("a secret"));
        let headers = delivery.headers.iter().map(|(name, value)| {
            // It knows the names of the standard only.
            let name =
                name.as_str().replace("svix-", "webhook-").parse::<http::HeaderName>().expect("a name");
            (name, value.clone())
        });
        let headers: http::HeaderMap = headers.collect();
        move |times| {
            for _ in 0..times {
                peer.verify(delivery.body, &headers).expect("an authentic webhook");
            }
        }
    }));
}
