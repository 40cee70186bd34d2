//! Signatures whose keys, bodies and digests are written out. They were made with another implementation of HMAC, from the vendors'
//! documentation.

use http::{HeaderMap, HeaderName};
use secrecy::SecretString;

use super::{HmacAlgorithm, SignatureScheme, sign_hex};
use crate::signature::{HmacForm, SuffixForm};
use crate::{ErrorKind, Timestamp, WebhookRequest};

const HEADER: HeaderName = HeaderName::from_static("x-signature");

/// A signed body.
struct Golden {
    algorithm: HmacAlgorithm,
    key: &'static str,
    body: &'static str,
    signature: &'static str,
}

const SUMSUB_REVIEWED: &str = r#"{"applicantId":"66f0a1b2c3d4e5f601234567","externalUserId":"user-7","type":"applicantReviewed","reviewStatus":"completed","reviewResult":{"reviewAnswer":"GREEN"},"createdAtMs":"2026-07-01 09:12:44.481"}"#;
const ONFIDO: &str = r#"{"payload":{"resource_type":"workflow_run","action":"workflow_run.completed","object":{"id":"0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d","status":"approved","completed_at_iso8601":"2026-07-01T09:00:00Z","href":"https://api.eu.onfido.com/v3.6/workflow_runs/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"}}}"#;
const PERSONA: &str = r#"{"data":{"type":"event","id":"evt_sim0000000000000001","attributes":{"name":"inquiry.approved","created-at":"2026-07-01T09:00:00.000Z","payload":{"data":{"type":"inquiry","id":"inq_sim000000000000000001","attributes":{"status":"approved","reference-id":"user-42"}}}}}}"#;
const STRIPE_VERIFIED: &str = r#"{"id":"evt_sim_1","object":"event","type":"identity.verification_session.verified","created":1783000100,"livemode":false,"data":{"object":{"id":"vs_sim_1","object":"identity.verification_session","status":"verified","client_reference_id":"user-7"}}}"#;
const STRIPE_REQUIRES_INPUT: &str = r#"{"id":"evt_sim_2","object":"event","type":"identity.verification_session.requires_input","created":1783000200,"data":{"object":{"id":"vs_sim_1","status":"requires_input","last_error":{"code":"document_expired"}}}}"#;

/// Webhooks whose raw body alone is signed.
const BODIES: &[Golden] = &[
    Golden {
        algorithm: HmacAlgorithm::Sha1,
        key: "vk-sumsub-webhook-02",
        body: SUMSUB_REVIEWED,
        signature: "5814af7f59d1b6877b445853f665e41f2b644fad",
    },
    Golden {
        algorithm: HmacAlgorithm::Sha256,
        key: "vk-sumsub-webhook-02",
        body: SUMSUB_REVIEWED,
        signature: "e79fcc5fe933f071170ce42dd6b1cf3e860cf2fcefd8995c67e96d358f70c36b",
    },
    Golden {
        algorithm: HmacAlgorithm::Sha512,
        key: "vk-sumsub-webhook-02",
        body: SUMSUB_REVIEWED,
        signature: "0b3c4d5baa9b2bb4572e8e6f9047824334965ecf591abb26c0e64d15fb0a09c4f0e2ea718d98109a16fdee540b2d1959a787745a736a29ec1bed892679052cfd",
    },
    Golden {
        algorithm: HmacAlgorithm::Sha256,
        key: "vk-sumsub-webhook-02",
        body: r#"{"type":"applicantReset","externalUserId":"user-7","reviewStatus":"init","note":"café"}"#,
        signature: "2cac49d1d771c22589a2b4bf2c65ced2ede668da0397b3d91be19420ac6ac154",
    },
    Golden {
        algorithm: HmacAlgorithm::Sha256,
        key: "vk-veriff-shared-03",
        body: r#"{"status":"success","verification":{"id":"8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10","attemptId":"3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a","status":"resubmission_requested","code":9103,"vendorData":"user-7"}}"#,
        signature: "db52f5063cb33bdcc98aa334b2ccbf3f746a234d9ed49084f50d9c97e1078c1f",
    },
    Golden {
        algorithm: HmacAlgorithm::Sha256,
        key: "vk-veriff-shared-03",
        body: r#"{"id":"8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10","attemptId":"3b6f2c1e-0d11-4c6b-8a55-6f1d2e3c4b5a","feature":"selfid","code":7002,"action":"submitted","vendorData":"user-7"}"#,
        signature: "89f781957f680e1af4825bcce7ce6b60ca69f3272728136a2550bc39325f23c7",
    },
    Golden {
        algorithm: HmacAlgorithm::Sha256,
        key: "sim-onfido-token",
        body: ONFIDO,
        signature: "d17a022886d9f804200215f6df92c533e90cb1c73193bb1f60db9ca08963e85a",
    },
    Golden {
        algorithm: HmacAlgorithm::Sha256,
        key: "sim-onfido-token-2",
        body: ONFIDO,
        signature: "9af0c6de065466a8480ce77b439de6336225b6efd281af50da242b92cf2cde7c",
    },
    Golden {
        algorithm: HmacAlgorithm::Sha256,
        key: "sim-didit-secret",
        body: r#"{"created_at":1782896400,"decision":{"name":"José","score":95.0},"environment":"live","event_id":"evt_sim_0001","session_id":"5f0c1b2a-1111-4222-8333-444455556666","status":"In Review","timestamp":1782896400,"vendor_data":"user-42","webhook_type":"status.updated","workflow_id":"7a7a7a7a-0000-4000-8000-000000000001"}"#,
        signature: "e65c23dc2eba4640ec6838d9d664a10ad5bd038029409af4484bb5ad8940ed6d",
    },
];

