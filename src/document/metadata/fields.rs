//! A label or key and its value → a field of the document, and where it came from.

use super::{document_number, language};
use crate::document::Document;

/// What can be known of a document beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum MetadataField {
    Title,
    Date,
    Issuer,
    Number,
    Url,
    Lang,
}

/// Labels and keys, without spaces, signs and in lower case. Of those for one field, the first is worth
/// most: the day of publication more than the day of signature.
const LABELS: [(MetadataField, &[&str]); 6] = [
    (
        MetadataField::Title,
        &[
            "标题",
            "標題",
            "文件标题",
            "公文标题",
            "名称",
            "公文名称",
            "信息名称",
            "title",
            "headline",
            "subject",
        ],
    ),
    (
        MetadataField::Date,
        &[
            "发布日期",
            "發布日期",
            "發佈日期",
            "发布时间",
            "發布時間",
            "發佈時間",
            "公布日期",
            "公開日期",
            "公开日期",
            "发文日期",
            "發文日期",
            "成文日期",
            "生成日期",
            "印发日期",
            "日期",
            "published",
            "publisheddate",
            "publicationdate",
            "datepublished",
            "releasedate",
            "dateofissue",
            "posted",
            "dateposted",
            "released",
            "date",
            "forimmediaterelease",
            "forrelease",
        ],
    ),
    (
        MetadataField::Issuer,
        &[
            "发文机关",
            "發文機關",
            "发文单位",
            "發文單位",
            "发布机构",
            "發布機關",
            "發布單位",
            "发布机关",
            "发布单位",
            "制发机关",
            "制定机关",
            "发文部门",
            "公开主体",
            "issuer",
            "issuedby",
            "issuingbody",
            "issuingauthority",
            "agency",
            "department",
            "organization",
            "organisation",
            "from",
        ],
    ),
    (
        MetadataField::Number,
        &[
            "发文字号",
            "發文字號",
            "发文文号",
            "文号",
            "文號",
            "文件编号",
            "documentnumber",
            "documentno",
            "pressreleasenumber",
            "releasenumber",
            "referencenumber",
        ],
    ),
    (MetadataField::Url, &["url", "canonicalurl", "sourceurl"]),
    (MetadataField::Lang, &["lang", "language", "语种"]),
];

/// The field that a label names, and how far down its list it stands.
pub(in crate::document) fn field_of_label(label: &str) -> Option<(MetadataField, usize)> {
    let key = normalized_label(label);
    LABELS.iter().find_map(|(field, labels)| {
        labels.iter().position(|label| *label == key).map(|place| (*field, place))
    })
}

/// A label without spaces, signs and capitals: `标　　题：` is `标题`.
pub(in crate::document) fn normalized_label(label: &str) -> String {
    label.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Document {
    /// Fills a field that is empty still; false where it is not, or where `value` is none for it.
    pub(in crate::document) fn fill_field(
        &mut self,
        field: MetadataField,
        value: &str,
        origin: &str,
    ) -> bool {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if value.is_empty() {
            return false;
        }
        let learned = match field {
            MetadataField::Title => fill(&mut self.title, Some(value)),
            MetadataField::Date => fill(&mut self.date, value.parse().ok()),
            MetadataField::Issuer => fill(&mut self.issuer, Some(value)),
            MetadataField::Number => {
                fill(&mut self.number, Some(document_number::normalized(&value)))
            }
            MetadataField::Url => {
                fill(&mut self.url, Some(value).filter(|url| url.contains("://")))
            }
            MetadataField::Lang if self.lang.is_empty() => {
                self.lang = language::normalized(&value);
                true
            }
            MetadataField::Lang => false,
        };
        if learned {
            self.origins.insert(field.name().to_owned(), origin.to_owned());
        }
        learned
    }

    /// Says of all fields that are known that they come from `origin`.
    pub(in crate::document) fn set_all_origins(&mut self, origin: &str) {
        let known = [
            (MetadataField::Title, self.title.is_some()),
            (MetadataField::Date, self.date.is_some()),
            (MetadataField::Issuer, self.issuer.is_some()),
            (MetadataField::Url, self.url.is_some()),
            (MetadataField::Lang, !self.lang.is_empty()),
        ];
        for (field, _) in known.into_iter().filter(|(_, known)| *known) {
            self.origins.insert(field.name().to_owned(), origin.to_owned());
        }
    }

    /// The same where nobody has said it: the field counts as inferred.
    pub(in crate::document) fn infer_field(
        &mut self,
        field: MetadataField,
        value: &str,
        origin: &str,
    ) -> bool {
        let learned = self.fill_field(field, value, origin);
        if learned {
            self.inferred.push(field.name().to_owned());
        }
        learned
    }

    /// Takes labels with their values: what a field is for goes there, and all is kept as metadata.
    pub(in crate::document) fn fill_from_labels(
        &mut self,
        pairs: &[(String, String)],
        origin: &str,
    ) {
        let mut known: Vec<_> = pairs
            .iter()
            .filter_map(|(label, value)| {
                field_of_label(label).map(|(field, place)| (place, field, value))
            })
            .collect();
        known.sort_by_key(|(place, ..)| *place);
        for (_, field, value) in known {
            self.fill_field(field, value, origin);
        }
        for (label, value) in pairs {
            let label: String = label.split_whitespace().collect::<Vec<_>>().join(" ");
            let han = label.chars().all(|c| !c.is_ascii_alphanumeric());
            let label = if han {
                normalized_label(&label)
            } else {
                label.trim_end_matches([':', ' ']).to_owned()
            };
            self.metadata.entry(label).or_insert_with(|| value.clone());
        }
    }
}

impl MetadataField {
    /// The field of this name.
    pub(in crate::document) fn from_name(name: &str) -> Option<Self> {
        LABELS.iter().map(|(field, _)| *field).find(|field| field.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Date => "date",
            Self::Issuer => "issuer",
            Self::Number => "number",
            Self::Url => "url",
            Self::Lang => "lang",
        }
    }
}

fn fill<T>(field: &mut Option<T>, value: Option<T>) -> bool {
    let fills = field.is_none() && value.is_some();
    if fills {
        *field = value;
    }
    fills
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_name_fields() {
        for (label, expected) in [
            ("标　　题：", Some(MetadataField::Title)),
            ("發文字號", Some(MetadataField::Number)),
            ("Issued by:", Some(MetadataField::Issuer)),
            ("FOR IMMEDIATE RELEASE", Some(MetadataField::Date)),
            ("索 引 号：", None),
        ] {
            assert_eq!(field_of_label(label).map(|(field, _)| field), expected, "{label}");
        }
    }

    #[test]
    fn the_better_label_wins_and_all_are_kept() {
        let pairs = [
            ("成文日期：", "2018年11月06日"),
            ("发布日期：", "2018年11月19日"),
            ("索 引 号：", "0001"),
        ];
        let mut document = Document::default();
        document.fill_from_labels(&pairs.map(|(a, b)| (a.to_owned(), b.to_owned())), "table");
        assert_eq!(document.date, "2018-11-19".parse().ok());
        assert_eq!(document.origins["date"], "table");
        assert_eq!(document.metadata["索引号"], "0001");
        assert_eq!(document.metadata["成文日期"], "2018年11月06日");
    }
}
