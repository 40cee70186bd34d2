//! A link as a QR code, for a phone beside the terminal.

use idv::{Error, ErrorKind, Result, SessionUrl};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

pub(crate) fn render(url: &SessionUrl) -> Result<String> {
    let code = QrCode::new(url.expose()).map_err(|_| {
        Error::new(ErrorKind::Unsupported, "the link is too long for a QR code: run without --qr")
    })?;
    Ok(code.render::<Dense1x2>().quiet_zone(true).build())
}
