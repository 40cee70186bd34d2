//! What people read: hints, no escapes where nobody asked for them, and tables that stand straight.

use serde_json::json;

use crate::support::*;

/// The last line says what to do next.
fn assert_hint(ran: &Ran) {
    assert_eq!(ran.stdout, "", "{ran}");
    assert!(ran.stderr.starts_with("error: "), "{ran}");
    let last = ran.stderr.lines().last().unwrap();
    assert!(last.starts_with("next: ") && last.len() > 15, "no hint: {ran}");
}

#[test]
fn every_error_ends_with_a_hint() {
    for status in [302, 400, 401, 402, 403, 404, 409, 422, 429, 498, 500, 503] {
        for provider in FLOWS {
            for args in [start(provider), about("check", provider)] {
                let reply = Reply::json(status, &vendor_error(provider, "some_code", "text"));
                let reply = if status == 429 { reply.with("Retry-After", "60") } else { reply };
                let ran = World::always(reply).idv(&args).run();
                assert_hint(&ran);
                if status == 429 {
                    assert!(ran.stderr.contains("60 seconds") || ran.stderr.contains("59 seconds"), "{ran}");
                }
            }
        }
    }
    for args in [start("cards"), start("sessions"), about("refresh", "signup")] {
        let ran = World::always(Reply::Close).idv(&args).run().exits(4);
        assert_hint(&ran);
        assert!(ran.stderr.contains("idv check") || ran.stderr.contains("idv find"), "look first: {ran}");
    }
    for args in [
        "check sessions:../x",
        "check nobody:self",
        "check nonsense",
        "start --provider cards --reference r",
        "start --provider nobody --reference r",
        "start --reference r --subject gone.json",
        "find --provider cards --reference r",
        "refresh sessions:abc",
        "redirect sessions:abc https://app.example/",
        "check cards:r --user-token-env NOT_SET",
        "webhook primary --headers gone --body gone",
        "config check --against gone.toml",
        "config check --config gone.toml",
        "check primary:self --config gone.toml",
    ] {
        assert_hint(&World::new().idv(args).run());
    }
}

/// A hint that names a command names one that exists.
#[test]
fn hints_name_commands_that_exist() {
    let mut hints = String::new();
    for status in [302, 400, 401, 402, 403, 404, 409, 429, 498, 500] {
        for provider in FLOWS {
            for args in [start(provider), about("check", provider)] {
                let reply = Reply::json(status, &vendor_error(provider, "c", "t")).with("Retry-After", "60");
                hints += World::always(reply).idv(&args).run().stderr.lines().last().unwrap_or_default();
            }
        }
    }
    hints += &World::always(Reply::Close).idv(&start("cards")).run().stderr;
    hints += &World::new().idv("check x").run().stderr;
    hints += &World::new().idv("providers --config gone").run().stderr;
    let mut found = 0;
    for named in hints.split("`idv ").skip(1) {
        let command: Vec<&str> = named
            .split('`')
            .next()
            .unwrap()
            .split(' ')
            .take_while(|w| w.chars().all(char::is_lowercase))
            .collect();
        let command =
            if command.first() == Some(&"config") { command.join(" ") } else { command[0].to_owned() };
        if command != "help" {
            idv(&command).arg("--help").run().exits(0);
        }
        found += 1;
    }
    assert!(found > 3, "{hints}");
}

#[test]
fn a_check_without_a_credential_says_which_flag_brings_it() {
    for (args, flag) in [("check cards:r", "user"), ("check signup:r", "onboarding")] {
        let ran = World::new().idv(args).run().exits(3);
        assert_hint(&ran);
        assert!(ran.stderr.contains(flag), "{ran}");
    }
}

#[test]
fn no_escapes_where_nobody_can_see_colours() {
    let world = World::new();
    for args in [
        start("primary"),
        about("check", "cards"),
        "providers".into(),
        "check nobody:x".into(),
        "frob".into(),
        "--help".into(),
        "config check".into(),
    ] {
        let ran = world.idv(&args).run();
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'), "a pipe: {ran}");
        // Asked for and forbidden: forbidden wins.
        let ran = world
            .idv(&args)
            .env("NO_COLOR", "1")
            .env("CLICOLOR_FORCE", "1")
            .env("TERM", "xterm-256color")
            .run();
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'), "NO_COLOR: {ran}");
    }
    // Colours exist, or the test above could not fail.
    let ran = world.idv("check nobody:x").env("CLICOLOR_FORCE", "1").env("TERM", "xterm-256color").run();
    assert!(ran.stderr.contains('\u{1b}'), "{ran}");
    let document =
        world.idv("check nobody:x --json").env("CLICOLOR_FORCE", "1").env("TERM", "xterm-256color").run();
    document.error();
    let document =
        world.idv("providers --json").env("CLICOLOR_FORCE", "1").env("TERM", "xterm-256color").run();
    document.found("providers");
    for flags in ["-v", "-vv"] {
        let logs = world.idv(&format!("{} {flags} --json", start("primary"))).run().exits(0);
        assert!(!logs.stderr.contains('\u{1b}'), "logs in a pipe: {logs}");
    }
}

