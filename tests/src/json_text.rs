//! JSON as people and machines write it, and what is not quite JSON.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Values of every kind in odd spellings, and some that are none.
const VALUES: &str = r#"null true 0 -1.50e3 18446744073709551616 01 +1 nul 'x' "" "x" "\u0078\u00e9" "\ud83d\ude00" "é" "\"\\\/\n" "\x""#;

/// What stands before and after a document. Mostly nothing, and sometimes more than may stand there.
const AROUND: &[(&str, &str)] =
    &[("", ""), ("", ""), ("", ""), (" \r\n", "\t"), ("\u{feff}", ""), ("", "x"), ("", "{}"), ("", ",")];

/// Documents whose objects have these names (with their quotation marks, in any spelling), once or several times.
pub fn json_texts(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    let values: Vec<&str> = VALUES.split(' ').chain(["\"\t\""]).collect();
    let value = select(values).prop_map(str::to_owned).prop_recursive(4, 24, 4, move |inner| {
        let list = vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(" , ")));
        let member = (select(names), inner).prop_map(|(name, value)| format!("{name} : {value}"));
        let object = vec(member, 0..7).prop_map(|members| format!("{{{}}}", members.join(",\n")));
        prop_oneof![1 => list, 4 => object]
    });
    (value, select(AROUND)).prop_map(|(value, (before, after))| format!("{before}{value}{after}"))
}
