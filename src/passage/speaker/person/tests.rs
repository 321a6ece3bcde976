use super::*;

#[test]
fn names_are_distinguished_from_offices() {
    for (phrase, expected) in [
        ("Mei Lim", Some(("Mei Lim", None))),
        ("Ms Mei Lim", Some(("Mei Lim", None))),
        ("Minister Mei Lim", Some(("Mei Lim", Some("Minister")))),
        ("Ms. Okafor", Some(("Ms. Okafor", None))),
        ("President Okafor", Some(("President Okafor", Some("President")))),
        ("Lord Marlow", Some(("Lord Marlow", None))),
        ("Mr Tan bin Omar", Some(("Tan bin Omar", None))),
        ("Harbour Administrator Dr Tom Reed", Some(("Tom Reed", Some("Harbour Administrator")))),
        ("Secretary of State Ana Ortiz", Some(("Ana Ortiz", Some("Secretary of State")))),
        ("Attorney General Ruth K. Vale", Some(("Ruth K. Vale", Some("Attorney General")))),
        ("U.S. Attorney Tom Reed Jr.", Some(("Tom Reed Jr", Some("U.S. Attorney")))),
        (
            "Special Agent in Charge Reed",
            Some(("Special Agent in Charge Reed", Some("Special Agent in Charge"))),
        ),
        ("Minister for Ports Lim", None),
        ("Bank of Marlow Reed", None),
        ("Minister for Public Expenditure", None),
        ("Director of Public Prosecutions Ana Ortiz", None),
        (
            "Minister for Public Works Ms Ana Ortiz",
            Some(("Ana Ortiz", Some("Minister for Public Works"))),
        ),
        ("Mr Lee Hon Ming", Some(("Lee Hon Ming", None))),
        ("Shri Tom Reed", Some(("Tom Reed", None))),
        ("Assemblymember Ana Ortiz", Some(("Ana Ortiz", Some("Assemblymember")))),
        ("President von der Reed", Some(("President von der Reed", Some("President")))),
        ("Ana von der Reed", Some(("Ana von der Reed", None))),
        ("Mei Lim MSP", Some(("Mei Lim", None))),
        ("the Hon. Mei Lim CBE MP", Some(("Mei Lim", None))),
        ("Mei Lim AM.", Some(("Mei Lim", None))),
        ("T.J. Reed", Some(("T.J. Reed", None))),
        ("MP", None),
        ("Minister MP", None),
        ("Mr Tan Kiat How", Some(("Tan Kiat How", None))),
        ("Mr Reed How", None),
        ("Tan Kiat How", None),
        (
            "Deputy Prime Minister and Minister for Finance Mei Lim",
            Some(("Mei Lim", Some("Deputy Prime Minister and Minister for Finance"))),
        ),
        ("The Ministry", None),
        ("Harbour", None),
        ("GDP", None),
        ("As President Okafor", None),
    ] {
        let person = person(phrase);
        let actual = person.as_ref().map(|person| (person.name.as_str(), person.office.as_deref()));
        assert_eq!(actual, expected, "{phrase}");
    }
}

#[test]
fn names_at_the_start_of_a_text_end_before_the_rest_of_the_sentence() {
    for (text, expected) in [
        ("Mei Lim, Minister for Ports.", Some(("Mei Lim", Some("Minister for Ports")))),
        ("Director Tom Reed of the Harbour Office. More", Some(("Tom Reed", Some("Director")))),
        (
            "Tom Reed, an assistant professor of law at",
            Some(("Tom Reed", Some("assistant professor"))),
        ),
        ("the Minister for Ports, Ms Mei Lim.", Some(("Mei Lim", Some("Minister for Ports")))),
        ("Minister Lim. “More", Some(("Minister Lim", Some("Minister")))),
        ("Mei Lim MS, the Finance Minister.", Some(("Mei Lim", Some("Finance Minister")))),
        ("Mei Lim AM. “More", Some(("Mei Lim", None))),
        ("the Hon. Mei Lim MP, Minister for Ports.", Some(("Mei Lim", Some("Minister for Ports")))),
        (
            "the Minister for Public Works, Mei Lim.",
            Some(("Mei Lim", Some("Minister for Public Works"))),
        ),
        ("a Minister for Ports, Mei Lim.", None),
        ("that prices fell", None),
        ("the Ministry of Ports.", None),
    ] {
        let person = leading_person(text);
        let actual =
            person.as_ref().map(|(person, _)| (person.name.as_str(), person.office.as_deref()));
        assert_eq!(actual, expected, "{text}");
    }
}
