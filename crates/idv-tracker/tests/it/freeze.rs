//! Writes the rows of the newest version of the schema, and what they mean, into `frozen`: once, before it is released.

mod scene;

use std::fmt::Write as _;
use std::path::Path;

use sqlx::any::AnyRow;
use sqlx::{AnyPool, AssertSqlSafe, Column as _, Row as _, ValueRef as _};

use crate::frozen::NEWEST;
use crate::frozen::reading::read;
use crate::stores::{Database, on_both};

/// The tables, each after those that it refers to.
const TABLES: [&str; 9] = [
    "verification",
    "observation",
    "correlation",
    "parked",
    "transition",
    "consumer",
    "delivery",
    "quota",
    "counter",
];

on_both!(
    #[ignore = "writes files: it is run by hand when a version is added"]
    the_rows_of_the_newest_version,
);

async fn the_rows_of_the_newest_version(database: Database) {
    scene::play(&database).await;
    let pool = database.pool().await;
    let rows = dump(&pool, database.name).await;
    pool.close().await;
    let (_, meaning) = read(&database).await;
    let folder = format!("{}/tests/it/frozen/v{NEWEST}", env!("CARGO_MANIFEST_DIR"));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |ending, text: String| {
        std::fs::write(Path::new(&folder).join(format!("{}.{ending}", database.name)), text).unwrap();
    };
    write("sql", rows);
    write("json", serde_json::to_string_pretty(&meaning).unwrap() + "\n");
}

/// All rows, as statements that put them into empty tables.
async fn dump(pool: &AnyPool, engine: &str) -> String {
    let mut text = format!("-- Rows of version {NEWEST}. Written once, and not changed after its release.\n");
    text += "delete from counter;\n";
    for table in TABLES {
        let rows = sqlx::query(AssertSqlSafe(format!("select * from {table} order by 1, 2")));
        let rows = rows.fetch_all(pool).await.unwrap();
        assert!(!rows.is_empty(), "every table has rows: {table}");
        for row in &rows {
            insert(&mut text, table, row, engine);
        }
        if engine == "postgres" && rows[0].columns()[0].name() == "id" {
            writeln!(text, "select setval(pg_get_serial_sequence('{table}', 'id'), max(id)) from {table};")
                .unwrap();
        }
    }
    text
}

fn insert(text: &mut String, table: &str, row: &AnyRow, engine: &str) {
    let names: Vec<_> = row.columns().iter().map(|column| column.name()).collect();
    let values: Vec<_> = (0..names.len()).map(|index| value(row, index)).collect();
    let by_number = engine == "postgres" && names[0] == "id";
    let overriding = if by_number { " overriding system value" } else { "" };
    let (names, values) = (names.join(", "), values.join(", "));
    writeln!(text, "insert into {table} ({names}){overriding}\n    values ({values});").unwrap();
}

fn value(row: &AnyRow, index: usize) -> String {
    if row.try_get_raw(index).unwrap().is_null() {
        return "null".to_owned();
    }
    match row.try_get::<i64, _>(index) {
        Ok(number) => number.to_string(),
        Err(_) => format!("'{}'", row.get::<String, _>(index).replace('\'', "''")),
    }
}
