//! What Rust code defines and names: its imports, paths, macros and strings, tests and documentation apart.
//!
//! Names are read from tokens, not from the tree of syntax, so that what stands inside a macro's brackets counts too.

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{ImplItem, Item, ItemUse, Lit, TraitItem, UseTree, Visibility};

/// A module without its tests.
#[derive(Default)]
pub struct Code {
    /// Functions, types, constants: all names but of modules and imports.
    pub defined: Vec<String>,
    pub named: Named,
    /// The modules it declares; those of which it holds the code, with it.
    pub inner: Vec<(String, Option<Code>)>,
}

/// What a module's own code names, without the modules inside it.
#[derive(Default)]
pub struct Named {
    pub uses: Vec<Use>,
    pub paths: Vec<Mention>,
    /// Macros that are called, by their last name.
    pub macros: Vec<(String, usize)>,
    pub strings: Vec<(String, usize)>,
}

/// A path in the code, such as `super::weights::Init`, and its line.
pub struct Mention {
    pub path: Vec<String>,
    pub line: usize,
}

/// One name that a `use` brings into scope; `*` for all that there is.
pub struct Use {
    pub path: Vec<String>,
    pub name: String,
    /// Whether others see it here: a re-export.
    pub is_shown: bool,
    pub line: usize,
}

/// Whether a source file holds nothing but tests.
pub fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/src/tests/") || path.contains("/tests/tests/")
}

impl Code {
    /// The code of a file.
    ///
    /// # Panics
    /// If it is not Rust.
    pub fn read(path: &str, text: &str) -> Code {
        let file = syn::parse_file(text)
            .unwrap_or_else(|e| panic!("{path}:{}: no Rust: {e}", e.span().start().line));
        let attributes: TokenStream = file.attrs.iter().map(ToTokens::to_token_stream).collect();
        if is_test(attributes) { Code::default() } else { Code::of(file.items) }
    }

    fn of(items: Vec<Item>) -> Code {
        let mut code = Code::default();
        for mut item in items {
            if is_test(item.to_token_stream()) {
                continue;
            }
            code.defined.extend(defined(&item));
            match &mut item {
                Item::Use(import) => code.named.import(import),
                Item::Mod(_) => {}
                Item::Impl(block) => block.items.retain(|i: &ImplItem| !is_test(i.to_token_stream())),
                Item::Trait(block) => block.items.retain(|i: &TraitItem| !is_test(i.to_token_stream())),
                _ => {}
            }
            match item {
                Item::Use(_) => {}
                Item::Mod(inner) => {
                    let content = inner.content.map(|(_, items)| Code::of(items));
                    code.inner.push((inner.ident.to_string(), content));
                }
                _ => code.named.read(item.into_token_stream()),
            }
        }
        code
    }

    /// What is named in the file, in the modules that it holds too.
    pub fn all_named(&self) -> Vec<&Named> {
        let inner = self.inner.iter().filter_map(|(_, code)| code.as_ref());
        std::iter::once(&self.named).chain(inner.flat_map(Code::all_named)).collect()
    }
}

/// Whether one of the attributes at its start is `#[test]`, or a `#[cfg(…)]` that needs `test`.
fn is_test(tokens: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while let Some((attribute, next)) = attribute(&tokens, at) {
        let words: Vec<String> = flat(attribute).iter().map(Ident::to_string).collect();
        let has = |word: &str| words.iter().any(|w| w == word);
        if words == ["test"]
            || (words.starts_with(&["cfg".into()]) && has("test") && !has("not") && !has("any"))
        {
            return true;
        }
        at = next;
    }
    false
}

/// The content of the attribute that starts there, and where it ends.
fn attribute(tokens: &[TokenTree], at: usize) -> Option<(TokenStream, usize)> {
    if !is_punct(tokens.get(at), '#') {
        return None;
    }
    let at = if is_punct(tokens.get(at + 1), '!') { at + 2 } else { at + 1 };
    match tokens.get(at) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            Some((group.stream(), at + 1))
        }
        _ => None,
    }
}

fn flat(tokens: TokenStream) -> Vec<Ident> {
    let names = |token| match token {
        TokenTree::Ident(ident) => vec![ident],
        TokenTree::Group(group) => flat(group.stream()),
        _ => Vec::new(),
    };
    tokens.into_iter().flat_map(names).collect()
}

