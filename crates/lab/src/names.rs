//! Names of things: as parts of file names, and short ones by content.

/// A name as part of a file's name: letters and digits, and dashes for everything else.
pub fn slug(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// The first 16 hexadecimal digits of a hash: networks, findings and arrays are named so.
pub fn short(hash: blake3::Hash) -> String {
    hash.to_hex()[..16].to_string()
}

/// Whether a figure is the one of that key, a part or a variant of it: `3.13a` and `3.13-linear` of 3.13, but not of 3.1.
pub fn is_part_of(name: &str, key: &str) -> bool {
    name.strip_prefix(key).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `Figure 3.5`, `Figure 4.14 (linear)`; a figure without a number in the paper is one of ours.
pub fn figure_label(name: &str) -> String {
    let is_numbered = name.split('-').next().is_some_and(|number| number.contains('.'));
    match name.split_once('-') {
        _ if !is_numbered => format!("Our figure {}", name.replace('-', " ")),
        Some((number, variant)) => format!("Figure {number} ({})", variant.replace('-', " ")),
        None => format!("Figure {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_no_letter_or_digit_becomes_a_dash() {
        assert_eq!(slug("cnn:100,conv5 clean/size"), "cnn-100-conv5-clean-size");
    }

    #[test]
    fn variants_are_named_after_their_number() {
        assert_eq!(figure_label("3.5"), "Figure 3.5");
        assert_eq!(figure_label("4.14-linear"), "Figure 4.14 (linear)");
        assert_eq!(figure_label("6-training-time"), "Our figure 6 training time");
    }
}
