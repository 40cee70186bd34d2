//! Removes the rows of a verification, but for its number.

use crate::store::{Statement, Store, sql, values};
use crate::{StoreError, VerificationId};

const ERASE: [Statement; 7] = [
    sql!("erase_parked"),
    sql!("erase_observations"),
    sql!("erase_correlations"),
    sql!("erase_deliveries"),
    sql!("erase_transitions"),
    sql!("erase_joined"),
    sql!("erase_verification"),
];

pub(super) async fn erase_rows(store: &Store, id: VerificationId) -> Result<(), StoreError> {
    let mut transaction = store.begin().await?;
    for statement in ERASE {
        transaction.run(statement, values![id]).await?;
    }
    transaction.commit().await
}
