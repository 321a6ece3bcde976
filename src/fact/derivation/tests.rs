//! Tests of derivations: which figures are recomputed, and which agree.

use super::*;
use crate::fact::{Publication, facts};

/// Returns the derivations of a text, each as `19.5% growth: agrees` or `19.5% growth: 21.3`.
fn derivations_of(text: &str) -> Vec<String> {
    let facts = facts(text, Publication::default());
    let derivations = facts.derivations(text).into_iter().map(|derivation| {
        let Derivation { kind, derived_index, computed_value, agrees, .. } = derivation;
        let figure = facts.quantities[derived_index].span.of(text);
        let result = if agrees { "agrees".to_owned() } else { format!("{computed_value:.1}") };
        format!("{figure} {}: {result}", kind.name())
    });
    derivations.collect()
}

#[test]
fn changes_between_named_values_are_recomputed() {
    for (text, expected) in [
        (
            "Jobs increased from 4 million in 2021 to 5 million, a growth rate of 25%.",
            "25% growth: agrees",
        ),
        (
            "Jobs increased from 4.00 million to 5.00 million, an increase of 20%.",
            "20% growth: 25.0",
        ),
        ("Jobs grew 25% from 4.00 million to 5.00 million.", "25% growth: agrees"),
        ("Jobs reached 5.00 million, up 30% from 4.00 million in 2021.", "30% growth: 25.0"),
        (
            "The rate rose from 30% to 35%, up 5 percentage points.",
            "5 percentage points difference: agrees",
        ),
        (
            "The rate rose from 30.0% to 35.0%, up 6 percentage points.",
            "6 percentage points difference: 5.0",
        ),
        (
            "The rate rose from 8.00% to 8.25%, an increase of 50 basis points.",
            "50 basis points difference: 25.0",
        ),
        ("Output fell from 500 tonnes to 400 tonnes, a decrease of 20%.", "20% growth: agrees"),
        ("Output fell from 500 tonnes to 400 tonnes, a decrease of 30%.", "30% growth: -20.0"),
        ("就业人数从400万人增加到500万人，增长25%。", "25% growth: agrees"),
        ("就业人数从400万人增加到500万人，增长35%。", "35% growth: 25.0"),
        (
            "Jobs increased from 4.00 million to 5.00 million, up more than 20%.",
            "20% growth: agrees",
        ),
        ("Jobs increased from 4.00 million to 5.00 million, up more than 30%.", "30% growth: 25.0"),
    ] {
        assert_eq!(derivations_of(text), [expected], "{text}");
    }
}

#[test]
fn shares_of_named_wholes_are_recomputed() {
    for (text, expected) in [
        (
            "The number of skilled workers reached 5.0 million. Women were 2.0 million, accounting for 40% of the \
             number of skilled workers.",
            "40% share: agrees",
        ),
        (
            "The number of skilled workers reached 5.0 million. Women were 2.0 million, accounting for 50% of the \
             number of skilled workers.",
            "50% share: 40.0",
        ),
        (
            "技能人才总量达500万人，其中高技能人才200万人，占技能人才总量的40%。",
            "40% share: agrees",
        ),
        ("技能人才总量达500万人，其中高技能人才200万人，占技能人才总量的45%。", "45% share: 40.0"),
    ] {
        assert_eq!(derivations_of(text), [expected], "{text}");
    }
}

#[test]
fn figures_for_other_times_or_subjects_are_not_recomputed() {
    for text in [
        "Jobs increased from 4 million to 5 million, with an average annual growth of 6%.",
        "Jobs increased from 4 million to 5 million, up 3% year on year.",
        "就业人数从400万人增加到500万人，年均增长6%。",
        "Jobs increased from more than 4 million to 5 million, a growth of 60%.",
        "Jobs increased from 4 million to 5 million. Pay rose by 3%.",
        "Prices rose by 3%. Women were 2.0 million, accounting for 40% of voters.",
        "Ports handled 5 million tonnes. Women were 2.0 million, accounting for 10% of all workers.",
        "",
    ] {
        assert_eq!(derivations_of(text), [""; 0], "{text}");
    }
}

/// Sentence with a total, a part, the share of the part and their growth.
const SENTENCE_WITH_SHARE_AND_GROWTH: &str = "The number of skilled workers increased from 3.53 million in 2021 to 4.22 million, a growth rate \
    of 19.5%. Among them, technicians increased more, rising by 30% compared with 2021 to reach 1.609 million, \
    accounting for 38.1% of the number of skilled workers, up from 35% in 2021.";

#[test]
fn a_changed_figure_disagrees_only_in_its_own_derivation() {
    let all = ["19.5% growth: agrees", "30% growth of a share: agrees", "38.1% share: agrees"];
    assert_eq!(derivations_of(SENTENCE_WITH_SHARE_AND_GROWTH), all);
    for (index, figure, other) in [(0, "19.5%", "29.5%"), (1, "30%", "40%"), (2, "38.1%", "48.1%")]
    {
        let results = derivations_of(&SENTENCE_WITH_SHARE_AND_GROWTH.replace(figure, other));
        for (result, before) in results.iter().zip(all) {
            let is_broken = !result.ends_with("agrees");
            assert_eq!(is_broken, before == all[index], "{figure}: {results:?}");
        }
    }
}
