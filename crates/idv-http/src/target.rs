//! The target of a request: a path in which no segment leaves its place, and a query that every server reads alike.

use idv_core::BaseUrl;
use url::Url;

use crate::call::{Segment, encoded};

/// The URL of a call below a base.
pub(crate) fn of(base: &BaseUrl, path: &[Segment<'_>], query: &[(&str, &str)]) -> Url {
    let texts = path.iter().map_while(|segment| match segment {
        Segment::Text(text) => Some(*text),
        Segment::Encoded(_) => None,
    });
    let mut url = base.endpoint(texts.clone());
    let rest = path.get(texts.count()..).unwrap_or_default();
    if !rest.is_empty() {
        let end =
            rest.iter().fold(url.path().trim_end_matches('/').to_owned(), |path, segment| match segment {
                Segment::Text(text) => path + "/" + &encoded(text),
                Segment::Encoded(text) => path + "/" + text,
            });
        url.set_path(&end);
    }
    add(&mut url, query);
    url
}

/// Adds parameters. A blank is written as `%20`, because a `+` is a blank only to servers that read a query as a form.
pub(crate) fn add(url: &mut Url, pairs: &[(&str, &str)]) {
    if pairs.is_empty() {
        return;
    }
    url.query_pairs_mut().extend_pairs(pairs);
    // A plus itself is `%2B` here already.
    if let Some(query) = url.query().filter(|query| query.contains('+')) {
        let query = query.replace('+', "%20");
        url.set_query(Some(&query));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads percent escapes and nothing else.
    fn percent_decoded(text: &str) -> String {
        let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
        while let [first, tail @ ..] = rest {
            let escaped = (*first == b'%').then(|| std::str::from_utf8(&tail[..2]).unwrap());
            bytes.push(escaped.map_or(*first, |hex| u8::from_str_radix(hex, 16).unwrap()));
            rest = if escaped.is_some() { &tail[2..] } else { tail };
        }
        String::from_utf8(bytes).unwrap()
    }

    fn base() -> BaseUrl {
        "https://gateway.example/idv/".parse().unwrap()
    }

    #[test]
    fn a_parameter_of_a_segment_stays_in_its_segment() {
        let path = [
            Segment::Text("resources"),
            Segment::Text("applicants"),
            Segment::Encoded(format!("-;externalUserId={}", encoded("user 7/é;a=b%"))),
            Segment::Text("one"),
        ];
        assert_eq!(
            of(&base(), &path, &[]).as_str(),
            "https://gateway.example/idv/resources/applicants/-;externalUserId=user%207%2F%C3%A9%3Ba%3Db%25/one"
        );
    }

    #[test]
    fn a_call_without_parameters_has_no_query() {
        let mut url: Url = "https://vendor.example/v1".parse().unwrap();
        add(&mut url, &[]);
        assert_eq!(url.as_str(), "https://vendor.example/v1");
    }

    proptest! {
        #[test]
        fn servers_that_read_escapes_and_servers_that_read_forms_read_the_same(
            reference in "\\PC*|[ +%&=#/?a-zé]*", other in "[ +%]*",
        ) {
            let mut url: Url = "https://vendor.example/v1".parse().unwrap();
            add(&mut url, &[("external_id", &reference), ("o", &other)]);
            let query = url.query().unwrap();
            let escapes: Vec<_> = query
                .split('&')
                .map(|pair| pair.split_once('=').unwrap())
                .map(|(name, value)| (percent_decoded(name), percent_decoded(value)))
                .collect();
            let form: Vec<_> = url.query_pairs().into_owned().collect();
            let given = [("external_id".to_owned(), reference), ("o".to_owned(), other)];
            prop_assert_eq!(&escapes[..], &given);
            prop_assert_eq!(&form[..], &given);
        }
    }
}
