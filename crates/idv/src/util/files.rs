//! Files that a configuration or a command names, read up to a limit.
//!
//! A name may lead to a device that never ends, such as `/dev/zero`, or to the wrong file, such as a disk image.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The longest configuration that is read, in bytes: 4 MiB.
pub const CONFIG_LIMIT: u64 = 4 << 20;
/// The longest file of a secret that is read, in bytes: 64 KiB.
pub const SECRET_LIMIT: u64 = 64 << 10;
/// The longest file of certificate authorities that is read, in bytes: 4 MiB. All that a browser trusts takes less than 1 MiB.
pub const AUTHORITY_LIMIT: u64 = 4 << 20;

/// The reason why a file was not read. `Display` says it in a few words that follow "the file cannot be read: ".
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// It is larger than allowed, or has no end.
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// It is text, and in another encoding than UTF-8.
    NotUtf8 {
        /// Whether it is in UTF-16, as Windows writes it.
        utf_16: bool,
    },
    /// An error of the operating system.
    Io(io::Error),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } if limit % (1 << 20) == 0 => {
                write!(f, "it is larger than {} MiB", limit >> 20)
            }
            Self::TooLarge { limit } => write!(f, "it is larger than {} KiB", limit >> 10),
            Self::NotUtf8 { utf_16: true } => f.write_str("it is in UTF-16: save it as UTF-8"),
            Self::NotUtf8 { utf_16: false } => f.write_str("it is not UTF-8"),
            Self::Io(error) => match error.kind() {
                io::ErrorKind::NotFound => f.write_str("there is no such file"),
                io::ErrorKind::PermissionDenied => f.write_str("this user may not read it"),
                io::ErrorKind::IsADirectory => f.write_str("it is a folder"),
                io::ErrorKind::NotADirectory => f.write_str("its folder is a file"),
                io::ErrorKind::InvalidInput | io::ErrorKind::InvalidFilename => {
                    f.write_str("this cannot be the name of a file")
                }
                other => write!(f, "{other}"),
            },
        }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::TooLarge { .. } | Self::NotUtf8 { .. } => None,
        }
    }
}

/// Reads a file of at most `limit` bytes.
///
/// # Errors
/// Where it cannot be read, or is larger.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    read_from(File::open(path).map_err(FileError::Io)?, limit)
}

/// Reads a text of at most `limit` bytes, which has to be UTF-8.
///
/// # Errors
/// Where it cannot be read, is larger, or is no UTF-8.
pub fn read_text(path: &Path, limit: u64) -> Result<String, FileError> {
    let bytes = read(path, limit)?;
    let utf_16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    String::from_utf8(bytes).map_err(|_| FileError::NotUtf8 { utf_16 })
}

/// Reads at most `limit` bytes from somewhere else, such as the standard input.
///
/// # Errors
/// Where it cannot be read, or there is more.
pub fn read_from(source: impl Read, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    source.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(FileError::Io)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= limit) {
        Ok(bytes)
    } else {
        Err(FileError::TooLarge { limit })
    }
}