/// Requests that are signed: of Sumsub the time, the method, the path and the body; of Veriff the body, or the id of a session.
const REQUESTS: &[(&str, &[&str], &str)] = &[
    (
        "vk-sumsub-secret-01",
        &[
            "1783000000",
            "POST",
            "/resources/sdkIntegrations/levels/-/websdkLink?lang=en",
            r#"{"levelName":"sim level+kyc","userId":"user 7/é","ttlInSecs":1800}"#,
        ],
        "d5a746b30fa106e5e520efb67e1e7bec6c89c07b8f7d9e5b42e35925b24ddd08",
    ),
    (
        "vk-sumsub-secret-01",
        &["1783000001", "GET", "/resources/applicants/-;externalUserId=user%207%2F%C3%A9/one"],
        "0b0c8adcbda38ebabc374c6d9c0c8eded4e0dfbe991d7af56b1146cfea9b2b88",
    ),
    (
        "vk-sumsub-secret-01",
        &[
            "1783000002",
            "POST",
            "/resources/applicants?levelName=sim%20level%2Bkyc",
            r#"{"externalUserId":"user-7","type":"individual"}"#,
        ],
        "05956d4edbec1ba01df455162648e7f485d14f98f6b9aa6f23f96b5da0775bca",
    ),
    (
        "vk-sumsub-secret-01",
        &["1783000003", "PATCH", "/resources/applicants/66f0a1b2c3d4e5f601234567/presence/deactivated"],
        "f7f353597cc489ea47b2c2db65ba67290ac46b4a335fb2abfac1bbd1faefe880",
    ),
    (
        "vk-sumsub-secret-01",
        &["1783000004", "POST", "/resources/applicants/66f0a1b2c3d4e5f601234567/reset"],
        "39626815ca99f56adea90acbe1bbda7690a6546d78482784191393c590fd52e9",
    ),
    (
        "vk-veriff-shared-03",
        &[r#"{"verification":{"callback":"https://app.example/back","vendorData":"user-7"}}"#],
        "211361151baccf43a6cd30b604ecad38453d9354372b0d80f7d952afe8012d85",
    ),
    (
        "vk-veriff-shared-03",
        &["8f0f6a3e-6f3e-4a43-9b7c-2d4c1f0e9a10"],
        "d3b3c53e0d91f6e2b14b0c60431f864fdba4f34bc7aacc3adc26e97e4024e640",
    ),
    (
        "vk-veriff-shared-03",
        &[r#"{"verification":{"status":"submitted"}}"#],
        "96565a797833c83d514f245bb9a912ecd54f62d5e5be6204cfe8005ddcd97140",
    ),
    (
        "vk-veriff-shared-03",
        &[r#"{"status":"success","verification":null}"#],
        "1893eb267504d01a58d67f85322ac7bee262459bed355ef4992ad57d45da0101",
    ),
];

/// Whether a scheme with one key finds a header with a body authentic.
fn verify(scheme: &SignatureScheme, key: &str, value: &str, at: i64, body: &[u8]) -> bool {
    let headers: HeaderMap = [(HEADER, value.parse().unwrap())].into_iter().collect();
    let request = WebhookRequest::new(&headers, body, Timestamp::from_unix_seconds(at));
    match scheme.verifier(&[SecretString::from(key)]).unwrap().verify(&request) {
        Ok(id) => {
            assert_eq!(id, None, "neither scheme has an id");
            true
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::WebhookRejected);
            false
        }
    }
}

fn in_hex(algorithm: HmacAlgorithm) -> SignatureScheme {
    SignatureScheme::Hmac(HmacForm::new(algorithm, HEADER))
}

/// The text with another last digit or letter.
fn changed(text: &str) -> String {
    let at = text.rfind(|letter: char| letter.is_ascii_alphanumeric()).unwrap();
    let other = if &text[at..=at] == "0" { "1" } else { "0" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

#[test]
fn bodies_are_verified_under_the_configured_hash_function_alone() {
    for Golden { algorithm, key, body, signature } in BODIES {
        for configured in HmacAlgorithm::ALL {
            let authentic = verify(&in_hex(*configured), key, signature, 0, body.as_bytes());
            assert_eq!(authentic, configured == algorithm, "{configured}: {body}");
        }
        let scheme = in_hex(*algorithm);
        assert!(verify(&scheme, key, &signature.to_ascii_uppercase(), 0, body.as_bytes()));
        assert!(!verify(&scheme, key, signature, 0, changed(body).as_bytes()), "{body}");
        assert!(!verify(&scheme, key, &changed(signature), 0, body.as_bytes()), "{body}");
        assert!(!verify(&scheme, &changed(key), signature, 0, body.as_bytes()), "{body}");
    }
}

/// Didit's other signatures of the same body are of a rewritten body, or of one with the time before it.
#[test]
fn a_signature_of_something_else_than_the_body_is_refused() {
    let didit = BODIES.last().unwrap();
    for other in [
        "aa73a0a673e88a39c542fac0427fae933de44cee3b69da2cb61538efab85fc82",
        "fd3eadf5d30d6a85a5fcb020e35355ae819d48a2178b5abf25ebf0a1ced3ba56",
        "8fdc76e3861da856cc554ddd9c5bf1388acffaa745815208f68558a4fc4276aa",
        "54cdeb2da5b575acebe2ffb70aca13ce99d0ed3b0da8295052c94ad914b81fe7",
    ] {
        assert!(!verify(&in_hex(didit.algorithm), didit.key, other, 0, didit.body.as_bytes()), "{other}");
    }
}

#[test]
fn requests_are_signed_as_the_vendors_document_it() {
    for (key, parts, signature) in REQUESTS {
        let key = SecretString::from(*key);
        let parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
        assert_eq!(sign_hex(HmacAlgorithm::Sha256, &key, &parts), *signature);
        let whole = parts.concat();
        assert_eq!(
            sign_hex(HmacAlgorithm::Sha256, &key, &[&whole]),
            *signature,
            "parts are joined by nothing"
        );
    }
    for Golden { algorithm, key, body, signature } in BODIES {
        assert_eq!(sign_hex(*algorithm, &SecretString::from(*key), &[body.as_bytes()]), *signature);
    }
}

fn timestamped(algorithm: HmacAlgorithm) -> SignatureScheme {
    let form = HmacForm::new(algorithm, HEADER);
    SignatureScheme::Hmac(form.with_templates("t={time},v1={signature}", "{time}.{body}", None).unwrap())
}

#[test]
fn a_stripe_signature_is_verified() {
    let (key, at) = ("whsec_vkstripe0004", 1_783_000_100);
    let header = "t=1783000100,v1=10395ec7e3df70b33f2d9dd061b8975907e77507b2eac33ad169401ca938aa6f";
    let other = "v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39";
    let body = STRIPE_VERIFIED.as_bytes();
    for header in [header.to_owned(), format!("{header},{other}"), format!("{other},{header}")] {
        assert!(verify(&timestamped(HmacAlgorithm::Sha256), key, &header, at, body), "{header}");
    }
    for (seconds, fresh) in [(-301, false), (-300, true), (300, true), (301, false)] {
        assert_eq!(
            verify(&timestamped(HmacAlgorithm::Sha256), key, header, at + seconds, body),
            fresh,
            "{seconds}"
        );
    }
    for wrong in [
        changed(header),
        header.replace("t=1783000100", "t=1783000101"),
        header.replace("v1=", "v0="),
        header.replace("t=1783000100,", ""),
    ] {
        assert!(!verify(&timestamped(HmacAlgorithm::Sha256), key, &wrong, at, body), "{wrong}");
    }
    assert!(!verify(
        &timestamped(HmacAlgorithm::Sha256),
        key,
        header,
        at,
        changed(STRIPE_VERIFIED).as_bytes()
    ));
    assert!(
        !verify(&timestamped(HmacAlgorithm::Sha256), "vkstripe0004", header, at, body),
        "the key is the whole text"
    );
    for algorithm in [HmacAlgorithm::Sha1, HmacAlgorithm::Sha512] {
        let scheme = timestamped(algorithm);
        assert!(!verify(&scheme, key, header, at, body), "{algorithm}");
    }
}

#[test]
fn a_stripe_signature_during_a_rotation_is_verified_under_either_key() {
    let new = "v1=8512e0537e1905dfd429e4cc702ae269a85a7b4b0d7f4ccab4068b6480c5aca6";
    let old = "v1=012aefe1ce75de15d57f726a756a958cc11dd0ac81a44568e3c379de956017bd";
    let verify = |key: &str, header: &str| {
        verify(
            &timestamped(HmacAlgorithm::Sha256),
            key,
            header,
            1_783_000_200,
            STRIPE_REQUIRES_INPUT.as_bytes(),
        )
    };
    for header in [format!("t=1783000200,{old},{new}"), format!("t=1783000200,{new},{old}")] {
        assert!(verify("whsec_vkstripe0004", &header) && verify("whsec_vkstripe_old", &header), "{header}");
        assert!(!verify("whsec_vkstripe_none", &header));
    }
    assert!(!verify("whsec_vkstripe0004", &format!("t=1783000200,{old}")));
}

#[test]
fn a_persona_signature_during_a_rotation_is_verified_under_either_key() {
    let one = "t=1782896400,v1=de196ca1a860f408ee565a4ea09a498f3ebd75f398ea48683288859422714dfa";
    let other = "t=1782896400,v1=2c79dca1f6dd65f4fefd7ffde52e0388a8f28c2c3b76ad015a7cfca463590365";
    let verify = |key: &str, header: &str| {
        verify(&timestamped(HmacAlgorithm::Sha256), key, header, 1_782_896_400, PERSONA.as_bytes())
    };
    assert_eq!(
        [one, other].map(|header| [verify("wbhsec_sim-0001", header), verify("wbhsec_sim-0000", header)]),
        [[true, false], [false, true]]
    );
    for header in [format!("{one} {other}"), format!("{other} {one}"), format!("{one}, {other}")] {
        assert!(verify("wbhsec_sim-0001", &header) && verify("wbhsec_sim-0000", &header), "{header}");
        assert!(!verify("wbhsec_sim-0002", &header));
    }
}

/// Shufti: an account made before March 2023 has the secret itself behind the body.
#[test]
fn a_digest_with_the_secret_behind_the_body_is_verified_in_the_configured_form_alone() {
    let accepted = r#"{"reference":"case-000042","event":"verification.accepted","email":"ada@example.test","country":"GB","verification_result":{"document":{"document":1}}}"#;
    let declined = r#"{"reference":"case-000042","event":"verification.declined","declined_reason":"Face could not be verified","declined_codes":["SPFA01"]}"#;
    let key = "sim-shufti-secret";
    let of = |form| SignatureScheme::SuffixedDigest { form, header: HEADER };
    for (body, form, signature) in [
        (accepted, SuffixForm::Hashed, "3a1ecdab97d0b3daed2785a265a48b5d5411824325de373b7d5f836f10851559"),
        (accepted, SuffixForm::Plain, "f4d45ac864e0556abe571515322740bf9bf2059e3df0b127fddf2288eb5163e1"),
        (declined, SuffixForm::Hashed, "7dc64061c43bf30f6c73c5d214308d7de9efa484a975053b91bfefd2b2107d92"),
    ] {
        for configured in SuffixForm::ALL {
            assert_eq!(
                verify(&of(*configured), key, signature, 0, body.as_bytes()),
                form == *configured,
                "{body}"
            );
        }
        assert!(!verify(&of(form), key, signature, 0, changed(body).as_bytes()));
        assert!(!verify(&of(form), key, &changed(signature), 0, body.as_bytes()));
        assert!(!verify(&of(form), &changed(key), signature, 0, body.as_bytes()));
    }
}
