//! The sandbox's control API keeps to the document that is made of its code.

use std::path::Path;

use idv_sandbox::Sandbox;

/// Printed with the report, so that a failure can be had again.
const SEED: u32 = 7;
const EXAMPLES: u32 = 15;

#[tokio::test(flavor = "multi_thread")]
async fn no_request_that_the_document_allows_or_forbids_breaks_the_control_api() {
    let sandbox = Sandbox::builder().seed(7).start().await.unwrap();
    let url = format!("{}/openapi.json", sandbox.control_url());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let tried = tokio::task::spawn_blocking(move || idv_tests::schemathesis(folder, &url, SEED, EXAMPLES))
        .await
        .unwrap();
    if let Err(report) = tried {
        panic!("seed {SEED}:\n{report}");
    }
}
