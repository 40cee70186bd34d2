//! Collects the vendors' webhooks, and delivers them in any order, some of them twice.

use std::time::Duration;

use idv::{ProviderId, WebhookOutcome, WebhookRequest};
use idv_conformance::storyline::Stage as _;
use sha2::{Digest as _, Sha256};

use super::Storm;
use super::books::Parcel;
use crate::http;

const REST: Duration = Duration::from_millis(10);

/// Fetches webhooks until the last act is done.
pub(super) async fn collect(storm: &Storm<'_>) {
    storm.books.complete(false);
    loop {
        let is_last = storm.books.is_closed();
        for place in &storm.places {
            let sent = place.stage.webhooks().await.unwrap().into_iter();
            let (flow, sent_at) = (place.flow, storm.sandbox.now());
            storm.books.add(sent.map(|webhook| Parcel { flow, webhook, is_copy: false, sent_at }));
        }
        if is_last {
            return storm.books.complete(true);
        }
        tokio::time::sleep(REST).await;
    }
}

/// Delivers webhooks until each of them got a 200.
pub(super) async fn deliver(storm: &Storm<'_>) {
    let registry = storm.registry();
    while !storm.books.is_done() {
        let Some(parcel) = storm.books.take(&storm.random, storm.sandbox.now()) else {
            tokio::time::sleep(REST).await;
            continue;
        };
        let provider: ProviderId = parcel.flow.id().parse().unwrap();
        let (headers, body) = (&parcel.webhook.headers, &parcel.webhook.body);
        let path = format!("/webhooks/{provider}");
        let answer = http::post(storm.port().await, &path, headers, body).await;
        let again = match answer {
            Ok((200, _)) => {
                let request = WebhookRequest::new(headers, body, idv::Timestamp::from(storm.sandbox.now()));
                let outcome = registry.verify_webhook(&provider, &request);
                if matches!(outcome, Ok(WebhookOutcome::Event(_))) {
                    storm.books.acknowledge(base16ct::lower::encode_string(&Sha256::digest(body)));
                }
                let count =
                    if parcel.is_copy { &storm.totals.duplicates } else { &storm.totals.acknowledged };
                count.add(1);
                (!parcel.is_old(storm.sandbox.now()) && storm.random.one_in(3))
                    .then(|| Parcel { is_copy: true, ..parcel })
            }
            Ok((503, _)) => {
                storm.totals.refused.add(1);
                tokio::time::sleep(REST).await;
                Some(parcel)
            }
            Ok((status, _)) => panic!("a webhook of {provider} was answered with {status}"),
            // The process died under it.
            Err(_) => {
                tokio::time::sleep(REST).await;
                Some(parcel)
            }
        };
        storm.books.put(again);
    }
}
