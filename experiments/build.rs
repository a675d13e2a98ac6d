//! Names the code behind each section of the thesis, so that the program knows what its findings rest on.
//!
//! Code is named by its tokens: comments, documentation and tests do not count. What decides the numbers of a section is
//! the crates that measure, the shared files of the thesis, what it imports of its chapter, and its own file without the
//! methods that test, draw and tabulate; those, its `…_agreements.rs` and the crate of figures decide how it is shown. What
//! is in doubt counts as measuring. The compiler, the versions of all dependencies and the cargo features count too.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, ImplItem, Item};

/// Crates that measure.
const MEASURING: [&str; 6] = ["data", "model", "explain", "analysis", "tsne", "lab"];
/// Files and folders of the bench that only show; whatever is not named here counts as measuring.
const SHOWING: [&str; 13] = [
    "agreement.rs",
    "catalogue.rs",
    "claim.rs",
    "diagram.rs",
    "gallery.rs",
    "ledger.rs",
    "numbers.rs",
    "paper.rs",
    "register.rs",
    "report",
    "table.rs",
    "tested.rs",
    "watch.rs",
];
/// Methods of a study that only show; what it is about, its `ABOUT`, does too.
const SHOWN_BY: [&str; 5] = ["about", "agreements", "claims", "draw", "tables"];

/// Files of a chapter whose names end so hold the criteria of a section's agreements: they only show.
const AGREEMENTS: &str = "_agreements";

/// A file of a chapter.
struct File {
    /// The section that it is, by its id; `None` of a file that sections share.
    section: Option<String>,
    /// All its tokens, and those without what only shows.
    whole: String,
    measuring: String,
}

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("..");
    let thesis = root.join("experiments/src/thesis");
    let mut table = String::from("static CODE: &[(&str, &str, &str)] = &[\n");
    // Without the crates' sources beside it, as in a package, the version names the code.
    if root.join("crates/lab/src").is_dir() {
        let common = common(&root, &thesis);
        let figures = folder(&root.join("crates/figures/src"), &[]);
        // What is tested and how stands there: where it changed, findings are tested again.
        let register = fs::read_to_string(root.join("assets/claims.toml")).unwrap_or_default();
        for chapter in folders(&thesis) {
            let files = chapter_files(&chapter);
            for (name, file) in &files {
                let Some(id) = &file.section else { continue };
                let imported = imports(name, &files);
                let measures: Vec<&str> = imported.iter().map(|n| files[*n].measuring.as_str()).collect();
                let whole: Vec<&str> = imported.iter().map(|n| files[*n].whole.as_str()).collect();
                let measures = name_of(&(&common, &measures));
                let draws = name_of(&(&measures, &whole, &figures, showing(&root), &register));
                table += &format!("    ({id:?}, {measures:?}, {draws:?}),\n");
            }
        }
    }
    table += "];\n";
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("code.rs");
    fs::write(out, table).expect("the folder of a build can be written");
    name_commit(&root);
    for watched in ["crates", "experiments/src", "experiments/build.rs", "assets/claims.toml", "Cargo.lock"] {
        println!("cargo::rerun-if-changed={}", root.join(watched).display());
    }
}

/// Tells the program the commit of its checkout, with `-dirty` where sources differ from it; nothing outside a checkout.
fn name_commit(root: &Path) {
    // A package within somebody's repository is not of their commits.
    if !root.join(".git").exists() {
        return;
    }
    let Some(commit) = git(root, &["rev-parse", "HEAD"]) else { return };
    let sources = ["--", "crates", "experiments", "assets", "Cargo.toml", "Cargo.lock"];
    let changes = git(root, &[&["status", "--porcelain"][..], &sources].concat());
    let dirty = if changes.is_some_and(|changes| changes.is_empty()) { "" } else { "-dirty" };
    println!("cargo::rustc-env=VITRINE_COMMIT={commit}{dirty}");
    // What changes with a commit: where HEAD is, and what the branch that it names is.
    let branch = git(root, &["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD".to_string(), "packed-refs".into()].into_iter().chain(branch) {
        if let Some(path) = git(root, &["rev-parse", "--git-path", &name]).map(|path| root.join(path))
            && path.exists()
        {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
}

/// What git prints; `None` where there is no git, or it fails.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = std::process::Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_string())
}

/// What the numbers of all sections rest on.
fn common(root: &Path, thesis: &Path) -> String {
    let crates: Vec<String> = MEASURING
        .iter()
        .map(|name| {
            let shows: &[&str] = if *name == "lab" { &SHOWING } else { &[] };
            folder(&root.join("crates").join(name).join("src"), shows)
        })
        .collect();
    let shared: Vec<String> = sources(thesis).iter().map(|path| tokens(path).1).collect();
    let read = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
    let features: BTreeSet<String> =
        env::vars().map(|(name, _)| name).filter(|n| n.starts_with("CARGO_FEATURE_")).collect();
    name_of(&(
        crates,
        shared,
        tokens(&root.join("experiments/src/embed.rs")).0,
        read(thesis.join("printed.toml")),
        read(root.join("Cargo.lock")),
        features,
        env::var("TARGET").ok(),
        rustc_version(),
    ))
}

/// The files of the bench that only show.
fn showing(root: &Path) -> Vec<String> {
    let lab = root.join("crates/lab/src");
    SHOWING.iter().filter(|name| name.ends_with(".rs")).map(|name| tokens(&lab.join(name)).0).collect()
}

/// What the compiler says of itself: other compilers round and order otherwise.
fn rustc_version() -> Option<String> {
    let rustc = env::var_os("RUSTC")?;
    let output = std::process::Command::new(rustc).arg("--version").output().ok()?;
    String::from_utf8(output.stdout).ok()
}

/// The name of everything under a folder but what is left out of its top.
fn folder(path: &Path, left_out: &[&str]) -> String {
    let is_in = |p: &PathBuf| !p.file_name().is_some_and(|n| left_out.iter().any(|out| n == *out));
    let files: Vec<String> = sources(path).iter().filter(|p| is_in(p)).map(|p| tokens(p).0).collect();
    let below: Vec<String> = folders(path).iter().filter(|p| is_in(p)).map(|p| folder(p, &[])).collect();
    name_of(&(files, below))
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Its folders, tests apart.
fn folders(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.is_dir() && !path.ends_with("tests")).collect()
}

/// Its Rust files, tests apart.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let is_source =
        |p: &PathBuf| p.extension().is_some_and(|e| e == "rs") && p.file_stem().is_some_and(|s| s != "tests");
    entries(folder).into_iter().filter(is_source).collect()
}

fn chapter_files(chapter: &Path) -> BTreeMap<String, File> {
    let file = |path: PathBuf| {
        let (whole, mut measuring) = tokens(&path);
        let section = section_id(&whole);
        if path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with(AGREEMENTS)) {
            measuring.clear();
        }
        (
            path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            File { section, whole, measuring },
        )
    };
    sources(chapter).into_iter().map(file).collect()
}

