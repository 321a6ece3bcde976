//! Reads the fields of Word files that have no stored result, because a program draws them: formulas and signs placed
//! over each other (`EQ`), and characters of symbol fonts (`SYMBOL`).

use super::{
    formula::FormulaElement,
    raised_text::{RaisedText, superscript},
    symbol_font::character_of_symbol_font,
};

/// Maximum nesting depth of the switches of a formula. Deeper ones are read as text.
const MAX_SWITCH_DEPTH: usize = 16;
/// Signs that are drawn around another text.
const ENCLOSING_SIGNS: [&str; 8] = ["○", "〇", "◯", "□", "△", "◇", "⬜", "O"];

/// Text of a field that a program draws.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct DrawnField {
    /// Text that the field shows, on one line.
    pub(super) text: String,
    /// Pronunciations above the text, which are no part of it.
    pub(super) pronunciations: Vec<String>,
}

/// Returns the text that a field shows by its instruction, such as `EQ \f(1,2)` or `SYMBOL 176`. `None` for a field with
/// a stored result.
pub(super) fn read_drawn_field(instruction: &str) -> Option<DrawnField> {
    let instruction = instruction.trim();
    let (name, rest) = instruction.split_once(char::is_whitespace)?;
    if name.eq_ignore_ascii_case("EQ") {
        let mut parser = FormulaParser { rest: rest.trim(), pronunciations: Vec::new() };
        let text = parser.read_text(0, false);
        let pronunciations = parser.pronunciations;
        return Some(DrawnField { text: text.trim().to_owned(), pronunciations });
    }
    if name.eq_ignore_ascii_case("SYMBOL") {
        let text = character_of_symbol_field(rest)?.to_string();
        return Some(DrawnField { text, pronunciations: Vec::new() });
    }
    None
}

/// Returns the character of a field `SYMBOL`. `instruction` is the number of the character, and the name of the font
/// after `\f`.
fn character_of_symbol_field(instruction: &str) -> Option<char> {
    let number = instruction.split_whitespace().next()?;
    let hexadecimal = number.strip_prefix("0x").or_else(|| number.strip_prefix("0X"));
    let code = match hexadecimal {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    let font = instruction.split_once("\\f").map(|(_, font)| font.trim_start()).unwrap_or_default();
    let font = match font.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => font.split_whitespace().next(),
    };
    character_of_symbol_font(font.unwrap_or_default(), &format!("{code:x}"))
}

/// Argument of a switch.
struct Argument {
    text: String,
    /// Whether the argument is a switch that raises its text.
    is_raised: bool,
}

/// Parser of the formula in a field `EQ`.
struct FormulaParser<'a> {
    /// Part of the instruction that has not been read.
    rest: &'a str,
    pronunciations: Vec<String>,
}

