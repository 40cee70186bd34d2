//! Options, and the facts that follow from them.

use std::time::Duration;

use idv_baanx::{REGISTRATION_KIND, USER_KIND};
use idv_core::{AfterRejection, Assurance, Certainty, Successor, VerificationReason, VerificationStatus};
use serde_json::{Value, json};

use crate::support::{Flow, assert_no_secret, options};

fn problems(flow: Flow, options: &Value) -> Vec<String> {
    flow.build(options).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn kinds_are_those_of_the_configuration() {
    assert_eq!((USER_KIND.as_str(), REGISTRATION_KIND.as_str()), ("baanx-user", "baanx-registration"));
    for flow in Flow::BOTH {
        assert_eq!(flow.factory().kind(), flow.offline().profile().kind);
        assert_eq!(flow.offline().id().as_str(), flow.id());
    }
}

#[test]
fn the_shortest_configuration_is_enough() {
    for flow in Flow::BOTH {
        let options = json!({"base_url": "https://dev.api.baanx.com", "client_key": "key-canary"});
        let provider = flow.build(&options).unwrap();
        assert_no_secret(&format!("{provider:?}"));
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    for flow in Flow::BOTH {
        let keys = match flow {
            Flow::User => "base_url, client_key, region, webhook_secrets, recheck_after",
            Flow::Registration => "base_url, client_key, region, webhook_secrets, recheck_after, successor",
        };
        let id = flow.id();
        let wrong = json!({"base_url": "http://canary.example", "client_kee": "canary", "region": "canary"});
        let found = problems(flow, &wrong);
        assert!(
            found.contains(&format!(
                "providers.{id}.client_kee: unknown key; did you mean `client_key`? Known keys: {keys}"
            )),
            "{found:#?}"
        );
        assert!(found.contains(&format!("providers.{id}.client_key: is required")), "{found:#?}");
        assert!(
            found.iter().any(|line| line.starts_with(&format!("providers.{id}.base_url: "))),
            "{found:#?}"
        );
        assert!(found.iter().any(|line| line.starts_with(&format!("providers.{id}.region: "))), "{found:#?}");
        assert_no_secret(&found.join("\n"));

        let unset = json!({
            "base_url": "https://baanx.example", "client_key": {"env": "UNSET_KEY"},
            "webhook_secrets": [{"env": "WEBHOOK_KEY"}, "", {"env": "UNSET_SECRET"}],
        });
        assert_eq!(
            problems(flow, &unset),
            [
                format!("providers.{id}.client_key: the environment variable UNSET_KEY is not set"),
                format!("providers.{id}.webhook_secrets.1: the secret is empty"),
                format!("providers.{id}.webhook_secrets.2: the environment variable UNSET_SECRET is not set"),
            ]
        );
        let mut broken = options("https://baanx.example");
        broken["client_key"] = json!("canary canary");
        assert_eq!(problems(flow, &broken).len(), 1);
        assert_no_secret(&problems(flow, &broken).join("\n"));
        assert_eq!(problems(flow, &json!({})).len(), 2, "base_url and client_key");
    }
}

#[test]
fn only_a_registration_has_a_successor() {
    let mut options = options("https://baanx.example");
    options["successor"] = json!("cards");
    assert!(problems(Flow::User, &options)[0].starts_with("providers.cards.successor: unknown key"));
    let provider = Flow::Registration.build(&options).unwrap();
    let via = Some(Successor::new("cards".parse().unwrap(), USER_KIND));
    assert_eq!(provider.profile().actions.rejected, AfterRejection::Retry { cooldown: None, via });
    options["successor"] = json!("not an id: canary");
    assert_no_secret(&problems(Flow::Registration, &options).join("\n"));
}

#[test]
fn the_profile_holds_the_documented_facts() {
    let hour = Duration::from_secs(3600);
    for (flow, link, limits) in [(Flow::User, 24 * hour, 3), (Flow::Registration, 7 * 24 * hour, 0)] {
        let provider = flow.offline();
        let profile = provider.profile();
        assert_eq!(profile.capabilities.webhooks, Some(Assurance::Signed));
        assert_eq!(profile.lifetimes[0].duration, link);
        assert_eq!(profile.lifetimes[0].certainty, Certainty::Estimated);
        assert_eq!(profile.limits.len(), limits);
        assert_eq!(profile.actions.cadence.applicant_busy, Duration::from_secs(5));
        assert_eq!(profile.actions.cadence.vendor_busy, Duration::from_secs(5));
        assert!(!profile.decision_times.is_empty() && !profile.documents.is_empty());
    }
    let us = Flow::User.in_the_us("https://baanx.example");
    let international = Flow::User.offline();
    assert_ne!(us.profile().decision_times, international.profile().decision_times);
    assert!(us.profile().documents.len() > international.profile().documents.len());
}

#[test]
fn the_mapping_is_printed_from_the_tables() {
    for flow in Flow::BOTH {
        let provider = flow.offline();
        let find = |surface: &str, word: &str| {
            let mut rows = provider.profile().mapping.iter();
            let row = rows.find(|row| row.surface.as_str() == surface && row.word == word).unwrap();
            (row.status, row.reason)
        };
        assert_eq!(find("rest", "PENDING"), (Some(VerificationStatus::InReview), None));
        assert_eq!(find("rest", "UNVERIFIED"), (Some(VerificationStatus::NotStarted), None));
        assert_eq!(find("webhook", "completed"), (Some(VerificationStatus::Approved), None));
        assert_eq!(find("webhook", "REJECTED"), (Some(VerificationStatus::Rejected), None));
        assert_eq!(find("failure code", "515"), (None, Some(VerificationReason::LivenessFailed)));
    }
}

#[cfg(feature = "schema")]
#[test]
fn the_schema_knows_every_key() {
    for flow in Flow::BOTH {
        let schema: Value = serde_json::from_str(flow.factory().schema().unwrap().as_str()).unwrap();
        let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
        let mut expected = vec!["base_url", "client_key", "recheck_after", "region", "webhook_secrets"];
        if flow == Flow::Registration {
            expected.insert(4, "successor");
        }
        assert_eq!(keys, expected);
        assert_eq!(schema["required"], json!(["base_url", "client_key"]));
        assert_eq!(schema["additionalProperties"], json!(false));
    }
}

#[cfg(not(feature = "schema"))]
#[test]
fn without_the_feature_there_is_no_schema() {
    assert!(Flow::BOTH.iter().all(|flow| flow.factory().schema().is_none()));
}
