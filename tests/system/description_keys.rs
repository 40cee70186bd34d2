//! The page with every key of a description, generated from the JSON Schema of the configuration.

use std::fmt::Write as _;
use std::path::Path;

use idv::adapter::Catalogue;
use idv::config::json_schema;
use serde_json::Value;

/// Keys of an instance, which are no part of a description.
const OF_AN_INSTANCE: [&str; 11] = [
    "kind",
    "preset",
    "description",
    "api_key",
    "secrets",
    "workflow_id",
    "webhook_secrets",
    "recheck_after",
    "http",
    "limits",
    "retired",
];

const HEAD: &str = "<!-- generated from the JSON Schema: cargo xtask docs -->\n\n# The keys of a description\n\n\
    [Describing a vendor](describing-a-vendor.md) leads through them with one vendor. `idv describe persona --toml` prints a whole document.\n\n\
    A place is a JSON pointer (RFC 6901) into an answer, or a list of them of which the first counts at which something stands. Times are RFC 3339, or\n\
    seconds or milliseconds since 1970.\n";

/// The schema of an instance of a session API.
fn schema() -> Value {
    let whole = json_schema(&Catalogue::compiled_in());
    let kinds = whole["properties"]["providers"]["additionalProperties"]["oneOf"].as_array().unwrap();
    let is_ours = |kind: &&Value| kind["properties"]["kind"]["const"] == "session-api";
    kinds.iter().find(is_ours).expect("the kind has a schema").clone()
}

/// The schema of an object, where a value can be one: also of each element of a list.
fn object(schema: &Value) -> Option<(&Value, &'static str)> {
    if schema["properties"].is_object() {
        return Some((schema, ""));
    }
    if let Some((inner, _)) = schema.get("items").and_then(object) {
        return Some((inner, "[]"));
    }
    schema["anyOf"].as_array()?.iter().find_map(object)
}

/// The first paragraph of a documentation comment, in one cell.
fn cell(schema: &Value) -> String {
    let text = schema["description"].as_str().unwrap_or_default();
    text.split("\n\n").next().unwrap_or_default().replace('\n', " ").replace('|', "\\|")
}

fn rows(text: &mut String, prefix: &str, schema: &Value) {
    for (name, inner) in schema["properties"].as_object().unwrap() {
        let key = format!("{prefix}{name}");
        match object(inner) {
            Some((table, list)) => {
                writeln!(text, "| `{key}{list}` | {} |", cell(inner)).unwrap();
                rows(text, &format!("{key}{list}."), table);
            }
            None => writeln!(text, "| `{key}` | {} |", cell(inner)).unwrap(),
        }
    }
}

fn page() -> String {
    let schema = schema();
    let (mut alone, mut tables) = (String::new(), String::new());
    for (name, inner) in schema["properties"].as_object().unwrap() {
        if OF_AN_INSTANCE.contains(&name.as_str()) {
            continue;
        }
        match object(inner) {
            None => writeln!(alone, "| `{name}` | {} |", cell(inner)).unwrap(),
            Some((table, list)) => {
                write!(tables, "\n## `{name}{list}`\n\n{}\n\n| key | meaning |\n|---|---|\n", cell(inner))
                    .unwrap();
                rows(&mut tables, "", table);
            }
        }
    }
    format!("{HEAD}\n## The document\n\n| key | meaning |\n|---|---|\n{alone}{tables}")
}

#[test]
fn the_generated_page_of_keys_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/description-keys.md");
    if std::env::var_os("IDV_WRITE_DOCS").is_some() {
        std::fs::write(&path, page()).unwrap();
        return;
    }
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written == page(), "docs/description-keys.md is stale: run `cargo xtask docs`");
}

#[test]
fn every_key_has_a_meaning() {
    let page = page();
    for key in
        ["`event_word`", "`fields.reference`", "`wait_header`", "`sees.next_action`", "`document.kinds`"]
    {
        assert!(page.contains(key), "{key} is missing: {page}");
    }
    assert!(!page.contains("|  |"), "a key has no meaning: {page}");
}
