//! English words by their role in the name of a speaker: honorifics, offices, parts of names, and words that are never
//! part of a name.

use crate::document::is_organization_word;

/// Honorifics before a name, without their full stop.
const HONORIFICS: [&str; 15] = [
    "Mr",
    "Ms",
    "Mrs",
    "Mdm",
    "Madam",
    "Miss",
    "Dr",
    "Prof",
    "Professor",
    "Assoc",
    "Sir",
    "Lord",
    "Lady",
    "Dame",
    "Er",
];
/// Honorifics that are also names, so that only their abbreviation with a full stop is an honorific: `Sen.`, `Hon.`.
const ABBREVIATED_HONORIFICS: [&str; 12] = [
    "Rev.", "Hon.", "Gen.", "Col.", "Maj.", "Lt.", "Capt.", "Sgt.", "Sen.", "Rep.", "Gov.", "Amb.",
];
/// Words that end the title of an office. A name may follow them.
const OFFICES: [&str; 92] = [
    "Director",
    "Director-General",
    "Minister",
    "Secretary",
    "Secretary-General",
    "Chairman",
    "Chairwoman",
    "Chairperson",
    "Chair",
    "Co-Chair",
    "Commissioner",
    "President",
    "Governor",
    "Mayor",
    "Chief",
    "Head",
    "Officer",
    "Administrator",
    "Spokesperson",
    "Spokesman",
    "Spokeswoman",
    "Deputy",
    "Vice",
    "Assistant",
    "Associate",
    "General",
    "CEO",
    "COO",
    "CFO",
    "CTO",
    "CIO",
    "CISO",
    "Attorney",
    "Coordinator",
    "Counsel",
    "Counselor",
    "Ambassador",
    "Adviser",
    "Advisor",
    "Inspector",
    "Manager",
    "Agent",
    "Charge",
    "Judge",
    "Speaker",
    "Senator",
    "Representative",
    "Congressman",
    "Congresswoman",
    "Councillor",
    "Premier",
    "Chancellor",
    "Lead",
    "Leader",
    "Principal",
    "Superintendent",
    "Sheriff",
    "Prosecutor",
    "Treasurer",
    "Registrar",
    "Provost",
    "Queen",
    "Princess",
    "Gentleman",
    "Founder",
    "Co-Founder",
    "Partner",
    "Economist",
    "Scientist",
    "Analyst",
    "Fellow",
    "Researcher",
    "Engineer",
    "Ombudsman",
    "Envoy",
    "Negotiator",
    "Undersecretary",
    "Taoiseach",
    "ADIC",
    "SMS",
    "SPS",
    "MOS",
    "Controller",
    "Comptroller",
    "Executive",
    "Librarian",
    "Archivist",
    "Curator",
    "Admiral",
    "Colonel",
    "Sergeant",
    "Laureate",
];
/// Particles that belong to a name although they are written in lower case.
const PARTICLES: [&str; 15] = [
    "de", "da", "di", "du", "bin", "binte", "bte", "van", "von", "der", "den", "al", "el", "s/o",
    "d/o",
];
/// Words after a name that belong to the name.
const SUFFIXES: [&str; 7] = ["Jr", "Sr", "II", "III", "IV", "OBE", "QC"];
/// Capitalized words that are never part of a name: function words at the start of a sentence or in a headline, days and
/// months, fields of government, and places that occur in titles of offices.
const NEVER_NAMES: [&str; 280] = [
    "The",
    "This",
    "That",
    "These",
    "Those",
    "It",
    "He",
    "She",
    "They",
    "We",
    "You",
    "I",
    "A",
    "An",
    "And",
    "But",
    "Or",
    "So",
    "If",
    "As",
    "When",
    "While",
    "Like",
    "In",
    "On",
    "At",
    "By",
    "For",
    "From",
    "To",
    "With",
    "Of",
    "Under",
    "Over",
    "Before",
    "After",
    "During",
    "Since",
    "Until",
    "Where",
    "Although",
    "Though",
    "Because",
    "Once",
    "Today",
    "Yesterday",
    "Tomorrow",
    "Tonight",
    "Meanwhile",
    "Then",
    "Now",
    "Later",
    "Earlier",
    "Also",
    "However",
    "Thank",
    "Thanks",
    "Dear",
    "Yes",
    "No",
    "Not",
    "Just",
    "Last",
    "Next",
    "First",
    "Second",
    "Third",
    "Former",
    "Acting",
    "Our",
    "Their",
    "His",
    "Her",
    "Its",
    "My",
    "Your",
    "What",
    "Who",
    "Why",
    "How",
    "Which",
    "There",
    "Here",
    "All",
    "Both",
    "Each",
    "Every",
    "Some",
    "Many",
    "Most",
    "More",
    "Other",
    "Another",
    "Let",
    "Please",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "January",
    "February",
    "March",
    "July",
    "September",
    "October",
    "November",
    "December",
    "Report",
    "Act",
    "Bill",
    "Law",
    "Section",
    "Article",
    "Chapter",
    "Annex",
    "Congress",
    "Senate",
    "House",
    "Parliament",
    "Government",
    "Republicans",
    "Democrats",
    "Republican",
    "Democratic",
    "Democrat",
    "Americans",
    "American",
    "British",
    "United",
    "States",
    "Kingdom",
    "Nations",
    "European",
    "Union",
    "World",
    "National",
    "Federal",
    "International",
    "Public",
    "Group",
    "Company",
    "Corp",
    "Inc",
    "Ltd",
    "LLC",
    "Bank",
    "Fund",
    "Program",
    "Programme",
    "Project",
    "Plan",
    "Team",
    "Force",
    "Task",
    "State",
    "Defense",
    "Defence",
    "Finance",
    "Foreign",
    "Affairs",
    "Health",
    "Trade",
    "Industry",
    "Education",
    "Transport",
    "Transportation",
    "Environment",
    "Sustainability",
    "Security",
    "Home",
    "Homeland",
    "Manpower",
    "Energy",
    "Intelligence",
    "Terrorism",
    "Treasury",
    "Commerce",
    "Labor",
    "Labour",
    "Agriculture",
    "Justice",
    "Interior",
    "Budget",
    "Policy",
    "Communications",
    "Development",
    "Services",
    "Resources",
    "Water",
    "Climate",
    "Culture",
    "Community",
    "Youth",
    "Sport",
    "Digital",
    "Information",
    "Technology",
    "Science",
    "Innovation",
    "Research",
    "Rights",
    "Relations",
    "Operations",
    "Investigation",
    "Investigations",
    "Enforcement",
    "Programs",
    "Management",
    "Strategy",
    "Technologies",
    "Press",
    "White",
    "Court",
    "Supreme",
    "District",
    "North",
    "South",
    "East",
    "Eastern",
    "Western",
    "Northern",
    "Southern",
    "California",
    "Pennsylvania",
    "York",
    "Jersey",
    "Texas",
    "Florida",
    "Illinois",
    "Massachusetts",
    "Louisiana",
    "Colorado",
    "Indiana",
    "Ohio",
    "Delaware",
    "China",
    "America",
    "England",
    "Singapore",
    "Britain",
    "Platforms",
    "University",
    "Honoring",
    "Announcing",
    "Commemorating",
    "Marking",
    "Celebrating",
    "Welcoming",
    "Regarding",
    "Following",
    "Signing",
    "Nominating",
    "Recognizing",
    "Assessing",
    "Delivering",
    "Urging",
    "Calling",
    "Condemning",
    "Congratulating",
    "Thanking",
    "Supporting",
    "Launching",
    "Presenting",
    "Visiting",
    "Meeting",
    "Hosting",
    "Joining",
    "Training",
    "En",
    "Route",
    "Civil",
    "Division",
    "Internal",
    "Revenue",
    "Criminal",
    "Departments",
    "Asset",
];
/// Words of titles of offices between a name and its first capital, in lower case: `director of the program`.
const LOWER_CASE_OFFICES: [&str; 32] = [
    "director",
    "professor",
    "manager",
    "president",
    "chairman",
    "chair",
    "minister",
    "secretary",
    "head",
    "officer",
    "executive",
    "spokesperson",
    "spokesman",
    "spokeswoman",
    "administrator",
    "chief",
    "leader",
    "lead",
    "fellow",
    "scientist",
    "researcher",
    "founder",
    "specialist",
    "coordinator",
    "analyst",
    "commissioner",
    "assistant",
    "associate",
    "deputy",
    "senior",
    "vice",
    "former",
];

