//! Session references.
#![no_main]

use idv::{SessionRef, SessionRefError};
use libfuzzer_sys::fuzz_target;

const ERRORS: [SessionRefError; 3] =
    [SessionRefError::NoColon, SessionRefError::Provider, SessionRefError::Key];

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match text.parse::<SessionRef>() {
        Ok(reference) => {
            same_everywhere(&reference, text);
            let again = SessionRef::new(reference.provider().clone(), reference.key());
            assert_eq!(again.as_ref(), Ok(&reference));
        }
        Err(error) => {
            let json = serde_json::to_string(text).expect("a text is JSON");
            assert!(serde_json::from_str::<SessionRef>(&json).is_err());
            // Three sentences, whatever the text was.
            assert!(ERRORS.iter().any(|known| known.to_string() == error.to_string()), "{error}");
        }
    }
    let provider = "primary".parse().expect("a provider id");
    if let Ok(reference) = SessionRef::new(provider, text) {
        same_everywhere(&reference, &format!("primary:{text}"));
    }
    let _ = serde_json::from_slice::<SessionRef>(data);
});

fn same_everywhere(reference: &SessionRef, text: &str) {
    assert_eq!(reference.to_string(), text);
    assert_eq!(text.parse().as_ref(), Ok(reference));
    let json = serde_json::to_string(reference).expect("a reference is JSON");
    assert_eq!(&serde_json::from_str::<SessionRef>(&json).expect("a reference"), reference);
    let (provider, key) = (reference.provider().as_str(), reference.key());
    assert!((1..=64).contains(&provider.len()) && !provider.contains(':'));
    assert!((1..=512).contains(&key.len()) && !key.contains(char::is_control) && ![".", ".."].contains(&key));
}
