//! The crate `async-stripe`: a start under an idempotency key, a check, and an event. Like ours, each call has a time limit.

use std::time::Duration;

use idv_bench::stripe_by_hand::{KEY, SESSION, WEBHOOK_SECRET};
use idv_bench::webhooks::Delivery;
use idv_bench::{Side, Vendors};
use stripe::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeRequest};
use stripe_misc::identity_verification_session::{
    CreateIdentityVerificationSession, CreateIdentityVerificationSessionType,
    RetrieveIdentityVerificationSession,
};
use tokio::runtime::Builder;

const NAME: &str = "async-stripe";
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn start() -> Side {
    calls(async |client| {
        let start = CreateIdentityVerificationSession::new()
            .type_(CreateIdentityVerificationSessionType::Document)
            .client_reference_id("case-7781");
        let key = IdempotencyKey::new_uuid_v4();
        start
            .customize()
            .request_strategy(RequestStrategy::Idempotent(key))
            .send(client)
            .await
            .expect("a session");
    })
}

pub(crate) fn check() -> Side {
    calls(async |client| {
        RetrieveIdentityVerificationSession::new(SESSION).send(client).await.expect("a session");
    })
}

pub(crate) fn webhook() -> Side {
    Side::new(NAME, || {
        let delivery = Delivery::stripe();
        move |times| {
            for _ in 0..times {
                let signature = delivery.headers.get("stripe-signature").expect("a signature");
                let signature = signature.to_str().expect("a text");
                let body = std::str::from_utf8(delivery.body).expect("UTF-8");
                let event = stripe_webhook::Webhook::construct_event(body, signature, WEBHOOK_SECRET);
                std::hint::black_box(event.expect("an authentic event"));
            }
        }
    })
}

fn calls(call: impl AsyncFn(&Client) + Copy + 'static) -> Side {
    Side::new(NAME, move || {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let vendors = Vendors::start();
        let client = ClientBuilder::new(KEY).url(format!("{}/", vendors.base_url)).timeout(PATIENCE);
        let client = client.build().expect("a client");
        move |times| {
            // The vendors play for as long as they are called.
            let _vendors = &vendors;
            runtime.block_on(async {
                for _ in 0..times {
                    call(&client).await;
                }
            });
        }
    })
}