/// Returns whether `word` is an honorific, with or without its full stop: `Ms`, `Dr.`.
pub(super) fn is_honorific(word: &str) -> bool {
    HONORIFICS.contains(&word.strip_suffix('.').unwrap_or(word))
        || ABBREVIATED_HONORIFICS.contains(&word)
}

/// Returns whether `word` ends the title of an office: `Minister`, `Attorney`.
pub(super) fn is_office(word: &str) -> bool {
    OFFICES.contains(&word)
}

/// Returns whether a phrase contains a word for an office, in capitals or in lower case.
pub(crate) fn names_office(phrase: &str) -> bool {
    phrase.split_whitespace().any(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        OFFICES.contains(&word) || LOWER_CASE_OFFICES.contains(&word)
    })
}

/// Returns whether `word` is a particle of a name: `de`, `bin`.
pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

/// Returns whether `word` connects the parts of the title of an office: `of` in `Head of Data`.
pub(super) fn is_connector(word: &str) -> bool {
    matches!(word, "of" | "for" | "and" | "the" | "in" | "to" | "&")
}

/// Returns whether `word` may begin or continue a name: it begins with a capital, contains a lower-case letter, and is
/// neither an office, an honorific, nor a word that is never part of a name.
pub(super) fn is_name_word(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(|c| c.is_alphabetic() || matches!(c, '-' | '‑' | '\u{2060}' | '’' | '\''))
        && word.chars().any(char::is_lowercase)
        && !word.ends_with(['’', '\''])
        && !is_possessive(word)
        && !is_office(word)
        && !is_honorific(word)
        && !is_organization_word(word)
        && !NEVER_NAMES.contains(&word)
}

