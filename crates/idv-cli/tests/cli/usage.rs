//! The command line itself: what is there, what is not, help, completions, and where the configuration comes from.

use crate::support::*;

#[test]
fn every_command_has_help() {
    let world = World::new();
    for command in [
        "demo",
        "compare",
        "providers",
        "route",
        "start",
        "refresh",
        "check",
        "watch",
        "find",
        "import",
        "cancel",
        "erase",
        "redirect",
        "webhook",
        "doctor",
        "config",
        "config check",
        "config schema",
        "sandbox",
        "completions",
    ] {
        for args in [format!("{command} --help"), format!("help {command}")] {
            let ran = idv(&args).run().exits(0);
            assert!(ran.stdout.contains("Usage: idv"), "{ran}");
            assert_eq!(ran.stderr, "", "{ran}");
        }
    }
    for args in ["--help", "-h", "help"] {
        let ran = idv(args).run().exits(0);
        for command in [
            "demo",
            "compare",
            "providers",
            "route",
            "start",
            "refresh",
            "check",
            "watch",
            "find",
            "import",
            "cancel",
            "erase",
            "redirect",
            "webhook",
            "doctor",
            "sandbox",
        ] {
            assert!(ran.stdout.contains(&format!("\n  {command} ")), "{command} is missing: {ran}");
        }
    }
    let version = idv("--version").run().exits(0);
    assert_eq!(version.stdout, format!("idv {}\n", env!("CARGO_PKG_VERSION")));
    world.vendor.none("help");
}

#[test]
fn every_flag_of_the_contract_is_in_the_help() {
    for (command, flags) in [
        (
            "start",
            "--provider --reference --first-name --last-name --email --phone --date-of-birth --country --language --organization --onboarding-id \
             --onboarding-id-env --user-token-env --redirect-url --workflow --invite --idempotency-key --qr --subject",
        ),
        ("route", "--reference --country --subject --workflow --attribute --exclude --need"),
        ("refresh", "--user-token-env --onboarding-id"),
        ("check", "--user-token-env --onboarding-id"),
        ("watch", "--user-token-env --onboarding-id --for"),
        ("find", "--provider --reference"),
        ("cancel", "--user-token-env --onboarding-id"),
        ("erase", "--user-token-env --onboarding-id --yes"),
        ("import", "--provider --organization --share-token-env"),
        ("webhook", "--headers --body --at"),
        ("config check", "--against"),
        ("compare", "--format --from --to --latency"),
        ("sandbox", "--port --host"),
    ] {
        let help = idv(command).arg("--help").run().exits(0);
        for flag in format!("{flags} --config --json --verbose").split_whitespace() {
            assert!(
                help.stdout.contains(&format!("{flag} "))
                    || help.stdout.contains(&format!("{flag}\n"))
                    || help.stdout.contains(&format!("{flag}...")),
                "{flag} is missing: {help}"
            );
        }
    }
}

/// A mistake on the command line, with `--json`: the document is the last line of stderr, stdout is empty.
#[test]
fn mistakes_on_the_command_line() {
    let world = World::new();
    for args in [
        "",
        "frobnicate",
        "watch",
        "watch primary:self --for soon",
        "watch primary:self --for 0s",
        "compare primary",
        "compare --format prose",
        "compare --from primary",
        "compare --to primary",
        "compare --from primary --to nobody",
        "check",
        "check a:b c:d",
        "refresh",
        "route",
        "route --reference",
        "route --reference r --country Germany",
        "route --reference r --country UK",
        "route --reference r --country XX",
        "providers --config=",
        "route --reference r --subject robot",
        "route --reference r --attribute tier",
        "route --reference r --attribute =gold",
        "route --reference r --need wings",
        "route --reference r --exclude nobody",
        "route --reference r --exclude a/b",
        "start",
        "start --reference",
        "start --reference r --bogus",
        "start --reference r --invite pigeon",
        "start --reference r --invite",
        "start --reference r --reference s",
        "start --reference r --onboarding-id a --onboarding-id-env B",
        "check signup:r --onboarding-id a --onboarding-id-env B",
        "find --reference r",
        "find --provider sessions",
        "import --provider primary",
        "redirect sessions:x",
        "webhook primary",
        "config",
        "config frobnicate",
        "sandbox --port many",
        "sandbox --port 70000",
        "sandbox --port 65535",
        "completions",
        "completions tcl",
        "providers --config",
        "providers surplus",
        "--verbose=loud providers",
    ] {
        for line in [format!("{args} --json"), format!("--json {args}")] {
            if line.ends_with("--config --json")
                || line.contains("--invite --json")
                || line.contains("--reference --json")
            {
                continue;
            }
            let ran = world.idv(&line).run();
            let error = ran.fails("config");
            shape::check(&error, shape::ERROR);
            assert_eq!(
                (error["retry"].as_str(), error["delivery"].as_str()),
                (Some("never"), Some("not_sent")),
                "{line}"
            );
        }
        let human = world.idv(args).run().exits(2);
        assert_eq!(human.stdout, "", "{human}");
        assert!(!human.stderr.trim().is_empty(), "{human}");
    }
    world.vendor.none("mistakes");
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = idv("completions").arg(shell).run().exits(0);
        for word in ["idv", "webhook", "share-token-env"] {
            assert!(ran.stdout.contains(word), "{shell} lacks {word}");
        }
        assert_eq!(ran.stderr, "");
    }
}

