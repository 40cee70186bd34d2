//! HTTP/2: whether the vendor may have processed a call that it sent away.

use rcgen::CertifiedKey;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{NOT_SENT, ROWS, UNKNOWN, assert_stands_alone, client_with, failure};
use crate::tls::{acceptor, trusting};

const PREFACE: usize = 24;
const HEADERS: u8 = 1;
/// An empty SETTINGS frame.
const SETTINGS: &[u8] = b"\0\0\0\x04\0\0\0\0\0";
/// RST_STREAM of the first stream: REFUSED_STREAM.
const REFUSED: &[u8] = b"\0\0\x04\x03\0\0\0\0\x01\0\0\0\x07";
/// RST_STREAM of the first stream: INTERNAL_ERROR.
const RESET: &[u8] = b"\0\0\x04\x03\0\0\0\0\x01\0\0\0\x02";
/// GOAWAY: no stream was processed, NO_ERROR.
const GO_AWAY: &[u8] = b"\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\0";
/// GOAWAY: the first stream may have been processed, NO_ERROR.
const GO_AWAY_AFTER: &[u8] = b"\0\0\x08\x07\0\0\0\0\0\0\0\0\x01\0\0\0\0";

/// Reads frames until the request has come.
async fn request(stream: &mut (impl AsyncRead + Unpin)) {
    stream.read_exact(&mut [0; PREFACE]).await.unwrap();
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        stream.read_exact(&mut vec![0; length as usize]).await.unwrap();
        if head[3] == HEADERS {
            return;
        }
    }
}

/// What a vendor's last frame means for every row, with how many requests it got.
async fn assert_sent_away(frame: &'static [u8]) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let acceptor = acceptor(cert.der().clone(), &signing_key, &[b"h2"]);
    for (repeat, verdicts) in ROWS {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("https://{}", listener.local_addr().unwrap());
        let client = client_with(&base, trusting(cert.pem().as_bytes()));
        let vendor = async {
            let (stream, _) = listener.accept().await.unwrap();
            let mut stream = acceptor.accept(stream).await.unwrap();
            stream.write_all(SETTINGS).await.unwrap();
            request(&mut stream).await;
            stream.write_all(frame).await.unwrap();
            let _ = stream.shutdown().await;
            // A second copy of the call would come here.
            listener.accept().await.unwrap();
        };
        let error = tokio::select! {
            error = failure(&client, repeat) => error,
            () = vendor => panic!("the call was sent twice"),
        };
        let verdict = match error.delivery().as_str() {
            "not_sent" => verdicts[NOT_SENT],
            _ => verdicts[UNKNOWN],
        };
        assert_ne!(error.delivery().as_str(), "answered", "{error}");
        assert_eq!(
            (error.kind().as_str(), error.retry().as_str()),
            ("connection", verdict),
            "{repeat:?}: {error}"
        );
        assert_stands_alone(&error, &base);
    }
}

#[tokio::test]
async fn a_stream_that_is_refused_may_not_have_been_processed() {
    assert_sent_away(REFUSED).await;
}

#[tokio::test]
async fn a_stream_that_is_reset_may_have_been_processed() {
    assert_sent_away(RESET).await;
}

#[tokio::test]
async fn a_vendor_that_goes_away_may_have_processed_the_call() {
    assert_sent_away(GO_AWAY).await;
    assert_sent_away(GO_AWAY_AFTER).await;
}
