//! `idv check --identity`: the one command that prints personal data, and only where it is asked to.

use serde_json::{Value, json};

use crate::support::*;

/// A Sumsub (docs.sumsub.com, "Get applicant data") with an applicant whom it approved, or not.
fn world(answer: &'static str) -> World {
    let applicant = json!({
        "id": "66f0a1b2c3d4e5f601234567", "externalUserId": "case-7", "type": "individual", "email": "canary@example.test",
        "review": {
            "levelName": "kyc", "reviewStatus": "completed",
            "reviewResult": {"reviewAnswer": answer, "reviewRejectType": "FINAL"},
        },
        "info": {
            // A terminal would turn round what stands behind the second character.
            "firstName": "Canary-Ada", "lastName": "Lovelace\u{202e}", "dob": "1815-12-10", "nationality": "GBR",
            "idDocs": [{"idDocType": "PASSPORT", "country": "GBR", "number": "canary-123"}],
        },
    });
    let world = World::at(Vendor::run(move |_, _| Reply::json(200, &applicant)));
    let base = &world.vendor.base;
    world.write(
        "idv.toml",
        &format!(
            "active = \"direct\"\n[providers.direct]\nkind = \"sumsub\"\nbase_url = \"{base}\"\napp_token = \"prd:token-0001\"\n\
             secret_key = \"secret-key-0001\"\nlevel = \"kyc\"\n"
        ),
    );
    world
}

#[test]
fn the_document_has_every_fact_and_null_where_there_is_none() {
    let found = world("GREEN").json("check direct:id:case-7 --identity").found("verification");
    assert_eq!(
        found["identity"],
        json!({
            "first_name": "Canary-Ada", "last_name": "Lovelace\u{202e}", "full_name": null, "date_of_birth": "1815-12-10",
            "nationality": "GB", "address": null, "email": "canary@example.test", "phone": null,
            "document": {"kind": "passport", "number": "canary-123", "issuing_country": "GB", "expires_on": null},
        })
    );
    assert_eq!(found["status"], "approved");
    let rejected = world("RED").json("check direct:id:case-7 --identity").found("verification");
    assert_eq!((&rejected["status"], &rejected["identity"]), (&json!("rejected"), &Value::Null));
    assert!(rejected.as_object().unwrap().contains_key("identity"));
}

#[test]
fn people_read_a_line_for_each_fact_or_why_there_is_none() {
    let ran = world("GREEN").idv("check direct:id:case-7 --identity").run().exits(0);
    let lines: Vec<String> =
        ran.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "status approved",
        "first name Canary-Ada",
        "last name Lovelace\\u{202e}",
        "date of birth 1815-12-10",
        "nationality GB",
        "email canary@example.test",
        "document kind passport",
        "document number canary-123",
        "document issuing country GB",
    ] {
        assert!(lines.iter().any(|own| own == line), "{line}: {ran}");
    }
    assert!(!ran.stdout.contains("expires on") && !ran.stdout.contains("phone"), "{ran}");
    let rejected = world("RED").idv("check direct:id:case-7 --identity").run().exits(0);
    assert!(rejected.stdout.contains("none: there is one only where the status is approved"), "{rejected}");
    // At a vendor without identities the check works all the same.
    let other = World::new().idv(&format!("{} --identity", about("check", "primary"))).run().exits(0);
    assert!(other.stdout.contains("none: this provider gives none"), "{other}");
}

#[test]
fn nothing_personal_is_printed_without_the_flag_and_nothing_is_logged_with_it() {
    let world = world("GREEN");
    for flags in ["", "--json", "-vvvv"] {
        let ran = world.idv(&format!("check direct:id:case-7 {flags}")).run().exits(0);
        let printed = format!("{ran}").to_lowercase();
        assert!(
            !printed.contains("canary") && !printed.contains("1815") && !printed.contains("identity\""),
            "{ran}"
        );
    }
    let ran = world.idv("check direct:id:case-7 --identity -vvvv").run().exits(0);
    let logged = ran.stderr.to_lowercase();
    assert!(
        !logged.contains("canary") && !logged.contains("1815") && !logged.contains("lovelace"),
        "{}",
        ran.stderr
    );
    let help = idv("check --help").run().exits(0).stdout;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        help.contains("--identity") && help.contains("prints personal data, as no other option does"),
        "{help}"
    );
}
