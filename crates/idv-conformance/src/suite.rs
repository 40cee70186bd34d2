//! The test binary of a suite, with one test of each check.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::registration::Check;
use crate::run::{applicability, check, check_deviations};
use crate::subject::Subject;

/// Makes the `main` function of a test target that has one test of each check, named `family::check`, for a
/// [`Subject`](crate::Subject). The [crate's page](crate) has an example.
///
/// The target needs `harness = false` in its `Cargo.toml`, because the kit brings a harness of its own, with the options
/// of the usual one:
///
/// ```toml
/// [[test]]
/// name = "conformance"
/// harness = false
/// ```
///
/// Checks that do not apply to the vendor are ignored, with the reason. Several subjects of one target are named, and their
/// tests with them: `suite!(users: Users, companies: Companies)` makes `users::start::sessions_are_open` and so on.
#[macro_export]
macro_rules! suite {
    ($($name:ident: $subject:expr),+ $(,)?) => {
        $crate::__suite! { $((::core::concat!(::core::stringify!($name), "::"), $subject))+ }
    };
    ($subject:expr $(,)?) => {
        $crate::__suite! { ("", $subject) }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __suite {
    ($(($prefix:expr, $subject:expr))+) => {
        fn main() -> ::std::process::ExitCode {
            $crate::__run(&[$(($prefix, || ::std::sync::Arc::new($subject))),+])
        }

        // Only the usual harness compiles and runs this one: without it, the suite would seem to pass with no test at all.
        #[test]
        fn the_target_has_harness_false() -> ::core::result::Result<(), &'static str> {
            ::core::result::Result::Err("the suite did not run: add `harness = false` to this `[[test]]` in Cargo.toml")
        }
    };
}

/// The prefix of the tests of a subject, and a function that makes the subject.
type Entry = (&'static str, fn() -> Arc<dyn Subject>);

/// Runs the suites of some subjects as the command line says.
#[doc(hidden)]
#[must_use]
pub fn __run(entries: &[Entry]) -> ExitCode {
    let arguments = Arguments::from_args();
    let tests = entries.iter().flat_map(|entry| tests(*entry, &arguments)).collect();
    libtest_mimic::run(&arguments, tests).exit_code()
}

fn tests((prefix, subject): Entry, arguments: &Arguments) -> Vec<Trial> {
    // The harness has no room for a reason beside its flag. Without the flag a test gives the reason by itself; runners that
    // ask for the list need the flag.
    let needs_flag = arguments.list || arguments.ignored || arguments.include_ignored;
    let checks = applicability(&*subject()).into_iter().map(|(check, inapplicable)| {
        let test = Trial::ignorable_test(format!("{prefix}{}", check.scenario()), move || {
            outcome(check, &subject())
        });
        test.with_ignored_flag(inapplicable.is_some() && needs_flag)
    });
    let deviations = move || check_deviations(&*subject()).map_err(Failed::from);
    let deviations = Trial::test(format!("{prefix}deviations_are_declared_well"), deviations);
    checks.chain([deviations]).collect()
}

fn outcome(one: &Check, subject: &Arc<dyn Subject>) -> Result<Completion, Failed> {
    let passed = check(subject, one.family(), one.name())?;
    Ok(passed.not_applicable.map_or(Completion::Completed, Completion::ignored_with))
}
