//! Suggestions for misspelt names.

/// How alike two names must be to be worth a hint: most slips are one or two letters.
const SIMILAR: f64 = 0.75;

/// The known name that is most like a misspelt one, if any is like it at all.
#[must_use]
pub fn did_you_mean<'a>(misspelt: &str, known: &[&'a str]) -> Option<&'a str> {
    let scored = known.iter().map(|name| (strsim::jaro_winkler(misspelt, name), *name));
    scored.filter(|(score, _)| *score > SIMILAR).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_understood_and_a_stranger_is_not() {
        let known = ["api_key", "base_url", "environment"];
        assert_eq!(did_you_mean("api_kye", &known), Some("api_key"));
        assert_eq!(did_you_mean("zzz", &known), None);
        assert_eq!(did_you_mean("api_key", &[]), None);
    }
}
