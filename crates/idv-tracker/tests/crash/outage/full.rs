//! The error of a database that has no room left.

use http::StatusCode;
use idv_tracker::{StoreError, StoreErrorKind, TrackerError};
use sqlx::Executor as _;

use crate::stores::Database;

#[tokio::test]
async fn a_full_database_lets_the_vendor_send_its_webhook_again() {
    let database = Database::sqlite();
    let pool = database.pool().await;
    let mut connection = pool.acquire().await.unwrap();
    connection.execute("create table note (text text); pragma max_page_count = 3").await.unwrap();
    let error = loop {
        let written = connection.execute("insert into note values (hex(zeroblob(2000)))").await;
        if let Err(error) = written {
            break StoreError::from(error);
        }
    };
    assert_eq!(error.kind(), StoreErrorKind::Unavailable, "{error}");
    assert!(error.to_string().contains("full"), "{error}");
    assert_eq!(TrackerError::from(error).webhook_response_status(), StatusCode::SERVICE_UNAVAILABLE);
}
