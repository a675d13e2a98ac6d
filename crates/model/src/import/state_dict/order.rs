//! Names in the order in which people count: `layer2` before `layer10`.

/// Part of a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A number without its leading zeros: the shorter is the smaller.
    Number(usize, String),
    Letter(char),
}

/// A name in parts, which compare as people count.
pub fn natural(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if n_digits == 0 {
            parts.push(Part::Letter(first));
            rest = &rest[first.len_utf8()..];
        } else {
            let number = rest[..n_digits].trim_start_matches('0');
            parts.push(Part::Number(number.len(), number.into()));
            rest = &rest[n_digits..];
        }
    }
    parts
}
