//! Applicants: each is started until the application knows, and acts at the vendor.

use std::time::Duration;

use idv::{SessionRef, VerificationReason};
use idv_conformance::storyline::{Act, Case, Stage as _};

use super::books::Entry;
use super::{Place, Storm};
use crate::http;
use crate::settings::{Answer, Wanted};

/// The longest pause between two acts.
const PAUSE: Duration = Duration::from_millis(60);

/// How long an application waits before it sends a start again.
const REST: Duration = Duration::from_millis(10);

/// One applicant after the other, until the storm is over.
pub(super) async fn come(storm: &Storm<'_>, place: &Place<'_>) {
    while !storm.is_over() {
        come_alone(storm, place).await;
    }
}

async fn come_alone(storm: &Storm<'_>, place: &Place<'_>) {
    storm.totals.cases.add(1);
    let case = place.stage.enter().await.unwrap();
    let wanted = Wanted {
        provider: place.flow.id().to_owned(),
        reference: case.start.reference.clone(),
        organization: case.start.organization.clone(),
    };
    let answers = match storm.random.one_in(3) {
        true => <[_; 2]>::from(tokio::join!(start(storm, &wanted), start(storm, &wanted))).to_vec(),
        false => vec![start(storm, &wanted).await],
    };
    let is_uncertain = answers.iter().any(Option::is_none);
    let session = answers.into_iter().flatten().next();
    let mut entry = Entry { flow: place.flow, case, session, is_uncertain, revealed: None };
    if is_uncertain {
        storm.totals.uncertain.add(1);
    }
    match &entry.session {
        Some(session) => act(storm, place, &entry.case, session).await,
        // Half of those whose start is uncertain have the link from elsewhere; the others are not heard of again.
        None if storm.random.one_in(2) => {
            if let Some(session) = session_at_vendor(storm, place, &entry.case) {
                act(storm, place, &entry.case, &session).await;
                entry.revealed = Some(session);
            }
        }
        None => {}
    }
    storm.books.enter(entry);
}

/// Starts until the application is told a session; `None` where it is told that its session is not known.
pub(super) async fn start(storm: &Storm<'_>, wanted: &Wanted) -> Option<SessionRef> {
    let body = serde_json::to_vec(wanted).unwrap();
    let headers = [(::http::header::CONTENT_TYPE, "application/json".parse().unwrap())].into_iter().collect();
    loop {
        let port = storm.port().await;
        storm.totals.starts.add(1);
        let answer = http::post(port, "/start", &headers, &body).await;
        let answer = answer.ok().filter(|(status, _)| *status == 200);
        match answer.map(|(_, body)| serde_json::from_slice(&body).unwrap()) {
            Some(Answer::Session(session)) => return Some(session.parse().unwrap()),
            Some(Answer::Uncertain) => return None,
            Some(Answer::Failed(_)) | None => tokio::time::sleep(REST).await,
        }
    }
}

async fn act(storm: &Storm<'_>, place: &Place<'_>, case: &Case, session: &SessionRef) {
    let reject = || Act::Reject { reason: VerificationReason::DocumentExpired };
    let acts = match storm.random.below(5) {
        0 => vec![Act::Open, Act::Submit, Act::Approve],
        1 => vec![Act::Open, Act::Submit, reject()],
        2 => vec![Act::Open, Act::Submit, Act::RequireResubmission, Act::Open, Act::Submit, Act::Approve],
        3 => vec![Act::Open, Act::Submit, Act::Hold, Act::Approve],
        _ => vec![Act::Open, Act::Submit],
    };
    for act in acts {
        tokio::time::sleep(storm.random.up_to(PAUSE)).await;
        // An act that the vendor does not have is an answer too.
        place.stage.act(case, session, &act).await.unwrap();
    }
}

/// The vendor's session of a reference, which the application does not know.
fn session_at_vendor(storm: &Storm<'_>, place: &Place<'_>, case: &Case) -> Option<SessionRef> {
    let all = place.flow.vendor(storm.sandbox).verifications(usize::MAX);
    let found = all.into_iter().find(|one| one.external_id.as_deref() == Some(&case.start.reference))?;
    Some(SessionRef::new(place.flow.id().parse().unwrap(), &found.id).unwrap())
}
