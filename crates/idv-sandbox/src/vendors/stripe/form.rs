//! Forms with nested names, as Stripe reads them: `options[document][allowed_types][]=passport`.

/// The fields of a form in their order, each with the parts of its name. The name of an element of a list ends in an empty part or
/// a number.
#[derive(Debug, Default)]
pub(crate) struct Form(Vec<(Vec<String>, String)>);

impl Form {
    pub(crate) fn parse(body: &[u8]) -> Self {
        let fields = url::form_urlencoded::parse(body);
        Self(fields.map(|(name, value)| (parts(&name), value.into_owned())).collect())
    }

    /// The text of a name; `None` where it is empty, which stands for none.
    pub(crate) fn text(&self, path: &[&str]) -> Option<&str> {
        let found = self.0.iter().rev().find(|(name, _)| name == path)?;
        Some(found.1.as_str()).filter(|text| !text.is_empty())
    }

    /// The elements of a list.
    pub(crate) fn list(&self, path: &[&str]) -> Vec<&str> {
        let is_element = |name: &[String]| match name.split_last() {
            Some((last, outer)) => outer == path && last.bytes().all(|byte| byte.is_ascii_digit()),
            None => false,
        };
        self.0.iter().filter(|(name, _)| is_element(name)).map(|(_, value)| value.as_str()).collect()
    }

    /// The names, and their values, below a name.
    pub(crate) fn below<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a [String], &'a str)> {
        self.0.iter().filter_map(move |(path, value)| {
            let (first, rest) = path.split_first()?;
            (first == name && !rest.is_empty()).then_some((rest, value.as_str()))
        })
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &[String]> {
        self.0.iter().map(|(path, _)| path.as_slice())
    }
}

fn parts(name: &str) -> Vec<String> {
    let (first, rest) = name.split_at(name.find('[').unwrap_or(name.len()));
    let inner = rest.split('[').skip(1).map(|part| part.trim_end_matches(']').to_owned());
    std::iter::once(first.to_owned()).chain(inner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_nested_and_lists_are_written_in_two_ways() {
        for list in ["a%5Bb%5D%5B%5D=1&a%5Bb%5D%5B%5D=2", "a[b][0]=1&a[b][1]=2"] {
            let form = Form::parse(list.as_bytes());
            assert_eq!(form.list(&["a", "b"]), ["1", "2"], "{list}");
        }
        let form = Form::parse(b"x=a+b%2F%C3%A9&m[k]=v&empty=&x=last");
        assert_eq!((form.text(&["x"]), form.text(&["m", "k"])), (Some("last"), Some("v")));
        assert_eq!((form.text(&["empty"]), form.text(&["m"])), (None, None));
        assert_eq!(
            form.below("m").map(|(path, value)| (path[0].as_str(), value)).collect::<Vec<_>>(),
            [("k", "v")]
        );
    }
}
