//! Recognizes quantities that state how much something increased or decreased.

use super::{draft::QuantityDraft, folded_text::FoldedText, number::ImpliedUnit, unit::Dimension};

/// Direction of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Change {
    /// The quantity is the amount of an increase.
    Increase,
    /// The quantity is the amount of a decrease.
    Decrease,
}

impl Change {
    /// Returns the name of the direction: `increase` or `decrease`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Increase => "increase",
            Self::Decrease => "decrease",
        }
    }
}

use Change::{Decrease, Increase};

/// Words in lower case that directly precede a number and show that the number is the amount of a change, each with the
/// direction of the change.
const CHANGE_WORDS_BEFORE_NUMBER: &[(&str, Change)] = &[
    ("increased by", Increase),
    ("increase by", Increase),
    ("increasing by", Increase),
    ("increase of", Increase),
    ("increases of", Increase),
    ("increased", Increase),
    ("increase", Increase),
    ("growth rate of", Increase),
    ("growth of", Increase),
    ("grew by", Increase),
    ("grew", Increase),
    ("grow by", Increase),
    ("grown by", Increase),
    ("grown", Increase),
    ("rose by", Increase),
    ("rose", Increase),
    ("risen by", Increase),
    ("risen", Increase),
    ("rising by", Increase),
    ("rise of", Increase),
    ("rise by", Increase),
    ("raised by", Increase),
    ("raise by", Increase),
    ("expanded by", Increase),
    ("up by", Increase),
    ("up", Increase),
    ("gain of", Increase),
    ("jumped", Increase),
    ("jumped by", Increase),
    ("decreased by", Decrease),
    ("decrease by", Decrease),
    ("decrease of", Decrease),
    ("decreased", Decrease),
    ("declined by", Decrease),
    ("decline of", Decrease),
    ("declined", Decrease),
    ("dropped by", Decrease),
    ("dropped", Decrease),
    ("drop of", Decrease),
    ("fell by", Decrease),
    ("fell", Decrease),
    ("fallen by", Decrease),
    ("reduced by", Decrease),
    ("reduce by", Decrease),
    ("reducing by", Decrease),
    ("reduction of", Decrease),
    ("reduced", Decrease),
    ("cut by", Decrease),
    ("lowered by", Decrease),
    ("down by", Decrease),
    ("down", Decrease),
    ("增长速度为", Increase),
    ("增长了", Increase),
    ("增长", Increase),
    ("增加了", Increase),
    ("增加", Increase),
    ("提高了", Increase),
    ("提高", Increase),
    ("上升", Increase),
    ("上涨", Increase),
    ("新增", Increase),
    ("增幅为", Increase),
    ("增速为", Increase),
    ("扩大", Increase),
    ("成长", Increase),
    ("攀升", Increase),
    ("下降了", Decrease),
    ("下降", Decrease),
    ("减少了", Decrease),
    ("减少", Decrease),
    ("降低了", Decrease),
    ("降低", Decrease),
    ("下跌", Decrease),
    ("下滑", Decrease),
    ("衰退", Decrease),
    ("回落", Decrease),
    ("缩短", Decrease),
    ("减", Decrease),
    ("降", Decrease),
    ("增", Increase),
    ("涨", Increase),
];
/// Words in lower case that follow a quantity and show that the quantity is the amount of a change, each with the
/// direction of the change.
const CHANGE_WORDS_AFTER_QUANTITY: &[(&str, Change)] = &[
    ("increase", Increase),
    ("rise", Increase),
    ("growth", Increase),
    ("jump", Increase),
    ("gain", Increase),
    ("higher", Increase),
    ("decrease", Decrease),
    ("decline", Decrease),
    ("drop", Decrease),
    ("reduction", Decrease),
    ("cut", Decrease),
    ("fall", Decrease),
    ("lower", Decrease),
];

/// Verbs that mean no increase together with "up": "made up 93 percent".
#[rustfmt::skip]
const VERBS_WITH_UP: [&str; 34] = [
    "made", "make", "makes", "making", "take", "takes", "took", "taken", "taking", "set", "sets", "setting", "sign",
    "signs", "signed", "signing", "give", "gave", "pick", "picked", "open", "opens", "opened", "opening", "build", "built",
    "buy", "bought", "use", "used", "end", "ended", "snapped", "put",
];

/// Returns `Increase` or `Decrease` if the quantity is the amount of such a change. `None` if the quantity is not the
/// amount of a change.
pub(super) fn direction_of_change(source: &FoldedText, draft: &QuantityDraft) -> Option<Change> {
    if draft.number.implied_unit == ImpliedUnit::Multiple {
        let text = source.text_between(draft.number.start, draft.number.end);
        return Some(if text.starts_with("halv") { Decrease } else { Increase });
    }
    let end = source.skip_blanks_back(draft.start_with_comparator);
    let window = source.window_before(end, 40);
    let before = CHANGE_WORDS_BEFORE_NUMBER.iter().find(|(words, _)| {
        window.strip_suffix(words).is_some_and(|rest| {
            !words.is_ascii() || !rest.ends_with(|c: char| c.is_alphanumeric() || c == '-')
        })
    });
    if let Some(&(words, change)) = before {
        let (verb_start, _) = source.word_before(end);
        let is_phrasal_verb =
            words == "up" && VERBS_WITH_UP.contains(&source.word_before(verb_start).1);
        return (!is_phrasal_verb).then_some(change);
    }
    let is_relative = matches!(
        draft.dimension(),
        Dimension::Share | Dimension::SharePoints | Dimension::Multiple
    );
    let (_, next) = source.word_after(draft.end_with_comparator);
    CHANGE_WORDS_AFTER_QUANTITY
        .iter()
        .find(|(word, _)| is_relative && *word == next)
        .map(|&(_, change)| change)
}