/// Returns whether `word` is a possessive form: `Singapore’s`.
pub(super) fn is_possessive(word: &str) -> bool {
    word.ends_with("’s") || word.ends_with("'s")
}

/// Returns whether `word` is an initial of a name: `F.`, `J`, `T.J.`.
pub(super) fn is_initial(word: &str) -> bool {
    let letters = word.chars().filter(|c| *c != '.').count();
    (letters == 1 || letters == 2 && word.contains('.'))
        && word.chars().all(|c| c == '.' || c.is_uppercase())
        && word != "U.S."
        && word != "U.K."
}

/// Returns whether `word` belongs after a name: `Jr.`, `III`.
pub(super) fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&word.strip_suffix('.').unwrap_or(word))
}

/// Returns whether a headline in capitalized words goes on with `word` after a name: `Remarks by President Ortiz Before …`.
pub(super) fn ends_headline_name(word: &str) -> bool {
    const PREPOSITIONS: [&str; 14] = [
        "at",
        "At",
        "on",
        "En",
        "On",
        "In",
        "To",
        "With",
        "For",
        "Before",
        "After",
        "During",
        "Following",
        "Regarding",
    ];
    PREPOSITIONS.contains(&word)
        || word.ends_with("ing") && word.len() > 6 && NEVER_NAMES.contains(&word)
}

/// Returns whether a word opens a subordinate clause: `As the minister said`.
pub(super) fn is_subordinating(word: &str) -> bool {
    matches!(
        word,
        "As" | "Like"
            | "When"
            | "While"
            | "If"
            | "Although"
            | "Though"
            | "Because"
            | "Since"
            | "After"
            | "Before"
            | "Once"
            | "Where"
            | "as"
            | "like"
            | "when"
            | "while"
            | "if"
            | "because"
            | "what"
            | "What"
            | "that"
            | "who"
    )
}
