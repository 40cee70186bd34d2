//! Time: lifetimes from the injected clock, waits as the vendor asks for them, attempts that end.

pub mod deadlines;
pub mod expiries;

use std::time::Duration;

use idv_core::ErrorKind;

use crate::cases::Cases;
use crate::registration::register;
use crate::reply::{Manner, Reply};
use crate::trial::{MOMENT, Trial};

register! {
    time {
        waits_are_read;
        waits_in_other_forms_are_read;
        attempts_end;
    }
}

/// `Retry-After` is read in both forms, against the injected clock, and nonsense is no wait.
pub async fn waits_are_read(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    // The kit's day is 2026-11-20, 12:00:00 UTC.
    let forms = [
        ("seconds", Some("7"), Some(7)),
        ("zero", Some("0"), Some(0)),
        ("date", Some("Fri, 20 Nov 2026 12:01:30 GMT"), Some(90)),
        ("past date", Some("Fri, 20 Nov 2026 11:00:00 GMT"), Some(0)),
        ("words", Some("soon"), None),
        ("negative", Some("-5"), None),
        ("none", None, None),
    ];
    for operation in trial.calls() {
        for (name, header, seconds) in forms {
            let mut reply = Reply::bytes(429, "text/plain", "");
            if let Some(header) = header {
                reply = reply.header("retry-after", header);
            }
            trial.vendor.answer(reply);
            let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
            let wait = error.and_then(|error| error.retry_after());
            cases.equal(format!("{operation} {name}"), wait, seconds.map(Duration::from_secs));
        }
        trial.vendor.answer(Reply::bytes(503, "text/plain", "").header("retry-after", "11"));
        let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
        // Whether it is an error is not asked here.
        let Some(error) = error else { continue };
        let allowed = trial.verdicts(operation)[2] == "allowed";
        let wanted = allowed.then_some(Duration::from_secs(11));
        cases.equal(format!("{operation} 503"), error.retry_after(), wanted);
    }
}

/// A wait in another form than HTTP's is accepted too, and a date counts from the vendor's own clock where the answer
/// gives its time.
pub async fn waits_in_other_forms_are_read(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    // Header, time at the vendor, and the shortest and the longest wait that it can mean.
    let forms = [
        ("fraction", "2.5", None, [2.5, 3.0]),
        ("unit", "100s", None, [100.0, 100.0]),
        ("RFC 3339", "2026-11-20T12:01:30Z", None, [90.0, 90.0]),
        ("clock ahead", "Fri, 20 Nov 2026 13:01:30 GMT", Some("Fri, 20 Nov 2026 13:00:00 GMT"), [90.0, 90.0]),
        (
            "clock behind",
            "Fri, 20 Nov 2026 11:01:30 GMT",
            Some("Fri, 20 Nov 2026 11:00:00 GMT"),
            [90.0, 90.0],
        ),
    ];
    for operation in trial.calls() {
        for (name, header, date, [least, most]) in forms {
            let mut reply = Reply::bytes(429, "text/plain", "").header("retry-after", header);
            if let Some(date) = date {
                reply = reply.header("date", date);
            }
            trial.vendor.answer(reply);
            let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
            let wait = error.and_then(|error| error.retry_after()).map(|wait| wait.as_secs_f64());
            let right = wait.is_some_and(|wait| (least..=most).contains(&wait));
            cases.that(format!("{operation} {name}"), right, || {
                format!("found {wait:?} seconds, wanted {least} to {most}")
            });
        }
    }
}

/// An attempt ends in its time.
pub async fn attempts_end(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let Some(impatient) = cases.built("impatient", trial.impatient(MOMENT)) else { return };
    for operation in trial.calls() {
        trial.vendor.answer(trial.success(operation, 1).in_manner(Manner::Silent));
        let kind = trial.call(&*impatient, operation, 1, &reference).await.err().map(|error| error.kind());
        cases.equal(operation.as_str(), kind, Some(ErrorKind::Timeout));
    }
}