/// Where a column starts in the head, it starts in every row.
fn assert_aligned(table: &str, columns: &[(&str, &[&str])]) {
    let chars = |line: &str| line.chars().collect::<Vec<_>>();
    let head = table
        .lines()
        .find(|l| columns.iter().all(|(name, _)| l.contains(name)))
        .unwrap_or_else(|| panic!("no head: {table}"));
    for (name, cells) in columns {
        let at = head[..head.find(name).unwrap()].chars().count();
        for cell in *cells {
            let wanted = chars(cell);
            assert!(
                table.lines().any(|l| {
                    let line = chars(l);
                    line.get(at..at + wanted.len()) == Some(&wanted) && (at == 0 || line[at - 1] == ' ')
                }),
                "`{cell}` does not stand under `{name}` (column {at}):\n{table}"
            );
        }
    }
}

#[test]
fn the_table_of_providers_stands_straight() {
    let ran = World::new().idv("providers").run().exits(0);
    assert_aligned(
        &ran.stdout,
        &[
            ("provider", &["primary", "cards", "signup", "sessions"]),
            ("kind", &["nxos", "baanx-user", "baanx-registration", "session-api"]),
        ],
    );
    assert!(ran.stdout.lines().all(|l| l == l.trim_end()), "no blanks at the end of a line: {ran}");
}

#[test]
fn facts_stand_in_one_column() {
    let world = World::new();
    for args in [
        start("primary"),
        start("cards"),
        about("check", "primary"),
        about("check", "cards"),
        format!(
            "redirect {} https://app.example/?session_id={SESSION_ID}&status=failed&reason=unknown",
            reference("sessions")
        ),
    ] {
        let ran = world.idv(&args).run().exits(0);
        let facts: Vec<&str> = ran.stdout.lines().take_while(|l| !l.is_empty()).collect();
        let start_of_value = |line: &str| {
            let gap = line.find("  ").unwrap_or_else(|| panic!("no two columns in `{line}`: {ran}"));
            gap + line[gap..].chars().take_while(|c| *c == ' ').count()
        };
        let columns: Vec<usize> = facts.iter().map(|l| start_of_value(l)).collect();
        assert!(facts.len() > 2 && columns.windows(2).all(|w| w[0] == w[1]), "{columns:?}: {ran}");
    }
}

/// What a document says, the words say too.
#[test]
fn people_learn_what_programs_learn() {
    let world = World::new();
    let contains = |args: &str, words: &[&str]| {
        let ran = world.idv(args).run().exits(0);
        for word in words {
            assert!(ran.stdout.contains(word), "`{word}` is missing: {ran}");
        }
        assert_eq!(ran.stderr, "", "{ran}");
    };
    contains(&start("cards"), &["cards:case-7781", "in_progress", USER_URL, "estimated"]);
    contains(&start("sessions"), &[&reference("sessions"), DEEPIDV_URL]);
    contains(
        &format!("{} --workflow w --email ada@example.test", start("primary")),
        &["workflow", "email", NXOS_URL],
    );
    contains(&about("refresh", "signup"), &["signup:case-7781", SIGNUP_URL]);
    contains(&about("check", "primary"), &["in_progress", "PENDING", "wait", "15"]);
    contains(
        "find --provider sessions --reference case-7781",
        &[&reference("sessions"), "in_review", "SUBMITTED"],
    );
    contains("import --provider primary --share-token-env SHARE_TOKEN", &["in_progress", "PENDING"]);
    let url = format!("https://app.example/?session_id={SESSION_ID}&status=failed&reason=session_expired");
    contains(
        &format!("redirect {} {url}", reference("sessions")),
        &["expired", "failed", "session_expired", "check"],
    );
    let rejected = World::always(Reply::json(200, &baanx_state("REJECTED")));
    let ran = rejected.idv(&about("check", "signup")).run().exits(0);
    assert!(ran.stdout.contains("rejected") && ran.stdout.contains("cards"), "where to go on: {ran}");
    let nobody = World::always(Reply::json(200, &json!({"sessions": [], "next_token": null})));
    let ran = nobody.idv("find --provider sessions --reference case-7781").run().exits(0);
    assert!(!ran.stdout.trim().is_empty(), "that nothing was found is worth a word: {ran}");
}

#[test]
fn people_read_webhooks_too() {
    let world = World::new();
    world.write("headers", &format!("deepidv-signature: {DEEPIDV_SECRET}\n"));
    for (kind, words) in [
        ("session.status.verified", ["check", "session.status.verified"]),
        ("other.thing", ["not about a verification", "other.thing"]),
    ] {
        world.write(
            "body",
            &json!({"type": kind, "data": deepidv_record("VERIFIED", "COMPLETED")}).to_string(),
        );
        let ran = world.idv("webhook sessions --headers headers --body body").run().exits(0);
        for word in words {
            assert!(ran.stdout.contains(word), "`{word}` is missing: {ran}");
        }
    }
}

/// What a vendor writes can neither colour nor retitle the terminal.
#[test]
fn a_link_cannot_play_with_the_terminal() {
    let url = "https://in.sumsub.com/\u{1b}[31mx\u{1b}]0;title\u{7}";
    let body = json!({"object": "verification_session", "url": url, "accessToken": "t"});
    let ran = World::always(Reply::json(200, &body)).idv(&start("primary")).run();
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.contains(['\u{1b}', '\u{7}']), "{ran}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_crash() {
    let world = World::new();
    for args in ["providers", "providers --json", "config schema", "completions bash", "--help"] {
        let mut command = world.idv(args).command();
        let mut child = command
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let out = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&out.stderr);
        assert!(!err.contains("panicked") && !err.contains("failed printing"), "{args}: {err}");
    }
}
