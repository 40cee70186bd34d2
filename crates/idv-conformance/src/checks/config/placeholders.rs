//! Placeholders in place of a secret by mistake, such as a variable that was not expanded.

use idv_core::ConfigProblem;

use super::HAS_SECRETS;
use crate::canary;
use crate::cases::Cases;
use crate::registration::register;
use crate::trial::Trial;

register! {
    config {
        placeholders_are_no_secrets if HAS_SECRETS;
    }
}

/// A placeholder is no secret, nor is a secret with extra characters around it: both are reported when the provider is
/// built, and not when the first applicant comes.
pub async fn placeholders_are_no_secrets(trial: &Trial<'_>, cases: &mut Cases) {
    for (key, name, secret) in trial.secret_options() {
        for (what, text) in slips(&secret) {
            let case = format!("{key} {what}");
            let Err(problems) = trial.build_finding(&name, &text) else {
                cases.that(case, false, || "it is accepted".to_owned());
                continue;
            };
            let named = problems.iter().any(|problem| problem.path.contains(&key));
            let printed: Vec<String> = problems.iter().map(ConfigProblem::to_string).collect();
            cases.that(case.clone(), named, || format!("no problem is at the option: {printed:?}"));
            let told = canary::find(&printed.join("\n"), std::slice::from_ref(&secret));
            cases.that(format!("{case} repeated"), told.is_none(), || "the secret is repeated".to_owned());
        }
    }
}

fn slips(secret: &str) -> [(&'static str, String); 13] {
    [
        ("a variable in braces", "${CONFORMANCE_SECRET}".to_owned()),
        ("a variable", "$CONFORMANCE_SECRET".to_owned()),
        ("a source", "env:CONFORMANCE_SECRET".to_owned()),
        ("a word to change", "changeme".to_owned()),
        ("a word in angle brackets", "<secret>".to_owned()),
        ("double quotes", format!("\"{secret}\"")),
        ("single quotes", format!("'{secret}'")),
        ("a line break behind", format!("{secret}\n")),
        ("a line break of Windows behind", format!("{secret}\r\n")),
        ("a blank behind", format!("{secret} ")),
        ("blanks alone", "   ".to_owned()),
        ("a byte-order mark", format!("\u{feff}{secret}")),
        ("a byte-order mark alone", "\u{feff}".to_owned()),
    ]
}
