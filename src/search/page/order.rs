//! Order of the hits of a page: by score, by date, or by a declared field.

use std::collections::BTreeSet;

use tantivy::DocId;

use crate::{
    document::{FieldName, FieldValue, folded_keyword},
    error::Result,
    query::Sort,
    search::{
        context::SearchContext,
        reader::{FastFields, ValueColumn},
    },
};

/// Order of the hits of a page, which assigns a sort key to each passage. The greatest key comes first.
pub(in crate::search) enum HitOrder<'a> {
    /// By score.
    Score,
    /// By date, newest first.
    Date,
    /// By a declared field.
    Field(DeclaredFieldOrder<'a>),
}

/// Order by a declared field. Passages of documents without a value have the key `-∞`.
pub(in crate::search) struct DeclaredFieldOrder<'a> {
    /// Values of the field in each segment, with the sort key of each value. `None` for a segment without values.
    values_by_segment: Vec<Option<(ValueColumn<'a>, Vec<f64>)>>,
    /// Keywords of all segments, folded, in ascending order. Empty if the values of the field are not keywords. The
    /// sort key of a keyword is computed from its rank in this list, which changes with the index. Therefore a cursor
    /// contains the keyword itself.
    keywords: Vec<String>,
    is_descending: bool,
}

impl<'a> HitOrder<'a> {
    /// Returns the order of a query. Reads all values of a declared field.
    pub(in crate::search) fn new(context: &'a SearchContext, sort: Sort) -> Result<Self> {
        Ok(match sort {
            Sort::Score => Self::Score,
            Sort::Date => Self::Date,
            Sort::Field { name, descending } => {
                Self::Field(DeclaredFieldOrder::new(context, name, descending)?)
            }
        })
    }

    /// Returns whether hits are ordered by score.
    pub(super) const fn is_by_score(&self) -> bool {
        matches!(self, Self::Score)
    }

    /// Returns the sort key of a passage with this score. `segment` is the index of its segment, and `columns` are the
    /// fast fields of the segment.
    pub(super) fn sort_key(
        &self,
        (segment, columns): (usize, &FastFields),
        doc: DocId,
        score: f64,
    ) -> f64 {
        match self {
            Self::Score => score,
            Self::Date => {
                let date = columns.dates.as_ref().and_then(|dates| dates.first(doc));
                date.map_or(-1.0, |day| day as f64)
            }
            Self::Field(order) => order.sort_key(segment, doc),
        }
    }

    /// Returns the keyword whose rank is the sort key `key`. `None` if keys are not ranks of keywords, or if the
    /// passage has no keyword.
    pub(super) fn keyword_of_sort_key(&self, key: f64) -> Option<&str> {
        let Self::Field(order) = self else { return None };
        if !key.is_finite() {
            return None;
        }
        #[expect(clippy::cast_sign_loss, reason = "the absolute value has no sign")]
        let rank = key.abs() as usize;
        order.keywords.get(rank).map(String::as_str)
    }

    /// Returns the sort key of a keyword that a cursor contains. If the keyword does not occur any more, the key is
    /// between the keys of the keywords before and after `keyword`.
    pub(super) fn sort_key_of_keyword(&self, keyword: &str) -> f64 {
        let Self::Field(order) = self else { return f64::NEG_INFINITY };
        let rank = match order.keywords.binary_search_by(|other| other.as_str().cmp(keyword)) {
            Ok(rank) => rank as f64,
            Err(rank) => rank as f64 - 0.5,
        };
        order.key_with_greatest_first(rank)
    }
}

impl<'a> DeclaredFieldOrder<'a> {
    /// Returns the order by the field `name`. Reads all values of the field.
    fn new(context: &'a SearchContext, name: FieldName, is_descending: bool) -> Result<Self> {
        let mut columns = Vec::new();
        let mut keywords: BTreeSet<String> = BTreeSet::new();
        for segment in context.reader.segments() {
            let column = ValueColumn::open(segment, name)?;
            let values =
                column.as_ref().map(ValueColumn::all_values).transpose()?.unwrap_or_default();
            keywords.extend(values.iter().filter_map(sortable_keyword_of_value));
            columns.push((column, values));
        }
        let keywords = keywords.into_iter().collect();
        let mut order = Self { values_by_segment: Vec::new(), keywords, is_descending };
        for (column, values) in columns {
            let keys = values.iter().map(|value| order.sort_key_of_value(value)).collect();
            order.values_by_segment.push(column.map(|column| (column, keys)));
        }
        Ok(order)
    }

    /// Returns the sort key of a value of the field.
    fn sort_key_of_value(&self, value: &FieldValue) -> f64 {
        let ascending_key = match value {
            FieldValue::Keyword(_) | FieldValue::Text(_) => {
                let keyword = sortable_keyword_of_value(value).unwrap_or_default();
                self.keywords.binary_search(&keyword).map_or(0.0, |rank| rank as f64)
            }
            FieldValue::Number(number) => *number,
            FieldValue::Date(date) => date.julian_day() as f64,
            FieldValue::Bool(truth) => f64::from(u8::from(*truth)),
        };
        self.key_with_greatest_first(ascending_key)
    }

    /// Returns `ascending_key` for a descending order, and its negative for an ascending order, so that the greatest
    /// key comes first.
    fn key_with_greatest_first(&self, ascending_key: f64) -> f64 {
        // Adding zero makes -0 equal to 0.
        if self.is_descending { ascending_key } else { -ascending_key + 0.0 }
    }

    /// Returns the sort key of a passage: the greatest key among the values of the document to which the passage
    /// belongs. `-∞` if the document has no value.
    fn sort_key(&self, segment: usize, doc: DocId) -> f64 {
        let Some(Some((column, keys))) = self.values_by_segment.get(segment) else {
            return f64::NEG_INFINITY;
        };
        let numbers = column.value_numbers_of_passage(doc);
        let document_keys = numbers.filter_map(|number| keys.get(number).copied());
        document_keys.fold(f64::NEG_INFINITY, f64::max)
    }
}

/// Returns a keyword in the form in which keywords are ordered. `None` for a value of another type.
fn sortable_keyword_of_value(value: &FieldValue) -> Option<String> {
    match value {
        FieldValue::Keyword(keyword) => Some(folded_keyword(keyword)),
        _ => None,
    }
}