#[test]
fn where_the_configuration_comes_from() {
    let world = World::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let file = world.path("idv.toml").display().to_string();
    let from = |args: &str| secrets(idv(args)).dir(elsewhere.path());
    // Nothing here.
    let error = from("check primary:self --json").run().fails("config");
    assert!(error.to_string().contains("idv.toml"), "the file is named: {error}");
    // `--config`, before and after the command.
    from(&format!("--config {file} check primary:self --json")).run().found("verification");
    from(&format!("check primary:self --json --config {file}")).run().found("verification");
    from(&format!("check primary:self --json --config={file}")).run().found("verification");
    // `IDV_CONFIG`, and the option before it.
    from("check primary:self --json").env("IDV_CONFIG", &file).run().found("verification");
    from(&format!("check primary:self --json --config {file}"))
        .env("IDV_CONFIG", "gone.toml")
        .run()
        .found("verification");
    let error =
        from("check primary:self --json --config gone.toml").env("IDV_CONFIG", &file).run().fails("config");
    assert!(error.to_string().contains("gone.toml"), "{error}");
    // The default name in the working directory.
    world.json("check primary:self").found("verification");
    assert_eq!(world.vendor.seen().len(), 6);
    // An empty variable is as good as none, wherever the option stands.
    world.idv("check primary:self --json").env("IDV_CONFIG", "").run().found("verification");
    for args in [
        format!("--config {file} check primary:self --json"),
        format!("check primary:self --json --config {file}"),
    ] {
        from(&args).env("IDV_CONFIG", "").run().found("verification");
    }
    let error = from("check primary:self --json").env("IDV_CONFIG", "").run().fails("config");
    assert!(error.to_string().contains("idv.toml"), "{error}");
}

#[test]
fn a_country_that_is_misnamed_is_named_right() {
    let ran = idv("route --reference r --country UK").run().exits(2);
    assert!(ran.stderr.contains("did you mean \"GB\"?"), "{ran}");
}

/// Each option that names a file, at a device that never ends.
#[cfg(unix)]
#[test]
fn a_file_without_an_end_is_refused() {
    let world = World::new();
    world.write("headers", "a: b\n");
    for args in [
        "webhook primary --headers /dev/zero --body headers",
        "webhook primary --headers headers --body /dev/zero",
        "start --subject /dev/zero",
        "providers --config /dev/zero",
    ] {
        let error = world.json(args).fails("config");
        assert!(error.to_string().contains("it is larger than 4 MiB"), "{args}: {error}");
    }
    let error = world.json("webhook primary --headers gone --body headers").fails("config");
    assert!(error.to_string().contains("gone cannot be read: there is no such file"), "{error}");
}

#[test]
fn every_command_that_needs_a_configuration_misses_it() {
    let elsewhere = tempfile::tempdir().unwrap();
    for args in [
        "providers",
        "start --reference r",
        "check primary:self",
        "refresh primary:self",
        "find --provider sessions --reference r",
        "import --provider primary --share-token-env SHARE_TOKEN",
        "redirect sessions:x https://app.example/",
        "config check",
    ] {
        for args in [format!("{args} --json"), format!("{args} --json --config /nonexistent/idv.toml")] {
            let error = secrets(idv(&args)).dir(elsewhere.path()).run().fails("config");
            shape::check(&error, shape::ERROR);
        }
    }
    idv("config schema").dir(elsewhere.path()).run().exits(0);
}
