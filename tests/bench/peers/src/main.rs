//! What `idv-bench` measures, and other libraries beside it: they only verify, and leave parsing to their caller.
#![allow(clippy::expect_used, reason = "a measurement fails by panicking")]

use std::process::ExitCode;

use idv_bench::webhooks::{Delivery, SVIX_SECRET};
use idv_bench::{Case, Side};

fn main() -> ExitCode {
    idv_bench::main(None, |case| {
        if case.name == "webhook nxos" {
            with_peers(case);
        }
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
