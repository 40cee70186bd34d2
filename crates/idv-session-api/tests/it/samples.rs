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
    let broken = text.replace("\"/s\"", "\"s\"").replace("\"approved\"", "\"yes\"");
    let problems = Description::read(&broken).unwrap_err();
    let places: Vec<_> = problems.iter().map(|one| (one.path.as_str(), one.line, one.column)).collect();
    assert_eq!(places, [("start.path", Some(2), Some(14)), ("status_words.done", Some(4), Some(21))]);
}
