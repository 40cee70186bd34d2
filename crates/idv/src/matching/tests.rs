use idv_core::{Pii, StartRequest, VerifiedIdentity};
use proptest::prelude::*;

use super::*;

fn verified(name: &str, born: &str) -> VerifiedIdentity {
    let mut verified = VerifiedIdentity::default();
    verified.full_name = identity::text(name);
    verified.date_of_birth = identity::date(born);
    verified
}

fn name(believed: &str, found: &str) -> Likeness {
    BelievedIdentity::full_name(believed).compare(&verified(found, "")).name
}

#[test]
fn names_are_the_same_in_any_order_case_and_alphabet() {
    for (believed, found) in [
        ("Ada King", "Ada King"),
        ("Ada King", "KING ADA"),
        ("Ada King", "King, Ada"),
        ("Jürgen Müller", "MUELLER JUERGEN"),
        ("Jürgen Müller", "Jurgen Muller"),
        ("Ju\u{308}rgen Mu\u{308}ller", "Jürgen Müller"),
        ("Søren Kierkegård", "SOEREN KIERKEGAARD"),
        ("Weiß", "WEISS"),
        ("Łukasz Żółć", "Lukasz Zolc"),
        ("Иван Петров", "Ivan Petrov"),
        ("Ольга Васильева", "Olga Vasileva"),
        ("Γιώργος Παππάς", "Giorgos Pappas"),
        ("毛泽东", "Mao Zedong"),
        ("Jean-Luc Picard", "Jean Luc Picard"),
        ("Anne-Marie King", "Annemarie King"),
        ("Sean O'Brien", "OBRIEN SEAN"),
        ("Sean O\u{2019}Brien", "Sean O'Brien"),
        ("Đặng Thị Hoa", "Dang Thi Hoa"),
    ] {
        assert_eq!(name(believed, found), Likeness::Match, "{believed}, {found}");
        assert_eq!(name(found, believed), Likeness::Match, "{found}, {believed}");
    }
}

#[test]
fn names_that_may_be_the_same_are_for_a_person_to_look_at() {
    for (believed, found) in [
        ("Ada King", "Ada Augusta King"),
        ("José García", "José García Márquez"),
        ("A. King", "Ada King"),
        ("Bill Gates", "William Gates"),
        ("Kate Smith", "Catherine Smith"),
        ("Ada King", "Ada Kinng"),
        ("Hans Schmidt", "Hans Schmitt"),
        ("Dr. Ada King", "Ada King"),
        ("Mueller Hans", "Muller Hans"),
        ("King", "Ada King"),
        // A letter without a Latin spelling.
        ("\u{2c60}\u{a7d3} King", "\u{2c60} King"),
    ] {
        assert_eq!(name(believed, found), Likeness::Partial, "{believed}, {found}");
        assert_eq!(name(found, believed), Likeness::Partial, "{found}, {believed}");
    }
}

#[test]
fn other_names_are_other_people() {
    for (believed, found) in [
        ("Ada King", "Ada Byron"),
        ("Ada King", "Eva King"),
        ("Ada King", "Grace Hopper"),
        ("Ann Lee", "Ana Lei"),
        ("Ada Ada King", "Ada King King"),
        ("Иван Петров", "Иван Сидоров"),
        ("Bo Li", "Bo Lu"),
    ] {
        assert_eq!(name(believed, found), Likeness::Mismatch, "{believed}, {found}");
        assert_eq!(name(found, believed), Likeness::Mismatch, "{found}, {believed}");
    }
}

#[test]
fn a_missing_name_is_unknown() {
    for (believed, found) in [("", "Ada King"), ("Ada King", ""), ("-", "Ada King"), ("", "")] {
        assert_eq!(name(believed, found), Likeness::Unknown, "{believed}, {found}");
    }
}

#[test]
fn the_parts_and_the_whole_name_are_two_chances() {
    let believed = BelievedIdentity::named("Ottoline", "Featherquill");
    let mut found = verified("Ottoline Violet Featherquill", "");
    assert_eq!(believed.compare(&found).name, Likeness::Partial);
    (found.first_name, found.last_name) = (Some(Pii::new("OTTOLINE")), Some(Pii::new("FEATHERQUILL")));
    assert_eq!(believed.compare(&found).name, Likeness::Match);
    found.full_name = None;
    found.first_name = None;
    assert_eq!(believed.compare(&found).name, Likeness::Partial);
}