impl FormulaParser<'_> {
    fn next_char(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    /// Reads text and switches. In an argument, ends before the separator or the parenthesis that ends the argument.
    fn read_text(&mut self, depth: usize, is_in_argument: bool) -> String {
        let mut text = String::new();
        let mut open_parentheses = 0_usize;
        while let Some(c) = self.rest.chars().next() {
            match c {
                ',' | ';' | ')' if is_in_argument && open_parentheses == 0 => break,
                '\\' if self.is_at_switch() && depth < MAX_SWITCH_DEPTH => {
                    let switch_text = self.read_switch(depth, &text);
                    text.push_str(&switch_text.text);
                    continue;
                }
                '\\' => {
                    self.next_char();
                    text.extend(self.next_char());
                    continue;
                }
                '(' => open_parentheses += 1,
                ')' => open_parentheses = open_parentheses.saturating_sub(1),
                _ => {}
            }
            text.extend(self.next_char());
        }
        text
    }

    /// Returns whether the rest begins with a switch such as `\f`, not with an escaped sign such as `\(`.
    fn is_at_switch(&self) -> bool {
        self.rest.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic() || c == '*')
    }

    /// Reads a switch with its options and arguments, and returns the text that it shows. `before` is the text before
    /// the switch.
    fn read_switch(&mut self, depth: usize, before: &str) -> Argument {
        let options = self.read_options();
        if !self.rest.starts_with('(') {
            return Argument { text: String::new(), is_raised: false };
        }
        self.next_char();
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.read_argument(depth + 1));
            if self.next_char().is_none_or(|c| c == ')') {
                break;
            }
        }
        let is_raised = options.first().is_some_and(|name| name == "s")
            && options.iter().any(|option| option.starts_with("up"));
        let text = self.text_of_switch(&options, arguments, before);
        Argument { text, is_raised }
    }

    /// Reads one argument, up to the separator or the parenthesis after it.
    fn read_argument(&mut self, depth: usize) -> Argument {
        let blank_count = self.rest.len() - self.rest.trim_start().len();
        self.rest = self.rest.get(blank_count..).unwrap_or_default();
        if self.rest.starts_with('\\') && self.is_at_switch() && depth < MAX_SWITCH_DEPTH {
            let mut argument = self.read_switch(depth, "");
            let rest = self.read_text(depth, true);
            argument.is_raised &= rest.trim().is_empty();
            argument.text.push_str(&rest);
            return argument;
        }
        Argument { text: self.read_text(depth, true), is_raised: false }
    }

    /// Reads the letters of a switch and its options, up to the parenthesis before its arguments: `s`, `up 9`.
    fn read_options(&mut self) -> Vec<String> {
        let mut options = Vec::new();
        while self.rest.starts_with('\\') && self.is_at_switch() {
            self.next_char();
            if self.rest.starts_with('*') {
                // A format such as `\* hps11` or `\* "Font:Song"`.
                let format_end = self.rest.find(['\\', '(']).unwrap_or(self.rest.len());
                self.rest = self.rest.get(format_end..).unwrap_or_default();
                continue;
            }
            let is_option = |c: char| c.is_ascii_alphanumeric() || c == ' ' || c == '-';
            let end = self.rest.find(|c| !is_option(c)).unwrap_or(self.rest.len());
            let (option, rest) = self.rest.split_at_checked(end).unwrap_or_default();
            options.push(option.trim().to_ascii_lowercase());
            self.rest = rest;
            // The option names a bracket: `\lc\{`.
            if self.rest.starts_with('\\') && !self.is_at_switch() {
                self.next_char();
                options.extend(self.next_char().map(String::from));
            }
        }
        options
    }

    fn text_of_switch(
        &mut self,
        options: &[String],
        mut arguments: Vec<Argument>,
        before: &str,
    ) -> String {
        let name = options.first().map_or("", String::as_str);
        if name == "o" {
            return self.text_of_overstrike(arguments);
        }
        let is_raised = options.iter().any(|option| option.starts_with("up"));
        let parts: Vec<String> = arguments.drain(..).map(|argument| argument.text).collect();
        match name {
            "f" => {
                let fraction = FormulaElement::Fraction.text(&parts);
                let needs_space = before.ends_with(|c: char| c.is_ascii_digit());
                if needs_space { format!(" {fraction}") } else { fraction }
            }
            "r" if parts.len() > 1 => FormulaElement::RootOfDegree.text(&parts),
            "r" => FormulaElement::Root.text(&parts),
            "b" => FormulaElement::Delimited("(".to_owned(), ")".to_owned()).text(&parts),
            "s" if is_raised => {
                let raised = parts.concat();
                match RaisedText::classify(before, &raised) {
                    RaisedText::Plain => raised,
                    _ => raised.chars().map(superscript).collect(),
                }
            }
            "a" => parts.join(" "),
            "l" => parts.join(","),
            _ => parts.concat(),
        }
    }

    /// Returns the text of signs that are drawn over each other: an enclosed number as one character, the text without
    /// its pronunciation.
    fn text_of_overstrike(&mut self, arguments: Vec<Argument>) -> String {
        let has_base = arguments.iter().any(|argument| !argument.is_raised);
        let (raised, base): (Vec<Argument>, Vec<Argument>) =
            arguments.into_iter().partition(|argument| argument.is_raised && has_base);
        self.pronunciations.extend(raised.into_iter().map(|argument| argument.text));
        let texts: Vec<&str> = base.iter().map(|argument| argument.text.trim()).collect();
        let enclosed = match texts[..] {
            [sign, text] if ENCLOSING_SIGNS.contains(&sign) => Some(text),
            [text, sign] if ENCLOSING_SIGNS.contains(&sign) => Some(text),
            _ => None,
        };
        match enclosed {
            Some(text) => circled_number(text).map_or_else(|| text.to_owned(), String::from),
            None => texts.concat(),
        }
    }
}

