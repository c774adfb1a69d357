//! Templates: what is a placeholder and what is not, as a table, and that nothing panics or gets lost.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn rendered(text: &str, values: &[(&str, &'static str)]) -> Result<String, Missing> {
    let values: BTreeMap<String, &str> = values.iter().map(|(name, value)| (key(name), *value)).collect();
    Template::parse(text).render(|name| values.get(name).copied())
}

#[test]
fn placeholders_are_filled() {
    let values = [(" Name ", "Asha"), ("first name", "Juma"), ("_x-1", "{name}"), ("Größe", "42"), ("empty", "")];
    for (text, expected) in [
        ("Hi {name}!", "Hi Asha!"),
        ("{NAME}{name}", "AshaAsha"),
        ("{ name }", "Asha"),
        ("{First Name}", "Juma"),
        ("{_x-1}", "{name}"),
        ("{größe}", "42"),
        ("a{empty}b", "ab"),
        ("{{{name}}}", "{Asha}"),
        ("{{name}}", "{name}"),
        ("{name}}", "Asha}"),
        ("{{{{name}}}}", "{{name}}"),
    ] {
        assert_eq!(rendered(text, &values), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn what_is_no_name_is_literal() {
    for text in ["", "{}", "{ }", "{123}", "{1a}", "{-a}", "{a  b}", "{a.b}", "{a\tb}", "{a\nb}", "{", "}", "{a", "a}", "} {", "{a{b", "{\"json\": 1}", "{a,b}", "{’}"] {
        assert_eq!(rendered(text, &[("a", "x"), ("b", "y"), ("1a", "z")]), Ok(text.to_owned()), "{text:?}");
        assert!(Template::parse(text).is_plain(), "{text:?}");
    }
    assert_eq!(rendered("{{ and }} and {{}}", &[]), Ok("{ and } and {}".to_owned()));
    assert_eq!(rendered("{a{b}", &[("b", "y")]), Ok("{ay".to_owned()), "the inner one is a placeholder");
}

#[test]
fn names_are_each_told_once_and_a_missing_one_as_written() {
    let template = Template::parse("{Name} {town} { NAME } {Town} {{no}} {3}");
    assert_eq!(template.names().collect::<Vec<_>>(), ["name", "town"]);
    assert!(!template.is_plain());
    let missing = template.render(|name| (name == "name").then_some("Asha"));
    assert_eq!(missing, Err(Missing { name: "town".to_owned() }));
    assert_eq!(rendered("x { Plot No }", &[]).unwrap_err().to_string(), "there is no value for {Plot No}");
}

proptest! {
    #[test]
    fn no_text_panics_and_rendering_asks_for_exactly_its_names(text in "[{} a1_é\\-\n]{0,60}") {
        let template = Template::parse(&text);
        let names: Vec<String> = template.names().map(str::to_owned).collect();
        prop_assert!(template.render(|name| names.iter().any(|known| known == name).then_some("value")).is_ok());
        prop_assert_eq!(template.render(|_| None).is_ok(), names.is_empty());
        prop_assert_eq!(template.is_plain(), names.is_empty());
    }

    #[test]
    fn any_text_at_all_is_a_template(text in any::<String>()) {
        let template = Template::parse(&text);
        let most = text.len();
        prop_assert!(template.render(|_| Some("")).is_ok_and(|out| out.len() <= most));
    }

    #[test]
    fn escaped_texts_come_back(text in "[{} a1_é\\-]{0,60}", value in "[{}a]{0,5}") {
        let escaped = escape(&text);
        let template = Template::parse(&escaped);
        prop_assert!(template.is_plain());
        prop_assert_eq!(template.render(|_| None), Ok(text.clone()));
        let around = Template::parse(&format!("{escaped}{{name}}{escaped}"));
        let expected = format!("{text}{value}{text}");
        prop_assert_eq!(around.render(|_| Some(value.as_str())), Ok(expected), "values are taken as they are");
    }

    #[test]
    fn a_text_without_braces_is_itself(text in "[^{}]{0,60}") {
        prop_assert_eq!(Template::parse(&text).render(|_| None), Ok(text));
    }
}
