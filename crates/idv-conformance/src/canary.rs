//! The search for secrets and personal data in texts.

use std::fmt::Write as _;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The number of the first canary that a text holds: as it is, percent-encoded, in hex, or as a list of bytes, which is
/// how `Debug` prints a `Vec<u8>`; whatever the case of its letters.
pub(crate) fn find(text: &str, canaries: &[String]) -> Option<usize> {
    let text = text.to_lowercase();
    canaries.iter().position(|canary| forms(canary).iter().any(|form| text.contains(&form.to_lowercase())))
}

fn forms(canary: &str) -> [String; 4] {
    let hex = canary.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let list = canary.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    [canary.to_owned(), utf8_percent_encode(canary, NON_ALPHANUMERIC).to_string(), hex, list]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_is_found_in_every_form() {
        let canaries = ["elsewhere".to_owned(), "ada@canary.example".to_owned()];
        let bytes = format!("{:?}", b"x ada@canary.example".to_vec());
        let hex = "6164614063616e6172792e6578616d706c65";
        for text in ["mail ADA@canary.example", "a=ada%40canary%2Eexample", hex, &bytes] {
            assert_eq!(find(text, &canaries), Some(1), "{text}");
        }
        assert_eq!(find("nothing", &canaries), None);
    }
}
