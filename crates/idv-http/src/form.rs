//! Nested values as a form: `a[b]=c`.

use idv_core::{Error, ErrorKind, Result};
use serde::Serialize;
use serde_json::Value;

/// Writes a value as `application/x-www-form-urlencoded`, its members as `outer[inner]=…` and the elements of its lists as
/// `list[0]=…`. Members that are `null` are left out, and so are empty lists and objects.
pub(crate) fn nested(value: &impl Serialize) -> Result<Vec<u8>> {
    let unwritable = || Error::new(ErrorKind::InvalidRequest, "the request cannot be written as a form");
    let Value::Object(fields) = serde_json::to_value(value).map_err(|_| unwritable())? else {
        return Err(unwritable());
    };
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in &fields {
        write(&mut form, name.clone(), value);
    }
    Ok(form.finish().into_bytes())
}

fn write(form: &mut url::form_urlencoded::Serializer<'_, String>, name: String, value: &Value) {
    match value {
        Value::Null => {}
        Value::String(text) => drop(form.append_pair(&name, text)),
        Value::Bool(_) | Value::Number(_) => drop(form.append_pair(&name, &value.to_string())),
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(place, one)| write(form, format!("{name}[{place}]"), one));
        }
        Value::Object(members) => {
            members.iter().for_each(|(inner, one)| write(form, format!("{name}[{inner}]"), one));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn members_and_elements_are_named_by_their_path() {
        let value = json!({
            "type": "document", "metadata": {"case id": "a&b", "n": 7, "none": null}, "options": {"document": {"live": true}},
            "allowed": ["passport", "id_card"], "empty": [],
        });
        let written = String::from_utf8(nested(&value).unwrap()).unwrap();
        assert_eq!(
            written.replace("%5B", "[").replace("%5D", "]"),
            "allowed[0]=passport&allowed[1]=id_card&metadata[case+id]=a%26b&metadata[n]=7&options[document][live]=true&type=document"
        );
    }

    #[test]
    fn a_value_without_names_is_no_form() {
        for value in [json!("text"), json!([1]), json!(null)] {
            assert!(nested(&value).is_err());
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back(name in "\\PC{1,12}", inner in "\\PC{1,12}", text in "\\PC{0,24}") {
            let written = nested(&json!({&name: {&inner: &text}})).unwrap();
            let read: Vec<_> = url::form_urlencoded::parse(&written).into_owned().collect();
            prop_assert_eq!(read, [(format!("{name}[{inner}]"), text)]);
        }
    }
}
