//! Statements find their rows by an index: a store that has grown for years is as quick as a new one.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use crate::frozen::{NEWEST, load};
use crate::stores::Database;

/// Statements that read a table whole, and why.
const WHOLE: [(&str, &str); 5] = [
    ("backlog", "counts for operators"),
    ("counts", "counts for operators"),
    ("delivery_dead", "its index has the wanted rows alone"),
    ("parked_matches", "all events that wait are looked at"),
    ("unnumbered", "its index has the wanted rows alone"),
];

/// On SQLite, whose plans do not depend on how many rows there are. The indexes are the same on PostgreSQL.
#[tokio::test]
async fn statements_read_no_table_whole() {
    let database = Database::sqlite();
    load(&database, NEWEST).await;
    let pool = database.pool().await;
    let mut wrong = BTreeMap::new();
    for (name, statement) in statements() {
        let plan = match pool.fetch_all(AssertSqlSafe(format!("explain query plan {statement}"))).await {
            Ok(plan) => plan,
            Err(error) => {
                wrong.insert(name, error.to_string());
                continue;
            }
        };
        for step in plan {
            let step: String = step.get("detail");
            // Neither a document that is given with the statement nor an inner statement is a table.
            let is_given = step.contains("VIRTUAL TABLE") || step.contains("(subquery");
            if step.starts_with("SCAN") && !is_given && WHOLE.iter().all(|(allowed, _)| *allowed != name) {
                wrong.insert(name.clone(), step);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// PostgreSQL plans a statement without its values, and then expects a third of all rows to be due: it would look for the first of them by
/// reading the table, which is long where none is due. With an order it goes by the index.
#[test]
fn statements_that_want_some_rows_say_in_which_order() {
    let unordered = |text: &str| text.contains(" limit ") && !text.contains("order by");
    let wrong: Vec<String> =
        statements().into_iter().filter(|(_, text)| unordered(text)).map(|(name, _)| name).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The statements of SQLite, by their names.
fn statements() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let name = path.file_name()?.to_str()?.strip_suffix(".sql")?.to_owned();
        let name = name.strip_suffix(".sqlite").unwrap_or(&name).to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        (!name.ends_with(".postgres") && !text.contains("pg_")).then_some((name, text))
    };
    files.filter_map(read).collect()
}
