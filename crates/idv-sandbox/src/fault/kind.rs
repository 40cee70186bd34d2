//! The kinds of faults.

use serde::{Deserialize, Serialize};

use utoipa::ToSchema;

use crate::fault::answer::CannedAnswer;

/// A fault of one answer. "Carried out" says whether the vendor processed the request.
///
/// The JSON form is tagged: `{"kind": "unknown_word", "word": "PARKED"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum FaultKind {
    /// A canned answer in place of the vendor's. Not carried out.
    Answer {
        /// The answer.
        answer: CannedAnswer,
    },
    /// The connection is reset as soon as the head of the request shows the operation. Not carried out.
    ResetBefore,
    /// The connection is reset in place of an answer. Carried out.
    LostAnswer,
    /// No answer ever comes; the connection stays open until the client gives up. Carried out.
    NoAnswer,
    /// The head of the answer comes this much later. Carried out.
    SlowHead {
        /// Real time, in milliseconds.
        milliseconds: u32,
    },
    /// The head comes at once, the body in eight pieces with pauses before each. Carried out.
    SlowBody {
        /// Each pause in real time, in milliseconds.
        milliseconds: u32,
    },
    /// The connection is closed after half of the body that the head announced. Carried out.
    Truncated,
    /// The answer's JSON has values of other types: numbers for texts, texts for anything else. Carried out.
    WrongTypes,
    /// The word for the state is undocumented. Carried out.
    UnknownWord {
        /// The word; `SIMULATED_NEW_WORD` where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        word: Option<String>,
    },
    /// The answer is padded with blanks, which JSON allows. Carried out.
    Oversized {
        /// The length of the body, at most 64 MiB.
        #[serde(default = "two_mebibytes")]
        bytes: u32,
    },
    /// The answer's first text holds bytes that are not UTF-8. Carried out.
    InvalidUtf8,
    /// The status and the head are the vendor's, the body is empty. Carried out.
    EmptyBody,
    /// The status is the vendor's, the body is a page of HTML, as proxies send it. Carried out.
    Html,
}

fn two_mebibytes() -> u32 {
    2 * 1024 * 1024
}

impl FaultKind {
    /// The name as JSON has it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Answer { .. } => "answer",
            Self::ResetBefore => "reset_before",
            Self::LostAnswer => "lost_answer",
            Self::NoAnswer => "no_answer",
            Self::SlowHead { .. } => "slow_head",
            Self::SlowBody { .. } => "slow_body",
            Self::Truncated => "truncated",
            Self::WrongTypes => "wrong_types",
            Self::UnknownWord { .. } => "unknown_word",
            Self::Oversized { .. } => "oversized",
            Self::InvalidUtf8 => "invalid_utf8",
            Self::EmptyBody => "empty_body",
            Self::Html => "html",
        }
    }
}
