//! Writes a mathematical formula on one line: a fraction as `1/2`, a power as `10⁶`. Without signs, the digits of a formula
//! would join to other numbers.

use super::raised_text::superscript;

/// Element of a formula. Its kind decides how the texts of its parts are joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FormulaElement {
    /// The parts follow each other.
    Row,
    /// Numerator and denominator.
    Fraction,
    /// Base and exponent.
    Power,
    /// Base, index and exponent.
    IndexedPower,
    /// Content of a root. The degree of the root may follow.
    Root,
    /// Degree and content of a root.
    RootOfDegree,
    /// Content between two delimiters, the opening and the closing one.
    Delimited(String, String),
    /// Element that is not shown.
    Hidden,
}

impl FormulaElement {
    /// Returns the element of a formula in a Word file that has the name `name`. Elements of properties are not shown.
    #[cfg(feature = "docx")]
    pub(super) fn of_word(name: &str) -> Self {
        match name {
            "f" => Self::Fraction,
            "sSup" => Self::Power,
            "sSubSup" => Self::IndexedPower,
            "rad" => Self::RootOfDegree,
            "d" => Self::Delimited("(".to_owned(), ")".to_owned()),
            _ if name.ends_with("Pr") => Self::Hidden,
            _ => Self::Row,
        }
    }

    /// Returns the element of `MathML` that has the name `name`.
    pub(super) fn of_mathml(name: &str) -> Self {
        match name {
            "mfrac" => Self::Fraction,
            "msup" | "mover" => Self::Power,
            "msubsup" | "munderover" => Self::IndexedPower,
            "msqrt" | "mroot" => Self::Root,
            "annotation" | "annotation-xml" | "mphantom" => Self::Hidden,
            _ => Self::Row,
        }
    }

    /// Returns the text of the element. `parts` are the texts of its parts.
    pub(super) fn text(&self, parts: &[String]) -> String {
        let part = |index: usize| parts.get(index).map_or("", |part| part.trim());
        match self {
            Self::Row => parts.concat(),
            Self::Fraction => format!("{}/{}", operand(part(0)), operand(part(1))),
            Self::Power => format!("{}{}", operand(part(0)), exponent(part(1))),
            Self::IndexedPower => format!("{}{}{}", operand(part(0)), part(1), exponent(part(2))),
            Self::Root => root(part(0), part(1)),
            Self::RootOfDegree => root(part(1), part(0)),
            Self::Delimited(open, close) => format!("{open}{}{close}", parts.concat()),
            Self::Hidden => String::new(),
        }
    }
}

/// Returns `text` in parentheses if it is longer than one number, word or power, and has no parentheses.
fn operand(text: &str) -> String {
    let is_simple =
        text.chars().all(|c| c.is_alphanumeric() || ".,%′'".contains(c) || is_raised(c));
    let is_enclosed =
        text.starts_with('(') && text.find(')').is_some_and(|end| end + 1 == text.len());
    if is_simple || is_enclosed { text.to_owned() } else { format!("({text})") }
}

/// Returns a root of `content`. The degree is empty for a square root.
fn root(content: &str, degree: &str) -> String {
    let degree = exponent(degree);
    format!("{}√{}", degree.trim_start_matches('^'), operand(content))
}

/// Returns an exponent: raised digits, or a circumflex and the text.
fn exponent(text: &str) -> String {
    if text.chars().all(|c| superscript(c) != c) {
        return text.chars().map(superscript).collect();
    }
    // Accents, primes and degrees are no exponents.
    if text.chars().all(|c| !c.is_alphanumeric()) {
        return text.to_owned();
    }
    format!("^{}", operand(text))
}

/// Returns whether a character is a raised digit.
const fn is_raised(c: char) -> bool {
    matches!(c, '²' | '³' | '¹' | '⁰'..='⁹' | '⁺' | '⁻')
}

/// Text of a formula that is read element by element.
#[derive(Debug, Default)]
pub(super) struct FormulaText {
    /// Open elements, outermost first, each with the texts of its parts so far.
    open_elements: Vec<(FormulaElement, Vec<String>)>,
}

