//! The terminal: colours only where they can be seen, and no escapes of a vendor.

use serde_json::json;

use crate::support::*;

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
    assert!(document.document()["providers"].is_array());
    for flags in ["-v", "-vv"] {
        let logs = world.idv(&format!("{} {flags} --json", start("primary"))).run().exits(0);
        assert!(!logs.stderr.contains('\u{1b}'), "logs in a pipe: {logs}");
    }
}

/// What a vendor writes can neither colour nor retitle the terminal.
#[test]
fn a_vendor_cannot_play_with_the_terminal() {
    let escapes = "\u{1b}[31mx\u{1b}]0;title\u{7}";
    let link = json!({"object": "verification_session", "url": format!("https://in.sumsub.com/{escapes}"), "accessToken": "t"});
    let code = json!({"error": {"code": escapes, "message": "m", "requestId": escapes}});
    for (reply, args) in [
        (Reply::json(200, &link), start("primary")),
        (Reply::json(200, &nxos_state(&format!("APPROVED{escapes}"))), about("check", "primary")),
        (Reply::json(400, &code), about("check", "primary")),
    ] {
        for json in ["", " --json"] {
            let ran = World::always(reply.clone()).idv(&format!("{args}{json}")).run();
            for text in [&ran.stdout, &ran.stderr] {
                assert!(!text.contains(['\u{1b}', '\u{7}']), "{ran}");
            }
        }
    }
}
