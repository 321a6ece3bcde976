//! Reads the Chinese labels of a transcript: `主席：`, `問：`, `許委員添財：`.

use super::model::{ANSWER_LABELS, Label, LabelForm};
use crate::passage::speaker::{
    chinese_name,
    person::{NameForm, Person},
};

/// Maximum length of a Chinese label before its colon, in characters.
const MAX_CHINESE_LABEL_CHARS: usize = 36;
/// Chinese roles of persons whom a transcript does not name.
const CHINESE_UNNAMED_ROLES: [&str; 10] =
    ["问", "問", "记者", "記者", "提问", "提問", "追问", "追問", "观众", "主持人问"];
/// Chinese roles that identify an unnamed person well enough for a citation.
const CHINESE_CITABLE_ROLES: [&str; 4] = ["主席", "主持人", "发言人", "發言人"];
/// Chinese roles that may also stand in a list of the persons who take part, before the name of the person.
pub(super) const CHINESE_LISTED_ROLES: [&str; 3] = ["主持人", "发言人", "發言人"];
/// Chinese labels of lists and decisions in minutes. Nobody speaks below them.
const CHINESE_NONSPEAKER_LABELS: [&str; 22] = [
    "提案人",
    "連署人",
    "提案委員",
    "連署委員",
    "案由",
    "說明",
    "主旨",
    "決議",
    "決定",
    "附帶決議",
    "臨時提案",
    "出席委員",
    "列席委員",
    "列席人員",
    "請假委員",
    "專門委員",
    "時間",
    "地點",
    "紀錄",
    "速記",
    "本案作如下決議",
    "時間地點",
];

/// Returns the meaning and the form of a Chinese label without its colon. `None` if the text is no label.
pub(super) fn chinese_label(label: &str) -> Option<(Label, LabelForm)> {
    if label.chars().count() > MAX_CHINESE_LABEL_CHARS {
        return None;
    }
    let compact: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    if CHINESE_NONSPEAKER_LABELS.contains(&compact.as_str()) {
        return Some((Label::UnspokenItem, LabelForm::Transcript));
    }
    if ANSWER_LABELS.contains(&label) {
        return Some((Label::Answer, LabelForm::WithTitle));
    }
    if CHINESE_UNNAMED_ROLES.contains(&label) {
        return Some((Label::Unnamed, LabelForm::Transcript));
    }
    let (name, remark) = label.split_once(['（', '(']).unwrap_or((label, ""));
    let remark = remark.trim_end_matches(['）', ')']).trim_end_matches('代');
    if name == "主席" {
        return Some((Label::Chair(chinese_name::person(remark)), LabelForm::Transcript));
    }
    if CHINESE_CITABLE_ROLES.contains(&name) {
        let role = Person { name: name.to_owned(), office: None, form: NameForm::Office };
        return Some((Label::Person(role), LabelForm::Transcript));
    }
    if ["记者追问", "記者追問", "记者问", "記者問"].iter().any(|end| name.ends_with(end))
    {
        return Some((Label::Unnamed, LabelForm::Transcript));
    }
    if name.ends_with("记者") || name.ends_with("記者") {
        // A reporter of a named paper: 中国日报记者.
        let reporter = Person { name: name.to_owned(), office: None, form: NameForm::Office };
        return Some((Label::Person(reporter), LabelForm::Transcript));
    }
    if chinese_name::is_office_alone(name) {
        let holder =
            Person { name: name.to_owned(), office: Some(name.to_owned()), form: NameForm::Office };
        return Some((Label::Person(holder), LabelForm::OfficeOnly));
    }
    // A question in writing: 潘委員維剛書面質詢：.
    let writer = name.strip_suffix("書面質詢").or_else(|| name.strip_suffix("書面意見"));
    let name = writer.unwrap_or(name);
    let person = chinese_name::person(name)
        .or_else(|| chinese_name::name_after_office_and_blank(name))
        .or_else(|| chinese_name::surname_with_office(name))?;
    let form = if person.has_title() { LabelForm::Transcript } else { LabelForm::NameOnly };
    Some((Label::Person(person), form))
}
