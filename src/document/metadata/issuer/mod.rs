//! Infers the issuer: the organization that issued a document.
//!
//! [`ISSUER_RULES`] lists the rules in order of precedence: the first rule that finds a name wins. Each rule reads one
//! location in which releases name their issuer, such as the letterhead or the byline. The functions of the rules are
//! in `rules.rs`. No rule applies to a document whose file states the issuer. [`MetadataOverrides`] replace any issuer.
//!
//! [`MetadataOverrides`]: super::MetadataOverrides

mod joint;
mod minister;
mod name;
mod rules;
mod site;

use super::{
    evidence::DocumentEvidence,
    fields::{LabelledValue, MetadataField},
    front_matter::{FrontMatter, LABEL_ORIGIN},
    organization,
};
use crate::document::model::Document;

/// Rule that finds the issuer in one location of a document, such as the letterhead or the byline.
struct IssuerRule {
    /// Name of the location. Recorded as the origin of an issuer that this rule finds.
    origin: &'static str,
    /// Function that finds the issuer in this location.
    find: IssuerFinder,
}

/// Function of an issuer rule, which returns the issuer if the rule finds one. The variants of this type differ in the
/// input of the function.
///
/// The variants are in the order in which [`complete_metadata`](super::complete_metadata) calls their functions.
enum IssuerFinder {
    /// Reads the whole text, including front matter.
    WholeText(fn(&DocumentEvidence<'_>) -> Option<String>),
    /// Reads the lines above the title (letterhead).
    Letterhead(fn(&[String]) -> Option<String>),
    /// Reads metadata labels with values. An issuer from a label counts as stated, not as inferred.
    Labels(fn(&[Vec<LabelledValue>]) -> Option<String>),
    /// Reads the metadata labels of the source from which the document took its text. The source need not be the
    /// issuer, so the issuer counts as inferred.
    Source(fn(&[Vec<LabelledValue>]) -> Option<String>),
    /// Reads the text without front matter. [`infer_from_body`] normalizes the name.
    Body(fn(&DocumentEvidence<'_>) -> Option<String>),
}

/// Rules that find the issuer, in order of precedence.
const ISSUER_RULES: [IssuerRule; 14] = [
    IssuerRule {
        origin: "signature",
        find: IssuerFinder::WholeText(rules::issuer_in_chinese_signature),
    },
    IssuerRule {
        origin: "above the title",
        find: IssuerFinder::Letterhead(rules::issuer_in_letterhead),
    },
    IssuerRule { origin: LABEL_ORIGIN, find: IssuerFinder::Labels(rules::issuer_in_labels) },
    IssuerRule { origin: "source", find: IssuerFinder::Source(rules::issuer_in_source_label) },
    IssuerRule { origin: "title", find: IssuerFinder::Body(joint::issuers_in_joint_title) },
    IssuerRule { origin: "address", find: IssuerFinder::Body(site::issuer_by_host) },
    IssuerRule { origin: "title", find: IssuerFinder::Body(rules::issuer_in_title) },
    IssuerRule { origin: "enactment", find: IssuerFinder::Body(rules::issuer_in_enactment_note) },
    IssuerRule { origin: "speaker", find: IssuerFinder::Body(rules::issuer_of_speech) },
    IssuerRule { origin: "byline", find: IssuerFinder::Body(rules::issuer_in_byline) },
    IssuerRule { origin: "site", find: IssuerFinder::Body(rules::issuer_by_site) },
    IssuerRule {
        origin: "first sentence",
        find: IssuerFinder::Body(rules::issuer_in_first_sentence),
    },
    IssuerRule {
        origin: "note about the issuer",
        find: IssuerFinder::Body(rules::issuer_in_about_note),
    },
    IssuerRule {
        origin: "signature",
        find: IssuerFinder::Body(rules::issuer_in_english_signature),
    },
];

/// Applies the issuer rules that read the whole text.
pub(super) fn infer_from_whole_text(document: &mut Document) {
    apply_issuer_rules(document, |find, evidence| match find {
        IssuerFinder::WholeText(name_in) => name_in(evidence),
        _ => None,
    });
}

/// Applies the issuer rules that read front matter.
pub(super) fn infer_from_front_matter(document: &mut Document, front_matter: &FrontMatter) {
    apply_issuer_rules(document, |find, _| match find {
        IssuerFinder::Letterhead(name_in) => name_in(&front_matter.letterhead),
        IssuerFinder::Labels(name_in) | IssuerFinder::Source(name_in) => {
            name_in(&front_matter.labels)
        }
        _ => None,
    });
}

/// Applies the issuer rules that read the text without front matter.
pub(super) fn infer_from_body(document: &mut Document) {
    apply_issuer_rules(document, |find, evidence| match find {
        IssuerFinder::Body(name_in) => {
            name_in(evidence).map(|name| name::normalized_organization_name(&name))
        }
        _ => None,
    });
}

/// If the document has no issuer, applies [`ISSUER_RULES`] in order and sets the issuer to the first name that a rule
/// finds. `apply_rule` applies one rule, and returns `None` for a rule that is not to be applied.
fn apply_issuer_rules(
    document: &mut Document,
    apply_rule: impl Fn(&IssuerFinder, &DocumentEvidence<'_>) -> Option<String>,
) {
    if document.issuer.is_some() {
        return;
    }
    let evidence = DocumentEvidence::new(document);
    let mut found_names =
        ISSUER_RULES.iter().filter_map(|rule| Some((rule, apply_rule(&rule.find, &evidence)?)));
    let Some((rule, name)) = found_names.next() else { return };
    if matches!(rule.find, IssuerFinder::Labels(_)) {
        document.fill_field(MetadataField::Issuer, &name, rule.origin);
    } else {
        document.infer_field(MetadataField::Issuer, &name, rule.origin);
    }
}

/// Returns the issuer in a heading of the form `ISSUER: headline`. `None` if the heading names no organization. For the
/// passages under the heading, this issuer replaces the issuer of the document.
pub(crate) fn issuer_in_heading(heading: &str) -> Option<&str> {
    const MAX_CHINESE_ISSUER_CHARS: usize = 20;
    let (name, headline) = heading.split_once([':', '：'])?;
    let (name, headline) = (name.trim(), headline.trim());
    let is_english = name.split_whitespace().any(organization::is_organization_word);
    let is_chinese = organization::ends_like_chinese_organization(name)
        && name.chars().count() <= MAX_CHINESE_ISSUER_CHARS;
    (!headline.is_empty() && (is_english || is_chinese)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_in_the_order_of_their_inputs() {
        let input_ranks = ISSUER_RULES.map(|rule| match rule.find {
            IssuerFinder::WholeText(_) => 0,
            IssuerFinder::Letterhead(_) => 1,
            IssuerFinder::Labels(_) => 2,
            IssuerFinder::Source(_) => 3,
            IssuerFinder::Body(_) => 4,
        });
        assert!(input_ranks.is_sorted());
    }

    #[test]
    fn earlier_rule_wins() {
        let mut document =
            Document::new("a", "正文。\nAbout the Ministry of Ports\n国务院办公厅\n1996年7月1日\n");
        let front_matter = FrontMatter {
            letterhead: vec!["Office of Ports".to_owned()],
            labels: vec![vec![("发文机关".to_owned(), "某市政府".to_owned())]],
        };
        let mut labelled = document.clone();
        let mut in_body = document.clone();
        infer_from_whole_text(&mut document);
        infer_from_front_matter(&mut document, &front_matter);
        infer_from_body(&mut document);
        assert_eq!(document.issuer.as_deref(), Some("国务院办公厅"));
        infer_from_front_matter(&mut labelled, &front_matter);
        infer_from_body(&mut labelled);
        assert_eq!(labelled.issuer.as_deref(), Some("Office of Ports"));
        infer_from_body(&mut in_body);
        assert_eq!(in_body.issuer.as_deref(), Some("Ministry of Ports"));
    }

    #[test]
    fn label_is_stated_and_letterhead_is_inferred() {
        let labels = vec![vec![("发文机关".to_owned(), "某市政府".to_owned())]];
        for (letterhead, origin, is_inferred) in
            [(vec![], "text", false), (vec!["国务院办公厅".to_owned()], "above the title", true)]
        {
            let mut document = Document::new("a", "正文。");
            let front_matter = FrontMatter { letterhead, labels: labels.clone() };
            infer_from_front_matter(&mut document, &front_matter);
            assert_eq!(document.origins["issuer"], origin);
            assert_eq!(document.inferred.contains(&"issuer".to_owned()), is_inferred);
        }
    }

    #[test]
    fn heading_gives_an_issuer_if_it_names_an_organization() {
        for (heading, expected) in [
            ("Municipal Bureau of Commerce: Exports Grow", Some("Municipal Bureau of Commerce")),
            ("市商务局：出口增长", Some("市商务局")),
            ("Outlook: Growth", None),
            ("Bureau:", None),
        ] {
            assert_eq!(issuer_in_heading(heading), expected, "{heading}");
        }
    }

    #[test]
    fn rules_find_the_issuer_in_the_body_of_a_document() {
        for (title, text, expected) in [
            (
                "港口条例",
                "港口条例\n2000年11月5日 中华人民共和国国务院令第295号公布\n第一条 文。",
                Some(("国务院", "enactment")),
            ),
            (
                "港口条例",
                "（2022年6月23日 某市第七届人民代表大会常务委员会第十次会议通过）\n第一条 文。",
                Some(("某市人民代表大会常务委员会", "enactment")),
            ),
            (
                "港口办法",
                "1995年8月30日 国务院批准\n1995年9月14日 交通部发布\n第一条 文。",
                Some(("交通部", "enactment")),
            ),
            (
                "港口办法",
                "2008年7月17日 经某某保障部第6次部务会议通过\n第一条 文。",
                Some(("某某保障部", "enactment")),
            ),
            (
                "港口规定",
                "２０１２年１２月１９日 中华人民共和国交通部令第１２５号发布，\n第一条 文。",
                Some(("交通部", "enactment")),
            ),
            ("港口方案", "行政院長林宁今（14）日主持行政院第3896次會議，會中通過港口方案。", None),
            ("港口方案", "总理林宁主持召开国务院第5次常务会议，审议通过港口方案。", None),
            ("港口方案", "3月5日 林宁在北京签署国务院令第9号公布港口方案。", None),
            ("林宁主持行政院第12次會議", "正文。", None),
            ("2024年某市人民政府工作报告", "各位代表：", Some(("某市人民政府", "title"))),
            ("1979年中华人民共和国国务院政府工作报告", "文。", Some(("国务院", "title"))),
            ("", "我受国务院的委托，报告工作。", Some(("国务院", "speaker"))),
            ("某省政府办公厅关于港口的通知", "各市：\n正文。", Some(("某省政府办公厅", "title"))),
            (
                "第十四届全国人民代表大会第三次会议关于港口的决议",
                "正文。",
                Some(("全国人民代表大会", "title")),
            ),
            ("我的意见关于港口", "正文。", None),
            ("立法院第8屆第1會期會議紀錄", "正文。", Some(("立法院", "title"))),
            ("", "各位代表，我代表国务院，向大会报告。", Some(("国务院", "speaker"))),
            ("", "On behalf of the State Council, I report.", Some(("State Council", "speaker"))),
            (
                "Reply by Ms Li Wei, Minister for Transport and the Ports, on 4 May 2020",
                "Text.",
                Some(("Minister for Transport and the Ports", "speaker")),
            ),
            (
                "SPEECH BY DR LI WEI, MINISTER FOR TRANSPORT AND THE PORTS, AT THE SECOND READING",
                "Text.",
                Some(("Minister for Transport and the Ports", "speaker")),
            ),
            ("Statement by the Prime Minister of the Kingdom of Ports", "Text.", None),
            ("A meeting of ports", "They met:\nLi Wei\nMinistry of Transport\nMa Li", None),
            ("Reply", "A question.\nTo ask the Minister for Transport how many.", None),
            (
                "REMARKS BY LI WEI",
                "DEPUTY SECRETARY, MINISTRY OF LAW\nGood morning.",
                Some(("Ministry of Law", "byline")),
            ),
            (
                "Form",
                "The Ministry of Transport (MOT) invites all ports.",
                Some(("Ministry of Transport", "first sentence")),
            ),
            (
                "New Rules",
                "LONDON, 1 May 2026 – The Department for Transport today announced rules.",
                Some(("Department for Transport", "first sentence")),
            ),
            ("Court", "The Court of Justice studies and develops law.", None),
            (
                "New Rules",
                "Rules are new.\nAbout the Ministry of Transport\nIt is a ministry.",
                Some(("Ministry of Transport", "note about the issuer")),
            ),
            (
                "New Rules",
                "Rules are new.\nMinistry of Transport\n- End -",
                Some(("Ministry of Transport", "signature")),
            ),
        ] {
            let mut document = Document::new("a", text);
            document.title = Some(title.to_owned()).filter(|title| !title.is_empty());
            infer_from_body(&mut document);
            let origin = document.origins.get("issuer").map(String::as_str);
            assert_eq!(document.issuer.as_deref().zip(origin), expected, "{title} {text}");
        }
    }
}