/// The file itself and all that it imports of its chapter, directly or not. Whoever imports from another chapter would
/// escape this, so nobody may.
fn imports<'a>(name: &'a str, files: &'a BTreeMap<String, File>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::from([name]);
    let mut open = vec![name];
    while let Some(name) = open.pop() {
        let text = &files[name].whole;
        for far in [":: thesis :: ch", "thesis :: { ch", "super :: super", "super :: *"] {
            assert!(
                !text.contains(far),
                "{name}.rs: `{far}` hides what it rests on; import it by its path in the chapter"
            );
        }
        for other in files.keys().filter(|other| *other != "mod") {
            let is_named = ["super :: ", "super :: { ", ", "].iter().any(|before| {
                [" ::", " ,", " }", " ;", " as"]
                    .iter()
                    .any(|after| text.contains(&format!("{before}{other}{after}")))
            });
            if is_named && found.insert(other) {
                open.push(other);
            }
        }
    }
    found
}

/// The id in a section's `About`.
fn section_id(tokens: &str) -> Option<String> {
    let (_, rest) = tokens.split_once("About { id : \"")?;
    rest.split('"').next().map(String::from)
}

/// All tokens of a file without its documentation and tests, and those without what only shows.
pub fn tokens(path: &Path) -> (String, String) {
    let Ok(source) = fs::read_to_string(path) else { return Default::default() };
    let Ok(mut file) = syn::parse_file(&source) else { return (source.clone(), source) };
    file.attrs.clear();
    file.items.retain(|item| !is_test(attributes(item)));
    let whole = text(file.to_token_stream());
    file.items.retain(|item| !matches!(item, Item::Static(it) if it.ident == "ABOUT"));
    for item in &mut file.items {
        if let Item::Impl(block) = item
            && block
                .trait_
                .as_ref()
                .is_some_and(|(_, path, _)| path.segments.last().is_some_and(|last| last.ident == "Study"))
        {
            let only_shows = |item: &ImplItem| matches!(item, ImplItem::Fn(f) if SHOWN_BY.iter().any(|name| f.sig.ident == name));
            block.items.retain(|item| !only_shows(item));
        }
    }
    (whole, text(file.to_token_stream()))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Mod(x) => &x.attrs,
        Item::Fn(x) => &x.attrs,
        Item::Use(x) => &x.attrs,
        Item::Impl(x) => &x.attrs,
        _ => &[],
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|a| a.to_token_stream().to_string() == "# [cfg (test)]")
}

/// The tokens as text, without documentation wherever it stands.
fn text(tokens: TokenStream) -> String {
    undocumented(tokens).to_string()
}

fn undocumented(tokens: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if is_documentation(&group, &kept) => {
                kept.pop();
            }
            TokenTree::Group(group) => {
                kept.push(Group::new(group.delimiter(), undocumented(group.stream())).into());
            }
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

/// Whether it is the `[doc = "…"]` of an attribute, whose `#` stands before it.
fn is_documentation(group: &Group, before: &[TokenTree]) -> bool {
    let mut inside = group.stream().into_iter();
    group.delimiter() == Delimiter::Bracket
        && matches!(before.last(), Some(TokenTree::Punct(sign)) if sign.as_char() == '#')
        && matches!(inside.next(), Some(TokenTree::Ident(name)) if name == "doc")
        && matches!(inside.next(), Some(TokenTree::Punct(sign)) if sign.as_char() == '=')
}

/// 32 hexadecimal digits of a hash that is the same on every build by one compiler.
fn name_of(content: &impl Hash) -> String {
    let half = |salt: u64| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        content.hash(&mut hasher);
        hasher.finish()
    };
    format!("{:016x}{:016x}", half(0), half(1))
}
