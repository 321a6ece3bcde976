//! Classifies English words: words that cannot name counted things, nouns for persons, plurals.

use super::word_set::WordSet;
use crate::document::MONTH_NAMES;

/// Returns whether a word, in lower case, is neither a noun nor an adjective, so that it cannot stand between a number
/// and the counted things.
pub(super) fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.contains(word)
}

#[rustfmt::skip]
static FUNCTION_WORDS: WordSet = WordSet::new(&[
    "a", "an", "the", "and", "or", "but", "nor", "of", "in", "on", "at", "to", "for", "from", "by", "with", "as",
    "into", "onto", "over", "under", "between", "among", "during", "through", "throughout", "after", "before", "since",
    "until", "within", "without", "against", "per", "via", "than", "that", "which", "who", "whom", "whose", "this",
    "these", "those", "it", "its", "he", "she", "they", "we", "i", "you", "his", "her", "their", "our", "your", "my",
    "is", "are", "was", "were", "be", "been", "being", "has", "have", "had", "will", "would", "can", "could", "may",
    "might", "shall", "should", "must", "do", "does", "did", "not", "if", "when", "where", "while", "because", "so",
    "about", "up", "down", "out", "including", "includes", "included", "such", "each", "every", "all", "only", "just",
    "also", "then", "there", "here", "am", "pm", "now", "today", "both", "either", "some", "any", "no", "us", "off",
    "around", "across", "along", "ago", "compared", "respectively", "annually", "alone", "together", "whether", "how",
    "why", "what", "above", "below", "yet", "o", "upon", "like", "unless", "though", "although", "january", "february",
    "march", "april", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar",
    "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "however", "last", "next", "please", "see",
]);

/// Returns whether a number after `word` identifies one item, as in "section 5" and "phase 2". `word` is in lower case,
/// and `is_capital` says whether the text writes it with a capital. Some words, such as building, are often verbs or
/// other nouns, so they count only with a capital letter.
pub(super) fn is_identifier_word(word: &str, is_capital: bool) -> bool {
    IDENTIFIER_WORDS.contains(word) || is_capital && CAPITAL_IDENTIFIER_WORDS.contains(word)
}

#[rustfmt::skip]
static IDENTIFIER_WORDS: WordSet = WordSet::new(&[
    "section", "sections", "article", "articles", "chapter", "chapters", "title", "titles", "paragraph", "paragraphs",
    "para", "paras", "clause", "clauses", "annex", "appendix", "schedule", "table", "tables", "figure", "fig", "figs",
    "page", "pages", "pp", "p", "no", "nos", "room", "suite", "phase", "step", "tier", "type", "grade", "version",
    "vol", "volume", "regulation", "rule", "psalm", "q", "h.r", "hr", "art", "sec", "ch", "covid", "tel", "fax",
    "phone", "telephone", "hotline", "dial", "docket", "zip", "proclamation", "chart", "exhibit", "route", "highway",
    "interstate", "sdg", "scope",
]);

/// Words that identify one item together with the number after them, but only if the text writes the word with a
/// capital: "Part 2", "Act 5".
#[rustfmt::skip]
static CAPITAL_IDENTIFIER_WORDS: WordSet = WordSet::new(&[
    "part", "parts", "number", "numbers", "floor", "level", "stage", "class", "category", "group", "pillar", "goal",
    "issue", "item", "items", "rules", "order", "resolution", "act", "law", "bill", "cap", "form", "flight", "building",
    "block", "blk", "unit", "district", "area", "zone", "ward", "gate", "terminal", "line", "track", "platform", "box",
    "code", "model", "series", "lot", "round", "session", "verse", "question", "s", "r", "apollo", "boeing", "windows",
    "option", "amendment", "size", "principle", "strategy", "channel", "call", "text", "case", "id", "division",
    "region", "publication", "l",
]);

