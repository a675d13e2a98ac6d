//! What the build calls the code behind a section: what changes it, and what does not.

#[path = "../experiments/build.rs"]
#[expect(dead_code, clippy::print_stdout, reason = "the build script's own main and what it alone calls")]
mod build;

use std::fs;

const SECTION: &str = "
static ABOUT: About = About { id: \"mine\", title: \"Mine\" };
trait Helps {
    fn help(&self) -> usize;
}
impl Study for Mine {
    fn run(&self) -> usize { 1 }
    fn draw(&self) -> usize { 2 }
}
fn helper() -> usize { 3 }
";

/// All tokens of a source, and those that measure.
fn names(source: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.rs");
    fs::write(&path, source).unwrap();
    build::tokens(&path)
}

#[test]
fn comments_layout_and_tests_are_no_code() {
    let other = SECTION
        .replace("{ 1 }", "{\n    // One.\n    1\n}")
        .replace("    fn", "    /// What it does.\n    fn")
        .replace("trait", "/// Who helps.\ntrait");
    let other = format!("//! About it.\n{other}\n#[cfg(test)]\nmod tests {{ fn f() {{}} }}");
    assert_eq!(names(&other), names(SECTION));
}

#[test]
fn how_it_is_drawn_is_code_that_does_not_measure() {
    let (whole, measuring) = names(SECTION);
    for shown in ["2", "\"Mine\""] {
        let (other_whole, other_measuring) = names(&SECTION.replace(shown, "4"));
        assert_ne!(other_whole, whole, "{shown}");
        assert_eq!(other_measuring, measuring, "{shown}");
    }
}

#[test]
fn what_runs_and_what_helps_it_measures() {
    for digit in ['1', '3'] {
        assert_ne!(names(&SECTION.replace(digit, "4")).1, names(SECTION).1, "{digit}");
    }
}