#[test]
fn dates_agree_wholly_in_part_or_not() {
    for (believed, found, expected) in [
        ("1980-03-09", "1980-03-09", Likeness::Match),
        ("1980-03-09", "1980-09-03", Likeness::Partial),
        ("1980-03-09", "1981-03-09", Likeness::Partial),
        ("1980-03-09", "1980-03-10", Likeness::Partial),
        ("1980-03-09", "1981-09-03", Likeness::Mismatch),
        ("1980-03-09", "1990-04-09", Likeness::Mismatch),
        ("1980-03-09", "", Likeness::Unknown),
    ] {
        let believed = BelievedIdentity::full_name("").born_on(believed).unwrap();
        assert_eq!(believed.compare(&verified("", found)).date_of_birth, expected, "{believed:?}, {found}");
    }
    for text in ["", "1980", "09.03.1980", "1980-13-01", "1980-02-30", "tomorrow"] {
        let error = BelievedIdentity::full_name("Ada King").born_on(text).unwrap_err();
        assert_eq!(error.to_string(), "expected a date such as `1815-12-10`");
    }
}

#[test]
fn what_the_vendor_does_not_tell_is_no_match() {
    let believed = BelievedIdentity::full_name("Ada King").born_on("1815-12-10").unwrap();
    let overall = |name, born| believed.compare(&verified(name, born)).overall();
    assert_eq!(overall("Ada King", "1815-12-10"), Likeness::Match);
    assert_eq!(overall("Ada King", ""), Likeness::Partial);
    assert_eq!(overall("", "1815-12-10"), Likeness::Partial);
    assert_eq!(overall("A. King", "1815-12-10"), Likeness::Partial);
    assert_eq!(overall("Grace Hopper", "1815-12-10"), Likeness::Mismatch);
    assert_eq!(overall("Ada King", "1906-12-09"), Likeness::Mismatch);
    assert_eq!(overall("", ""), Likeness::Unknown);
    // Nothing is expected of a fact that the application does not know.
    let named = BelievedIdentity::full_name("Ada King");
    assert_eq!(named.compare(&verified("Ada King", "1815-12-10")).overall(), Likeness::Match);
    assert_eq!(
        BelievedIdentity::full_name("").compare(&verified("Ada King", "")).overall(),
        Likeness::Unknown
    );
}

#[test]
fn a_start_says_what_the_application_believes() {
    let mut start = StartRequest::new("case-7");
    (start.first_name, start.last_name) = (Some(Pii::new("Ada")), Some(Pii::new("King")));
    start.date_of_birth = Some(Pii::new("1815-12-10"));
    let believed = BelievedIdentity::of_start(&start).unwrap();
    assert_eq!(believed.compare(&verified("King Ada", "1815-12-10")).overall(), Likeness::Match);
    start.date_of_birth = Some(Pii::new("10.12.1815"));
    assert!(BelievedIdentity::of_start(&start).is_err());
}

#[test]
fn nothing_of_the_applicant_is_printed() {
    let believed = BelievedIdentity::full_name("Canary King").born_on("1815-12-10").unwrap();
    let comparison = believed.compare(&verified("Canary King", "1815-12-10"));
    let text = format!("{believed:?} {comparison:?} {}", serde_json::json!(comparison));
    assert!(!text.contains("Canary") && !text.contains("1815"), "{text}");
    assert_eq!(serde_json::json!(comparison), serde_json::json!({"name": "match", "date_of_birth": "match"}));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_two_names_are_compared_alike_from_both_sides(one in "\\PC{0,24}", other in "\\PC{0,24}") {
        prop_assert_eq!(name(&one, &other), name(&other, &one));
    }

    #[test]
    fn a_name_is_like_itself_in_any_order(words in prop::collection::vec("[A-Za-zÀ-ÖØ-öø-ž]{2,9}", 1..5), turn in 0_usize..5) {
        let mut turned = words.clone();
        turned.rotate_left(turn % words.len());
        let likeness = name(&words.join(" "), &turned.join(" ").to_uppercase());
        prop_assert!(matches!(likeness, Likeness::Match | Likeness::Unknown), "{words:?}: {likeness}");
    }
}