/// Returns whether a noun, in lower case, names persons.
#[rustfmt::skip]
pub(super) fn is_person_noun(noun: &str) -> bool {
    static PERSON_NOUNS: WordSet = WordSet::new(&[
        "people", "person", "citizen", "resident", "student", "worker", "employee", "child", "men", "women", "man", "woman",
        "adult", "teacher", "patient", "veteran", "family member", "member", "participant", "talent", "academician",
        "buyer", "exhibitor", "visitor", "tourist", "passenger", "farmer", "refugee", "migrant", "victim", "officer", "official",
        "soldier", "troop", "american", "individual", "immigrant", "leader", "expert", "doctor", "nurse", "volunteer", "user",
        "customer", "consumer", "delegate", "representative", "senator", "judge", "defendant", "prisoner", "inmate", "trainee",
        "graduate", "apprentice", "professional", "scientist", "researcher", "engineer", "firefighter", "parent", "mother", "father",
        "youth", "senior", "girl", "boy", "baby", "babies", "infant", "driver", "owner", "player", "athlete", "staff", "personnel",
        "borrower", "taxpayer", "voter", "attorney", "prosecutor", "agent", "applicant", "beneficiary", "beneficiaries", "retiree",
        "caregiver", "commissioner", "minister", "singaporean", "ukrainian", "afghan", "respondent", "subscriber", "viewer",
        "civilian", "journalist", "educator", "learner", "survivor", "ambassador", "mayor", "governor", "nominee", "lawyer",
        "practitioner", "commuter", "household member", "enrollee", "smoker", "homeowner", "entrepreneur", "children", "seafarer", "guest", "attendee", "speaker", "colleague", "billionaire", "millionaire", "minor", "cleaner", "hawker", "stallholder",
    ]);
    let last = noun.rsplit([' ', '-', '\n']).next().unwrap_or(noun);
    let singular = last.strip_suffix('s').unwrap_or(last);
    PERSON_NOUNS.contains(last) || PERSON_NOUNS.contains(singular)
}

/// Returns whether a word, in lower case, is the name of a month or its abbreviation.
pub(super) fn is_month_name(word: &str) -> bool {
    MONTH_NAMES.iter().any(|month| *month == word || word.len() >= 3 && month.starts_with(word))
}

/// Returns whether a word, in lower case, is a noun in the plural.
#[rustfmt::skip]
pub(super) fn is_plural(word: &str) -> bool {
    let is_regular = word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is", "ous", "’s", "'s"].iter().any(|ending| word.ends_with(ending))
        && !matches!(word, "business" | "news" | "various" | "previous" | "serious" | "less" | "always" | "perhaps" | "towards"
            | "besides" | "sometimes" | "nowadays" | "thus" | "plus" | "gas" | "economics" | "overseas" | "says" | "means"
            | "afterwards" | "regards" | "unless" | "whereas" | "senior" | "religious");
    is_regular
        || matches!(word, "people" | "men" | "women" | "children" | "staff" | "personnel" | "aircraft" | "species" | "data"
            | "criteria" | "feet" | "teeth" | "mice" | "fish" | "sheep" | "media" | "phenomena" | "police" | "livestock" | "cattle"
            | "vaccine" | "countrymen" | "servicemen" | "businesses" | "buses" | "viruses" | "campuses" | "crises" | "analyses"
            | "bases" | "headquarters" | "jobs" | "gases" | "bonuses" | "offspring" | "spacecraft")
}

/// Returns whether a plural, in lower case, often stands before another noun: "sports" in "sports clubs", "goods" in
/// "consumer goods enterprises".
pub(super) fn is_plural_used_before_nouns(word: &str) -> bool {
    matches!(
        word,
        "goods"
            | "sports"
            | "rights"
            | "arts"
            | "sales"
            | "savings"
            | "systems"
            | "operations"
            | "women"
            | "services"
            | "communications"
            | "sciences"
            | "materials"
            | "products"
            | "resources"
            | "data"
            | "veterans"
            | "customs"
            | "skills"
            | "works"
            | "greens"
            | "states"
            | "nations"
            | "affairs"
            | "emissions"
            | "jobs"
    )
}
