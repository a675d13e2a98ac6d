//! Names in full: what a module imports, and what its paths mean by its imports.

use super::code::{Named, Use};

/// Every path that a module imports or mentions, from the crate that it starts in, and its line.
pub fn in_full(named: &Named) -> impl Iterator<Item = (Vec<&str>, usize)> {
    let imported = named.uses.iter().map(|import| {
        let all = (import.name == "*").then_some("*");
        (import.path.iter().map(String::as_str).chain(all).collect(), import.line)
    });
    let mentioned = named.paths.iter().map(|mention| (meant(&mention.path, &named.uses), mention.line));
    imported.chain(mentioned).map(|(path, line): (Vec<&str>, usize)| {
        (path.into_iter().skip_while(|step| step.is_empty()).collect(), line)
    })
}

/// A path with its first name replaced by what that was imported as.
fn meant<'a>(path: &'a [String], uses: &'a [Use]) -> Vec<&'a str> {
    let import = uses.iter().find(|import| 1 < path.len() && path.first() == Some(&import.name));
    let (start, rest) = import.map_or((&[][..], path), |import| (&import.path[..], &path[1..]));
    start.iter().chain(rest).map(String::as_str).collect()
}
