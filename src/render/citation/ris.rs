//! Renders citations as RIS records, the exchange format of reference managers.

use super::source::CitedSource;

/// Returns a record: one line for each field, with a tag of two characters. The quote and the note are in the fields
/// `N1`.
pub(super) fn record(source: &CitedSource<'_>) -> String {
    // These types stand for a web page (`ELEC`) and for any other source (`GEN`).
    let kind = if source.url.is_some() { "ELEC" } else { "GEN" };
    let mut fields = vec![("TY", kind.to_owned()), ("ID", source.citation_key())];
    // An asterisk is not allowed in the name of an author.
    fields.extend(source.authors.iter().map(|name| ("AU", name.replace('*', " "))));
    fields.push(("TI", source.title.clone()));
    if let Some(date) = source.date {
        let (year, month, day) = date.year_month_day();
        // The part after the third slash is free text.
        let remark = if source.is_date_inferred { "inferred" } else { "" };
        if !source.is_date_inferred {
            fields.push(("PY", format!("{year:04}")));
        }
        fields.push(("DA", format!("{year:04}/{month:02}/{day:02}/{remark}")));
    }
    fields.extend(source.number.clone().map(|number| ("M1", number)));
    let language = Some(source.lang()).filter(|lang| !lang.is_empty());
    fields.extend(language.map(|lang| ("LA", crate::render::visible_text(lang))));
    fields.extend(source.url.clone().map(|url| ("UR", url)));
    fields.push(("N1", source.quote()));
    fields.push(("N1", source.note()));
    fields.push(("ER", String::new()));
    let lines = fields.into_iter();
    lines
        .flat_map(|(tag, value)| [tag.to_owned(), "  - ".to_owned(), value, "\r\n".to_owned()])
        .collect()
}