/// Returns the character of a number in a circle, such as `⑤`, for the digits of a number from 0 to 50.
fn circled_number(digits: &str) -> Option<char> {
    let number: u32 = digits.parse().ok()?;
    char::from_u32(match number {
        0 => 0x24EA,
        1..=20 => 0x2460 + number - 1,
        21..=35 => 0x3251 + number - 21,
        36..=50 => 0x32B1 + number - 36,
        _ => return None,
    })
}

/// Field of a document that is being read.
#[cfg(feature = "docx")]
#[derive(Debug, Default)]
struct OpenField {
    instruction: String,
    /// Whether the stored result of the field has begun.
    has_result: bool,
}

/// Fields of a document that are being read, outermost first.
#[cfg(feature = "docx")]
#[derive(Debug, Default)]
pub(super) struct OpenFields(Vec<OpenField>);

#[cfg(feature = "docx")]
impl OpenFields {
    /// Begins a field with its instruction.
    pub(super) fn begin(&mut self) {
        self.0.push(OpenField::default());
    }

    /// Begins the stored result of the innermost field.
    pub(super) fn begin_result(&mut self) {
        if let Some(field) = self.0.last_mut() {
            field.has_result = true;
        }
    }

    /// Adds text to the instruction of the innermost field.
    pub(super) fn add_instruction_text(&mut self, text: &str) {
        if let Some(field) = self.0.last_mut().filter(|field| !field.has_result) {
            field.instruction.push_str(text);
        }
    }

    /// Ends the innermost field. Returns what a program draws for a field without stored result.
    pub(super) fn end(&mut self) -> Option<DrawnField> {
        let field = self.0.pop()?;
        if field.has_result { None } else { read_drawn_field(&field.instruction) }
    }

    /// Returns whether the text that is being read belongs to the instruction of a field.
    #[cfg(feature = "office97")]
    pub(super) fn is_in_instruction(&self) -> bool {
        self.0.iter().any(|field| !field.has_result)
    }

    /// Drops the fields whose instruction has not ended.
    #[cfg(feature = "office97")]
    pub(super) fn drop_instructions(&mut self) {
        self.0.retain(|field| field.has_result);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_fields_become_text() {
        for (instruction, expected) in [
            (r" EQ \f(1,2) ", Some("1/2")),
            (r"EQ 3\f(1,2)", Some("3 1/2")),
            (r"EQ \f(a+b;12)", Some("(a+b)/12")),
            (r"eq \o\ac(○,5)", Some("⑤")),
            (r"eq \o\ac(◯,23)", Some("㉓")),
            (r"eq \o\ac(△,急)", Some("急")),
            (r"EQ \o\ad(\s\up 9(yǎn),龑)", Some("龑")),
            (r#"EQ \* jc0 \* "Font:宋体" \* hps11 \o\ad(\s\up 10(fú),涪)"#, Some("涪")),
            (r"EQ 10\s\up 5(6)", Some("10⁶")),
            (r"EQ H\s\do 2(2)O", Some("H2O")),
            (r"EQ \r(3,x+1)", Some("³√(x+1)")),
            (r"EQ \b\lc\{\rc\}(\a\al\co1(x,y))", Some("(x y)")),
            (r"EQ f\(x\)\,y", Some("f(x),y")),
            (r"EQ \x(8)", Some("8")),
            (r"SYMBOL 176", Some("°")),
            (r#"SYMBOL 179 \f "Symbol" \s 12"#, Some("≥")),
            (r"SYMBOL 0x2265 \u", Some("≥")),
            (r"PAGE \* MERGEFORMAT", None),
            (r"EQ", None),
            (r"EQ \f(1,\o(", Some("1/")),
        ] {
            let field = read_drawn_field(instruction);
            assert_eq!(field.as_ref().map(|field| field.text.as_str()), expected, "{instruction}");
        }
        let ruby = read_drawn_field(r"EQ \o\ad(\s\up 9(yǎn),龑)").unwrap();
        assert_eq!(ruby.pronunciations, ["yǎn"]);
    }

    proptest::proptest! {
        #[test]
        fn any_formula_is_read_without_panic(formula in r"(\\[a-z*]|\(|\)|,|○|5|é| ){0,40}") {
            drop(read_drawn_field(&format!("EQ {formula}")));
            drop(read_drawn_field(&format!("EQ {}", r"\f(".repeat(10_000))));
        }
    }
}
