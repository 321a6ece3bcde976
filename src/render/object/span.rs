//! Spans of a text in the offset unit that the client requests.

use serde::Serialize;
#[cfg(feature = "server")]
use utoipa::ToSchema;

use crate::span::{Offset, OffsetUnit, Span};

/// Start and end of a text span, in the offset unit that the client requests. The end is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema), schema(as = Span))]
pub(crate) struct SpanObject([usize; 2]);

impl SpanObject {
    /// Returns the span from `start` to `end`, which are offsets of the same text.
    pub(super) const fn between(start: Offset, end: Offset, unit: OffsetUnit) -> Self {
        Self([start.count(unit), end.count(unit)])
    }

    /// Converts a byte span of `text` to `unit`. The time is linear in the offset of the end of the span, and
    /// constant for UTF-8.
    pub(super) fn new(span: Span, text: &str, unit: OffsetUnit) -> Self {
        if unit == OffsetUnit::Utf8 {
            return Self([span.start, span.end]);
        }
        let start = Offset::default().advanced_by(text.get(..span.start).unwrap_or_default());
        Self::between(start, start.advanced_by(span.of(text)), unit)
    }
}

/// Converts byte spans of `text` to `unit`.
pub(crate) fn span_objects(spans: &[Span], text: &str, unit: OffsetUnit) -> Vec<SpanObject> {
    spans.iter().map(|&span| SpanObject::new(span, text, unit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_counted_in_every_unit() {
        let text = "a广😀b";
        for (span, unit, expected) in [
            (Span::new(1, 8), OffsetUnit::Utf8, [1, 8]),
            (Span::new(1, 8), OffsetUnit::Utf16, [1, 4]),
            (Span::new(1, 8), OffsetUnit::Codepoint, [1, 3]),
            (Span::new(8, 9), OffsetUnit::Utf16, [4, 5]),
            (Span::new(8, 9), OffsetUnit::Codepoint, [3, 4]),
            (Span::new(0, 0), OffsetUnit::Utf16, [0, 0]),
        ] {
            assert_eq!(
                SpanObject::new(span, text, unit),
                SpanObject(expected),
                "{span:?} {unit:?}"
            );
        }
    }
}
