//! Errors: what Onfido says, and what that means for the caller.

use idv_core::{CheckRequest, Error, ErrorKind};
use wiremock::ResponseTemplate;

use crate::support::{Onfido, RUN, ada, reference, refused};

async fn check(answer: ResponseTemplate) -> Error {
    Onfido::with(answer).await.provider().check(&CheckRequest::new(reference(RUN))).await.unwrap_err()
}

#[tokio::test]
async fn a_refused_token_is_explained_by_the_region() {
    let error = check(refused(401, "authorization_error")).await;
    let text = error.to_string();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    assert!(text.contains("belongs to another region than the address"), "{text}");
    assert!(!text.contains("canary"), "{text}");
}

#[tokio::test]
async fn the_type_of_an_error_is_its_code_and_its_texts_are_not_printed() {
    for (status, code, kind) in [
        (422, "validation_error", ErrorKind::InvalidRequest),
        (400, "bad_request", ErrorKind::InvalidRequest),
        (403, "authorization_error", ErrorKind::Forbidden),
        (404, "resource_not_found", ErrorKind::NotFound),
        (429, "rate_limit", ErrorKind::RateLimited),
    ] {
        let error = check(refused(status, code).insert_header("x-request-id", "req-7")).await;
        assert_eq!((error.kind(), error.code().map(AsRef::as_ref)), (kind, Some(code)));
        assert_eq!(error.request_id().map(AsRef::as_ref), Some("req-7"));
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

/// The names pass here, and Onfido refuses them all the same: the same answer comes again.
#[tokio::test]
async fn a_refused_applicant_ends_the_start() {
    let onfido = Onfido::start(|_| refused(422, "validation_error")).await;
    let error = onfido.provider().start(&ada()).await.unwrap_err();
    assert_eq!((error.retry().as_str(), onfido.targets().len()), ("never", 1));
}
