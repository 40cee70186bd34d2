//! A link as a QR code, for a phone beside the terminal.

use idv::{Error, ErrorKind, Result, SessionUrl};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

/// The code of a session's link.
///
/// # Errors
/// [`ErrorKind::Unsupported`] where the session has no link, or one that is too long for a code.
pub(super) fn render(url: Option<&SessionUrl>) -> Result<String> {
    let url =
        url.ok_or_else(|| impossible("the session has no link to show as a QR code: run without --qr"))?;
    let code = QrCode::new(url.expose())
        .map_err(|_| impossible("the link is too long for a QR code: run without --qr"))?;
    Ok(code.render::<Dense1x2>().quiet_zone(true).build())
}

fn impossible(message: &'static str) -> Error {
    Error::new(ErrorKind::Unsupported, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_without_a_link_has_no_code() {
        let error = render(None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.message().contains("has no link"), "{error}");
    }
}
