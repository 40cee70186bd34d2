//! Webhook libraries in other languages.

use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Command};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::process::{Program, installed, node, sources};

/// How a webhook is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// By the `svix` library, in the `svix-*` headers.
    Svix,
    /// By the `standardwebhooks` library, in the `webhook-*` headers.
    StandardWebhooks,
    /// Baanx: hex HMAC-SHA256 of timestamp, dot and body, in `X-Timestamp` and `X-Signature`.
    HmacSha256Hex,
}

impl Scheme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Svix, Self::StandardWebhooks, Self::HmacSha256Hex];

    fn name(self) -> &'static str {
        match self {
            Self::Svix => "svix",
            Self::StandardWebhooks => "standardwebhooks",
            Self::HmacSha256Hex => "hmac-sha256-hex",
        }
    }
}

/// A program that signs and verifies webhooks with the schemes' own libraries. It is ended when this is dropped.
#[derive(Debug)]
pub struct Oracle {
    name: &'static str,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    _program: Program,
}

impl Oracle {
    /// The Python libraries.
    #[must_use]
    pub fn python() -> Self {
        let mut command = Command::new(installed("IDV_ORACLE_PYTHON"));
        Self::start("python", command.arg(sources().join("webhooks.py")))
    }

    /// The JavaScript libraries.
    #[must_use]
    pub fn node() -> Self {
        Self::start("node", node().arg(sources().join("webhooks.mjs")))
    }

    fn start(name: &'static str, command: &mut Command) -> Self {
        let mut program = Program::start(command);
        let stdin = program.0.stdin.take().expect("standard input is piped");
        let stdout = BufReader::new(program.0.stdout.take().expect("standard output is piped"));
        Self { name, stdin, stdout, _program: program }
    }

    /// The language, for messages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Signs a body at a Unix time in seconds, and gives the headers.
    ///
    /// # Errors
    /// Why the library would not sign: most take text only.
    pub fn sign(
        &mut self,
        scheme: Scheme,
        secret: &str,
        id: &str,
        timestamp: i64,
        body: &[u8],
    ) -> Result<Vec<(String, String)>, String> {
        let answer = self.ask(&json!({
            "do": "sign", "scheme": scheme.name(), "secret": secret, "id": id, "timestamp": timestamp,
            "body_base64": STANDARD.encode(body),
        }))?;
        let headers = answer["headers"].as_object().expect("a signature is given as headers");
        let text = |value: &Value| value.as_str().expect("a header is a text").to_owned();
        Ok(headers.iter().map(|(name, value)| (name.clone(), text(value))).collect())
    }

    /// Verifies a body against the machine's clock.
    ///
    /// # Errors
    /// Why the library refuses it.
    pub fn verify(
        &mut self,
        scheme: Scheme,
        secret: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<(), String> {
        let headers: serde_json::Map<String, Value> =
            headers.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        self.ask(&json!({
            "do": "verify", "scheme": scheme.name(), "secret": secret, "headers": headers,
            "body_base64": STANDARD.encode(body),
        }))
        .map(drop)
    }

    /// One line in, one line out. A program that does not understand the question is a bug of the test.
    fn ask(&mut self, question: &Value) -> Result<Value, String> {
        let name = self.name;
        writeln!(self.stdin, "{question}")
            .unwrap_or_else(|error| panic!("the {name} oracle is gone: {error}"));
        let mut line = String::new();
        self.stdout
            .read_line(&mut line)
            .unwrap_or_else(|error| panic!("the {name} oracle is silent: {error}"));
        let answer: Value = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("the {name} oracle answered {line:?}: {error}"));
        if answer["ok"] == true {
            return Ok(answer);
        }
        let error = answer["error"].as_str().unwrap_or_default().to_owned();
        assert!(!error.starts_with("usage:"), "the {name} oracle did not understand: {error}");
        Err(error)
    }
}
