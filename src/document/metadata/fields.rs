//! Recognizes the labels of metadata fields, and fills the metadata fields of a document with values and their origins.

use super::{date::Date, document_number, issuer_names::ISSUER_SEPARATOR, language};
use crate::document::model::Document;

/// A metadata label and its value, such as `发文机关` and `国务院`.
pub(in crate::document) type LabelledValue = (String, String);

/// Metadata field of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum MetadataField {
    Title,
    Date,
    Issuer,
    Number,
    Url,
    Lang,
}

/// Labels of each metadata field, in the form that [`normalized_label`] returns. Earlier labels of a field take
/// precedence, so the labels of the day of publication are before those of the day of signature.
const FIELD_LABELS: [(MetadataField, &[&str]); 6] = [
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
            "添加时间",
            "添加日期",
            "录入时间",
            "录入日期",
            "信息时间",
            "信息日期",
            "張貼日期",
            "张贴日期",
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
            "發佈單位",
            "發布機構",
            "發佈機構",
            "發佈機關",
            "发布机关",
            "发布单位",
            "制发机关",
            "制定机关",
            "发文部门",
            "公开主体",
            "issuer",
            "issuedby",
            "publishedby",
            "releasedby",
            "publisher",
            "issuingagency",
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

/// Labels before the subjects (keywords) of a document, in the form that [`normalized_label`] returns.
const SUBJECT_LABELS: [&str; 14] = [
    "主题词",
    "主題詞",
    "关键词",
    "關鍵詞",
    "关键字",
    "關鍵字",
    "标签",
    "標籤",
    "topic",
    "topics",
    "keyword",
    "keywords",
    "tag",
    "tags",
];
/// Labels of the day on which a document was signed.
const SIGNATURE_DAY_LABELS: [&str; 3] = ["成文日期", "发文日期", "發文日期"];
/// Maximum number of days between the signature and the publication of a document.
const MAX_DAYS_FROM_SIGNATURE_TO_PUBLICATION: u64 = 180;

/// Returns the values of a list as one text. The names of several issuers are separated so that
/// [`issuer_names`](super::issuer_names::issuer_names) finds each of them. `label` is the key of the list.
pub(in crate::document) fn joined_values(label: &str, values: &[String]) -> String {
    let field = field_of_label(&normalized_label(label));
    let is_issuer = field.is_some_and(|(field, _)| field == MetadataField::Issuer);
    values.join(if is_issuer { ISSUER_SEPARATOR } else { ", " })
}

/// Returns the metadata field that a label or a key names, and the rank of the label among the labels of this field,
/// from 0. The label with the lowest rank takes precedence. `None` if the label names no field.
pub(in crate::document) fn field_of_label(label: &str) -> Option<(MetadataField, usize)> {
    let wanted_label = normalized_label(label);
    FIELD_LABELS.iter().find_map(|(field, labels)| {
        labels.iter().position(|label| *label == wanted_label).map(|rank| (*field, rank))
    })
}

/// Returns whether a label introduces the subjects (keywords) of a document, such as 主题词 or `Topic(s)`. People search
/// for subjects, so subjects stay in the text, while metadata are only shown.
pub(in crate::document) fn is_subject_label(label: &str) -> bool {
    SUBJECT_LABELS.contains(&normalized_label(label).as_str())
}

/// Returns the letters and digits of a label in lower case: `标　　题：` becomes `标题`.
pub(in crate::document) fn normalized_label(label: &str) -> String {
    normalized_for_comparison(label)
}

/// Returns the letters and digits of `text` in lower case, to compare texts that differ in spaces,
/// punctuation or capitals.
pub(super) fn normalized_for_comparison(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns `text` with each run of white space replaced by one space, and without white space at the ends.
pub(super) fn with_single_spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the metadata fields that `labels` name, with their values. The label with the lowest rank is first.
fn fields_and_values_by_rank(labels: &[LabelledValue]) -> Vec<(MetadataField, &str)> {
    let mut fields: Vec<_> = labels
        .iter()
        .filter_map(|(label, value)| {
            let (field, rank) = field_of_label(label)?;
            Some((rank, field, value.as_str()))
        })
        .collect();
    fields.sort_by_key(|(rank, ..)| *rank);
    if let Some(document_day) = signature_day_of_old_document(labels) {
        fields.insert(0, (0, MetadataField::Date, document_day));
    }
    fields.into_iter().map(|(_, field, value)| (field, value)).collect()
}

/// Returns the day on which a document was signed, if a label states it and another label states a day more than
/// [`MAX_DAYS_FROM_SIGNATURE_TO_PUBLICATION`] days later. The later day is then the day on which an old document was
/// put on the web, not the day of its publication.
fn signature_day_of_old_document(labels: &[LabelledValue]) -> Option<&str> {
    let mut signature_days = labels
        .iter()
        .filter(|(label, _)| SIGNATURE_DAY_LABELS.contains(&normalized_label(label).as_str()));
    let (_, signature_day) = signature_days.next()?;
    let signature_date: Date = signature_day.parse().ok()?;
    let dates = labels.iter().filter(|(label, _)| {
        field_of_label(label).is_some_and(|(field, _)| field == MetadataField::Date)
    });
    let latest_date: Date = dates.filter_map(|(_, day)| day.parse().ok()).max()?;
    let days = latest_date.julian_day().saturating_sub(signature_date.julian_day());
    (days > MAX_DAYS_FROM_SIGNATURE_TO_PUBLICATION).then_some(signature_day.as_str())
}

/// Returns the value of the field `wanted` from the label with the lowest rank. Ignores blank values. `None` if no
/// label names the field.
pub(super) fn value_of_field(labels: &[LabelledValue], wanted: MetadataField) -> Option<&str> {
    let mut fields = fields_and_values_by_rank(labels).into_iter();
    fields
        .find(|(field, value)| *field == wanted && !value.trim().is_empty())
        .map(|(_, value)| value)
}

impl Document {
    /// Sets a field that has no value yet, records the origin of the value, and returns whether the field was set.
    /// Ignores blank values, invalid dates and URLs without `://`.
    pub(in crate::document) fn fill_field(
        &mut self,
        field: MetadataField,
        value: &str,
        origin: &str,
    ) -> bool {
        let value = with_single_spaces(value);
        if value.is_empty() {
            return false;
        }
        let is_filled = match field {
            MetadataField::Title => fill_if_empty(&mut self.title, Some(value)),
            MetadataField::Date => fill_if_empty(&mut self.date, value.parse().ok()),
            MetadataField::Issuer => fill_if_empty(&mut self.issuer, Some(value)),
            MetadataField::Number => {
                fill_if_empty(&mut self.number, Some(document_number::normalize(&value)))
            }
            MetadataField::Url => {
                fill_if_empty(&mut self.url, Some(value).filter(|url| url.contains("://")))
            }
            MetadataField::Lang if self.lang.is_empty() => {
                self.lang = language::normalized_code(&value);
                true
            }
            MetadataField::Lang => false,
        };
        if is_filled {
            self.origins.insert(field.name().to_owned(), origin.to_owned());
        }
        is_filled
    }

    /// Sets a field that has no value yet to a value that was inferred from the text, as
    /// [`fill_field`](Self::fill_field) does, and records that the value was inferred. Returns whether the field was
    /// set.
    pub(in crate::document) fn infer_field(
        &mut self,
        field: MetadataField,
        value: &str,
        origin: &str,
    ) -> bool {
        let is_filled = self.fill_field(field, value, origin);
        if is_filled {
            self.inferred.push(field.name().to_owned());
        }
        is_filled
    }

    /// Sets the origin of each field that has a value, except the document number.
    pub(in crate::document) fn set_origin_of_filled_fields(&mut self, origin: &str) {
        for (field, has_value) in [
            (MetadataField::Title, self.title.is_some()),
            (MetadataField::Date, self.date.is_some()),
            (MetadataField::Issuer, self.issuer.is_some()),
            (MetadataField::Url, self.url.is_some()),
            (MetadataField::Lang, !self.lang.is_empty()),
        ] {
            if has_value {
                self.origins.insert(field.name().to_owned(), origin.to_owned());
            }
        }
    }

    /// Fills each empty field that a label names, and adds every label with its value to the metadata.
    pub(in crate::document) fn fill_from_labels(&mut self, labels: &[LabelledValue], origin: &str) {
        for (field, value) in fields_and_values_by_rank(labels) {
            self.fill_field(field, value, origin);
        }
        for (label, value) in labels {
            self.metadata.entry(metadata_key_of_label(label)).or_insert_with(|| value.clone());
        }
    }
}

/// Returns the metadata key of a label. A Chinese label loses its spaces and punctuation. Any other label loses only
/// the colon at its end.
fn metadata_key_of_label(label: &str) -> String {
    let label = with_single_spaces(label);
    if label.chars().any(|c| c.is_ascii_alphanumeric()) {
        label.trim_end_matches([':', ' ']).to_owned()
    } else {
        normalized_label(&label)
    }
}

impl MetadataField {
    /// Returns the field named `title`, `date`, `issuer`, `number`, `url` or `lang`. `None` for other
    /// names.
    pub(in crate::document) fn from_name(name: &str) -> Option<Self> {
        FIELD_LABELS.iter().map(|(field, _)| *field).find(|field| field.name() == name)
    }

    /// Returns the name of the field in JSON.
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

/// Sets `field` if it is empty and `value` is not `None`. Returns whether the field was set.
fn fill_if_empty<T>(field: &mut Option<T>, value: Option<T>) -> bool {
    let can_fill = field.is_none() && value.is_some();
    if can_fill {
        *field = value;
    }
    can_fill
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
    fn day_of_signature_counts_if_the_page_was_published_years_later() {
        for (signature_date, published, expected) in [
            ("2018年11月06日", "2018-11-19", "2018-11-19"),
            ("2008年11月06日", "2018-11-19", "2008-11-06"),
            ("unknown", "2018-11-19", "2018-11-19"),
        ] {
            let labels = [("成文日期：", signature_date), ("发布日期：", published)];
            let labels = labels.map(|(label, value)| (label.to_owned(), value.to_owned()));
            let mut document = Document::default();
            document.fill_from_labels(&labels, "table");
            assert_eq!(document.date, expected.parse().ok(), "{signature_date}");
        }
    }

    #[test]
    fn label_of_lowest_rank_fills_the_field() {
        let pairs = [
            ("成文日期：", "2018年11月06日"),
            ("发布日期：", "2018年11月19日"),
            ("索 引 号：", "0001"),
        ];
        let labels = pairs.map(|(label, value)| (label.to_owned(), value.to_owned())).to_vec();
        let mut document = Document::default();
        document.fill_from_labels(&labels, "table");
        assert_eq!(document.date, "2018-11-19".parse().ok());
        assert_eq!(document.origins["date"], "table");
        assert_eq!(document.metadata["索引号"], "0001");
        assert_eq!(document.metadata["成文日期"], "2018年11月06日");
    }
}
