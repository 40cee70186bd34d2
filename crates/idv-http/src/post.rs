//! Posts to an address that is no vendor's, such as the application's own.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use idv_core::{ErrorKind, HttpOptions, HttpProblems, Timestamp};
use url::Url;

use crate::client::{build, transmit};
use crate::transport_error::transport_error;
use crate::{ReplaySafety, wait};

/// An answer is read up to this many bytes, so that its connection can be used again. A longer one costs the connection.
const READ: usize = 64 << 10;

/// Posts bodies, one attempt each: redirects are not followed, nothing is repeated, the body of an answer is not kept, and the
/// environment is not read. Cheap to clone; connections are pooled.
#[derive(Clone)]
pub struct Poster(reqwest::Client);

/// The answer to a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PostAnswer {
    /// The status.
    pub status: StatusCode,
    /// The wait that the header `Retry-After` asks for.
    pub retry_after: Option<Duration>,
}

impl Poster {
    /// A client with the proxy, the authorities and the time for a connection of these options.
    ///
    /// # Errors
    /// The problems of the proxy and the extra authorities, each at its key.
    pub fn new(options: &HttpOptions) -> Result<Self, HttpProblems> {
        build(options).map(Self)
    }

    /// Makes one attempt, which takes no longer than `limit`. `now` is what a date in `Retry-After` is compared with.
    ///
    /// # Errors
    /// The kind of failure where no answer came: [`ErrorKind::Timeout`], [`ErrorKind::Connection`], or
    /// [`ErrorKind::InvalidResponse`] for an answer that is no HTTP. Neither the URL nor a header is part of it.
    pub async fn post(
        &self,
        url: Url,
        headers: HeaderMap,
        body: Vec<u8>,
        limit: Duration,
        now: Timestamp,
    ) -> Result<PostAnswer, ErrorKind> {
        let mut request = reqwest::Request::new(Method::POST, url);
        *request.headers_mut() = headers;
        *request.timeout_mut() = Some(limit);
        *request.body_mut() = Some(body.into());
        let failed = |error| transport_error(error, ReplaySafety::SingleUse).kind();
        let response = transmit(&self.0, request).await.map_err(failed)?;
        let retry_after = wait::asked(response.headers(), None, None, now);
        let answer = PostAnswer { status: response.status(), retry_after };
        finish(response).await;
        Ok(answer)
    }
}

/// Reads a short body to its end. The status has said all, so a body that breaks or is long is no failure.
async fn finish(mut response: reqwest::Response) {
    let mut read = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        read += chunk.len();
        if read > READ {
            return;
        }
    }
}

impl fmt::Debug for Poster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Poster")
    }
}
