//! The API token: how it is sent, and what its beginning says.

use crate::Region;

/// The scheme before the token in `Authorization`. The specification declares the header alone; clients in use agree on this.
pub(crate) const SCHEME: &str = "Token token=";

/// The beginnings of tokens, for live data and for the sandbox.
const BEGINNINGS: [&str; 2] = ["api_live", "api_sandbox"];

/// The problem with a token that can be seen from its beginning: it has none of those in use, or names another region than the
/// configured one. Tokens of the European Union name no region.
pub(crate) fn doubt(token: &str, region: Option<Region>) -> Option<&'static str> {
    let Some(rest) = BEGINNINGS.iter().find_map(|beginning| token.strip_prefix(beginning)) else {
        return Some("begins with neither `api_live` nor `api_sandbox`, as tokens do");
    };
    let named = [("_us", Region::Us), ("_ca", Region::Ca)];
    let named = named.iter().find(|(infix, _)| rest.starts_with(infix)).map(|(_, region)| *region);
    let is_of_another = region.is_some_and(|region| named.is_some_and(|named| named != region));
    is_of_another.then_some("is a token of another region than `region`, and would be refused")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_token_that_names_another_region_is_doubted() {
        for (token, region, is_doubted) in [
            ("api_live.canary", Some(Region::Eu), false),
            ("api_live.canary", Some(Region::Us), false),
            ("api_live_us.canary", Some(Region::Us), false),
            ("api_sandbox_us.canary", Some(Region::Eu), true),
            ("api_live_ca.canary", Some(Region::Us), true),
            ("api_live_ca.canary", None, false),
            ("canary", None, true),
        ] {
            assert_eq!(doubt(token, region).is_some(), is_doubted, "{token} {region:?}");
        }
    }
}
