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

#[cfg(test)]
mod tests {
    #[test]
    fn whatever_is_no_letter_or_digit_becomes_a_dash() {
        assert_eq!(super::slug("cnn:100,conv5 clean/size"), "cnn-100-conv5-clean-size");
    }
}