impl Named {
    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            at = self.read_at(&tokens, at);
        }
    }

    /// Reads what starts there, and returns where the next thing starts.
    fn read_at(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        if let Some((attribute, next)) = attribute(tokens, at) {
            self.read_attribute(attribute);
            return next;
        }
        match &tokens[at] {
            TokenTree::Group(group) => self.read(group.stream()),
            TokenTree::Literal(literal) => {
                if let Lit::Str(text) = Lit::new(literal.clone()) {
                    self.strings.push((text.value(), literal.span().start().line));
                }
            }
            TokenTree::Ident(word) if word == "use" => {
                if let Some(next) = self.read_use(tokens, at) {
                    return next;
                }
            }
            TokenTree::Ident(_) => return self.read_path(tokens, at),
            TokenTree::Punct(_) => {}
        }
        at + 1
    }

    /// Documentation counts for nothing; paths in serde's strings are code.
    fn read_attribute(&mut self, attribute: TokenStream) {
        let name = flat(attribute.clone()).first().map(Ident::to_string);
        if name.as_deref() == Some("doc") {
            return;
        }
        if name.as_deref() == Some("serde") {
            self.read_serde(attribute.clone());
        }
        self.read(attribute);
    }

    fn read_serde(&mut self, attribute: TokenStream) {
        let tokens: Vec<TokenTree> = attribute.into_iter().collect();
        for token in &tokens {
            if let TokenTree::Group(group) = token {
                self.read_serde(group.stream());
            }
        }
        for three in tokens.windows(3) {
            let [TokenTree::Ident(key), equals, TokenTree::Literal(literal)] = three else { continue };
            let Lit::Str(text) = Lit::new(literal.clone()) else { continue };
            let mut path: Vec<String> = text.value().split("::").map(String::from).collect();
            if key == "with" {
                path.push("serialize".into());
            }
            if is_punct(Some(equals), '=') && 1 < path.len() {
                self.paths.push(Mention { path, line: literal.span().start().line });
            }
        }
    }

    /// A `use` inside a function; none where `use` bounds what a type captures.
    fn read_use(&mut self, tokens: &[TokenTree], at: usize) -> Option<usize> {
        let end = at + tokens[at..].iter().position(|token| is_punct(Some(token), ';'))?;
        self.import(&syn::parse2(tokens[at..=end].iter().cloned().collect()).ok()?);
        Some(end + 1)
    }

    fn import(&mut self, import: &ItemUse) {
        let is_shown = !matches!(import.vis, Visibility::Inherited);
        // A path that starts with `::` leaves the crate: an empty first name means nothing here.
        let start = if import.leading_colon.is_some() { vec![String::new()] } else { Vec::new() };
        self.import_tree(start, &import.tree, is_shown);
    }

    fn import_tree(&mut self, mut path: Vec<String>, tree: &UseTree, is_shown: bool) {
        let (name, span) = match tree {
            UseTree::Path(step) => {
                path.push(step.ident.to_string());
                return self.import_tree(path, &step.tree, is_shown);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.import_tree(path.clone(), tree, is_shown));
            }
            UseTree::Glob(glob) => ("*".into(), glob.star_token.spans[0]),
            UseTree::Name(name) => (last(&mut path, &name.ident), name.ident.span()),
            UseTree::Rename(name) => {
                last(&mut path, &name.ident);
                (name.rename.to_string(), name.ident.span())
            }
        };
        self.uses.push(Use { path, name, is_shown, line: span.start().line });
    }

    fn read_path(&mut self, tokens: &[TokenTree], start: usize) -> usize {
        let mut path = Vec::new();
        let mut at = start;
        while let Some(TokenTree::Ident(word)) = tokens.get(at) {
            path.push(word.to_string());
            if !is_path_separator(tokens, at + 1) {
                break;
            }
            at += 3;
        }
        let line = tokens[start].span().start().line;
        let is_called =
            is_punct(tokens.get(at + 1), '!') && matches!(tokens.get(at + 2), Some(TokenTree::Group(_)));
        if is_called && let Some(name) = path.last() {
            self.macros.push((name.clone(), line));
        }
        let before = |n: usize| start.checked_sub(n).and_then(|at| tokens.get(at));
        let is_member = is_punct(before(1), '.') && !is_punct(before(2), '.');
        let follows_colons = is_punct(before(1), ':') && is_punct(before(2), ':');
        let is_rest =
            follows_colons && (is_punct(before(3), '>') || matches!(before(3), Some(TokenTree::Ident(_))));
        if follows_colons {
            path.insert(0, String::new());
        }
        if !is_member && !is_rest {
            self.paths.push(Mention { path, line });
        }
        at + 1
    }
}

/// The name that an item defines, if it is neither a module nor an import.
fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(x) => &x.ident,
        Item::Enum(x) => &x.ident,
        Item::Fn(x) => &x.sig.ident,
        Item::Macro(x) => x.ident.as_ref()?,
        Item::Static(x) => &x.ident,
        Item::Struct(x) => &x.ident,
        Item::Trait(x) => &x.ident,
        Item::TraitAlias(x) => &x.ident,
        Item::Type(x) => &x.ident,
        Item::Union(x) => &x.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Appends the last name of an import, `self` apart, and returns the name that it brings into scope.
fn last(path: &mut Vec<String>, ident: &Ident) -> String {
    if ident != "self" {
        path.push(ident.to_string());
    }
    path.last().cloned().unwrap_or_default()
}

fn is_punct(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    let is_joint = matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.spacing() == Spacing::Joint);
    is_joint && is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')
}