impl FormulaText {
    /// Sets a delimiter of the innermost open element with delimiters.
    #[cfg(feature = "docx")]
    pub(super) fn set_delimiter(&mut self, is_closing: bool, delimiter: String) {
        let elements = self.open_elements.iter_mut().rev();
        let signs = elements.map(|(element, _)| element).find_map(|element| match element {
            FormulaElement::Delimited(opening, closing) => Some((opening, closing)),
            _ => None,
        });
        if let Some((opening, closing)) = signs {
            *(if is_closing { closing } else { opening }) = delimiter;
        }
    }

    /// Begins an element inside the open elements.
    pub(super) fn open(&mut self, element: FormulaElement) {
        self.open_elements.push((element, Vec::new()));
    }

    /// Adds text to the innermost open element. Ignores an empty text.
    pub(super) fn add_text(&mut self, text: &str) {
        if let Some((_, parts)) = self.open_elements.last_mut().filter(|_| !text.is_empty()) {
            parts.push(text.to_owned());
        }
    }

    /// Ends the innermost open element. Returns the text of the formula if this element is the outermost one.
    pub(super) fn close(&mut self) -> Option<String> {
        let (element, parts) = self.open_elements.pop()?;
        let text = element.text(&parts);
        let Some((_, outer_parts)) = self.open_elements.last_mut() else { return Some(text) };
        if element != FormulaElement::Hidden {
            outer_parts.push(text);
        }
        None
    }
}

/// Returns `text` without the white space of the markup at its ends. Other space, such as a thin space, belongs to the
/// formula.
pub(super) fn trim_xml_space(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// Returns whether a formula needs a space after the text `before`, so that two numbers do not become one.
pub(super) fn needs_space_before_formula(before: &str, formula: &str) -> bool {
    before.ends_with(|c: char| c.is_ascii_digit())
        && formula.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_written_on_one_line() {
        use FormulaElement::{Delimited, Fraction, IndexedPower, Power, Root};
        let parentheses = Delimited("(".to_owned(), ")".to_owned());
        for (element, parts, expected) in [
            (Power, vec!["10", "6"], "10⁶"),
            (Power, vec!["10", "−3"], "10⁻³"),
            (Power, vec!["x", "n+1"], "x^(n+1)"),
            (Power, vec!["20", "°"], "20°"),
            (Power, vec!["a+b", "2"], "(a+b)²"),
            (Fraction, vec!["1", "2"], "1/2"),
            (Fraction, vec!["a+b", "12"], "(a+b)/12"),
            (Fraction, vec!["(a+b)", "(c)+(d)"], "(a+b)/((c)+(d))"),
            (Fraction, vec!["1.5", "10⁶"], "1.5/10⁶"),
            (IndexedPower, vec!["x", "1", "2"], "x1²"),
            (Root, vec!["2"], "√2"),
            (Root, vec!["x+1", "3"], "³√(x+1)"),
            (parentheses, vec!["a+b"], "(a+b)"),
        ] {
            let parts: Vec<String> = parts.into_iter().map(str::to_owned).collect();
            assert_eq!(element.text(&parts), expected, "{element:?} {parts:?}");
        }
    }

    #[test]
    fn open_elements_are_parts_of_the_elements_around_them() {
        let mut formula = FormulaText::default();
        for element in [FormulaElement::Row, FormulaElement::Fraction, FormulaElement::Row] {
            formula.open(element);
        }
        formula.add_text("1");
        assert_eq!(formula.close(), None);
        formula.open(FormulaElement::Hidden);
        formula.add_text("x");
        assert_eq!(formula.close(), None);
        formula.open(FormulaElement::Row);
        formula.add_text("1");
        formula.add_text("2");
        assert_eq!((formula.close(), formula.close()), (None, None));
        assert_eq!(formula.close().as_deref(), Some("1/12"));
        assert_eq!(formula.close(), None);
    }
}
