//! The samples of every built-in description, and of files like them: what an application sees is what the document says.

use idv_session_api::Description;

#[test]
fn every_sample_of_every_built_in_description_holds() {
    let mut names = 0;
    for name in Description::built_in_names() {
        names += 1;
        let description = Description::built_in(name).unwrap_or_else(|| panic!("{name} cannot be read"));
        let samples = description.samples();
        assert!(samples.len() >= 4, "{name}: {} samples", samples.len());
        for sample in samples {
            assert_eq!(sample.differences, [""; 0], "{name}: {}", sample.name);
        }
        assert!(description.sources().count() >= 4, "{name}");
    }
    assert!(names > 0 && Description::built_in("nobody").is_none());
}

#[test]
fn a_sample_that_does_not_hold_says_what_is_seen_instead() {
    let text = "vendor = \"Acme\"\nstart.path = \"/s\"\ncheck.path = \"/s/{id}\"\nstatus_words.done = \"approved\"\n\
                [[samples]]\nname = \"a verdict\"\nanswer_to = \"check\"\nbody = '{\"id\":\"a\",\"status\":\"done\"}'\n\
                sees = { status = \"rejected\", session = \"a\", next_action = \"none\" }\n";
    let outcome = &Description::read(text).unwrap().samples()[0];
    assert_eq!(
        outcome.differences,
        ["status: the description says `rejected`, and an application sees `approved`"]
    );
    assert!(outcome.seen.contains(&("provider_status", "done".to_owned())));
    assert_eq!(outcome.error, None);
    let broken = text.replace("\"/s\"", "\"s\"").replace("\"approved\"", "\"yes\"");
    let problems = Description::read(&broken).unwrap_err();
    let places: Vec<_> = problems.iter().map(|one| (one.path.as_str(), one.line, one.column)).collect();
    assert_eq!(places, [("start.path", Some(2), Some(14)), ("status_words.done", Some(4), Some(21))]);
}

/// An application gets an error: its sentence says what is wrong with the description or the sample.
#[test]
fn a_sample_that_is_an_error_says_why() {
    let text = "vendor = \"Acme\"\nstart.path = \"/s\"\ncheck.path = \"/s/{id}\"\nstatus_words.done = \"approved\"\n\
                [webhook]\nscheme = \"shared-secret\"\nheader = \"x-secret\"\n\
                [[samples]]\nname = \"a notice\"\nwebhook = '{\"data\":{\"id\":\"a\",\"status\":\"done\"}}'\n\
                headers = { x-secret = \"sample-secret\" }\nsecret = \"sample-secret\"\nsees = { status = \"none\" }\n\
                [[samples]]\nname = \"a session without its id\"\nanswer_to = \"start\"\nbody = '{\"url\":\"https://acme.example/a\"}'\n\
                sees = { error = \"invalid_response\", retry = \"after_check\" }\n";
    let outcomes = Description::read(text).unwrap().samples();
    let why = outcomes[0].error.as_deref().unwrap();
    assert!(why.contains("authentic but cannot be read") && why.contains("/type"), "{why}");
    assert_eq!(outcomes[1].differences, [""; 0], "a session was made all the same");
    // Where some webhooks name their type and others do not, both are read.
    let typed = text.replace(
        "header = \"x-secret\"\n",
        "header = \"x-secret\"\nevent_type = \"/type\"\nevent_word = \"result\"\n",
    );
    let named = typed.replace("'{\"data\"", "'{\"type\":\"started\",\"data\"");
    for (text, event) in [(typed, "result"), (named, "started")] {
        let outcome = &Description::read(&text).unwrap().samples()[0];
        assert_eq!((outcome.error.as_deref(), outcome.differences.len()), (None, 0), "{outcome:?}");
        assert!(outcome.seen.contains(&("event_type", event.to_owned())), "{outcome:?}");
    }
}
