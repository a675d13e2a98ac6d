//! What is in files, as a hash.

use blake3::Hasher;

/// The content of files: 64 hexadecimal digits of the BLAKE3 hash of their names and their unpacked bytes, in the order
/// in which they were added.
pub struct Content {
    hasher: Hasher,
}

impl Default for Content {
    fn default() -> Content {
        Content { hasher: Hasher::new_derive_key("vitrine content of files v1") }
    }
}

impl Content {
    /// One file more.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        for part in [name.as_bytes(), bytes] {
            self.hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
    }

    /// The hash of all.
    pub fn finish(&self) -> String {
        self.hasher.finalize().to_hex().to_string()
    }
}

/// The content of these files.
pub fn content_of<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut content = Content::default();
    files.into_iter().for_each(|(name, bytes)| content.add(name, bytes));
    content.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_changes_with_a_name_a_byte_and_where_a_file_ends() {
        let one = content_of([("a", &b"12"[..]), ("b", b"3")]);
        assert_eq!(one, content_of([("a", &b"12"[..]), ("b", b"3")]));
        for other in
            [[("a", &b"12"[..]), ("c", b"3")], [("a", b"12"), ("b", b"4")], [("a", b"1"), ("b", b"23")]]
        {
            assert_ne!(one, content_of(other));
        }
    }
}
