//! The modules of a package and the arrows between its files: who imports what, from the file that defines it.
//!
//! A name that comes through a re-export, or through a parent's own `use`, is followed to where it is defined. What a
//! parent re-exports from its children is no arrow, unless its own code uses the name. A name that a module does not
//! have counts as defined there: a macro may have made it.

use std::collections::BTreeMap;

use super::code::{Code, Named, Use, is_test_file};
use super::sources::{Sources, short};

/// From the file at the root of the crate inwards: `["lib.rs", "zoo", "store"]`.
type ModulePath = Vec<String>;
/// Names that are being looked up, and where: re-exports can run in circles of their own.
type Open = Vec<(ModulePath, String)>;

/// A file that uses what another file of its package defines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: String,
    pub to: String,
    /// What is used, as it is written.
    pub name: String,
    pub line: usize,
}

/// All modules of a package's library and of its program.
pub struct Modules<'a> {
    /// How other crates call the library.
    crate_name: String,
    modules: BTreeMap<ModulePath, Module<'a>>,
}

struct Module<'a> {
    file: String,
    defined: &'a [String],
    inner: Vec<&'a str>,
    named: &'a Named,
}

/// What a path can mean. One name may be a module, a type and a function at once.
#[derive(Clone, PartialEq, Eq)]
enum Target {
    Module(ModulePath),
    /// Something that this file defines.
    Defined(String),
}

impl<'a> Modules<'a> {
    /// # Panics
    /// If a file is no Rust, or declares a module that has no file.
    pub fn read(sources: &'a Sources, package: &str) -> Modules<'a> {
        let name = short(package);
        let crate_name =
            if package.starts_with("crates/") { format!("vitrine_{name}") } else { "vitrine".into() };
        let mut modules = Modules { crate_name, modules: BTreeMap::new() };
        for root in ["lib.rs", "main.rs"] {
            let file = format!("{package}/src/{root}");
            if let Some(code) = sources.code(&file) {
                modules.add(sources, vec![root.into()], &file, &format!("{package}/src"), code);
            }
        }
        modules
    }

    /// Adds a module and those inside it; `folder` is where their files are.
    fn add(&mut self, sources: &'a Sources, path: ModulePath, file: &str, folder: &str, code: &'a Code) {
        let mut module =
            Module { file: file.into(), defined: &code.defined, inner: Vec::new(), named: &code.named };
        for (name, inner) in &code.inner {
            let folder = format!("{folder}/{name}");
            let (file, inner) = match inner {
                Some(inner) => (file.to_string(), inner),
                None => file_of_module(sources, file, &folder),
            };
            if !is_test_file(&file) {
                self.add(sources, [&path[..], std::slice::from_ref(name)].concat(), &file, &folder, inner);
                module.inner.push(name);
            }
        }
        self.modules.insert(path, module);
    }

    /// The files, in order.
    pub fn files(&self) -> Vec<&str> {
        let mut files: Vec<&str> = self.modules.values().map(|module| module.file.as_str()).collect();
        files.sort();
        files.dedup();
        files
    }

    /// The arrows between files, each name once, in order.
    pub fn arrows(&self) -> Vec<Arrow> {
        let mut arrows: BTreeMap<(&str, String, String), usize> = BTreeMap::new();
        for (path, module) in &self.modules {
            let mut add = |to: String, written: &[String], line: usize| {
                if to != module.file {
                    arrows.entry((&module.file, to, written.join("::"))).or_insert(line);
                }
            };
            for import in &module.named.uses {
                for target in self.imported(path, import) {
                    if let Target::Defined(file) = target {
                        add(file, &import.path, import.line);
                    }
                }
            }
            for mention in &module.named.paths {
                let brought =
                    module.named.uses.iter().filter(|import| Some(&import.name) == mention.path.first());
                let brought: Vec<Target> = brought.flat_map(|import| self.imported(path, import)).collect();
                for target in self.resolve(path, &mention.path, &mut Open::new()) {
                    // What an import brought has its arrow already.
                    if let Target::Defined(file) = &target
                        && !brought.contains(&target)
                    {
                        add(file.clone(), &mention.path, mention.line);
                    }
                }
            }
        }
        let arrow = |((from, to, name), line)| Arrow { from: str::to_string(from), to, name, line };
        arrows.into_iter().map(arrow).collect()
    }

    /// What an import brings, but for what a parent re-exports from its children.
    fn imported(&self, module: &ModulePath, import: &Use) -> Vec<Target> {
        let targets = self.resolve(module, &import.path, &mut Open::new());
        let is_own = |target: &Target| match target {
            Target::Module(path) => path.starts_with(module),
            Target::Defined(file) => {
                self.modules.iter().any(|(path, inner)| inner.file == *file && path.starts_with(module))
            }
        };
        let targets = targets.into_iter().filter(|target| !(import.is_shown && is_own(target)));
        if import.name != "*" {
            return targets.collect();
        }
        // All that the module has: which of it is meant, only a compiler knows.
        let all = |target| match target {
            Target::Module(path) => {
                let inside = &self.modules[&path];
                let names = inside.named.uses.iter().map(|import| &import.name).chain(inside.defined);
                names.flat_map(|name| self.look_up(&path, name, &mut Open::new())).collect()
            }
            Target::Defined(_) => vec![target],
        };
        targets.flat_map(all).collect()
    }

    /// What a path means that is written in a module; nothing if it leaves the crate.
    fn resolve(&self, module: &ModulePath, path: &[String], open: &mut Open) -> Vec<Target> {
        let Some(first) = path.first() else { return Vec::new() };
        match first.as_str() {
            // Receivers and visibilities.
            "self" | "super" | "crate" | "Self" if path.len() == 1 => Vec::new(),
            "crate" => self.walk(module[..1].to_vec(), &path[1..], open),
            "self" => self.walk(module.clone(), &path[1..], open),
            "super" => {
                let n_up = path.iter().take_while(|step| *step == "super").count();
                let up = module.len().saturating_sub(n_up).max(1);
                self.walk(module[..up].to_vec(), &path[n_up..], open)
            }
            _ => {
                let found = self.look_up(module, first, open);
                if found.is_empty() && *first == self.crate_name && 1 < path.len() {
                    return self.walk(vec!["lib.rs".into()], &path[1..], open);
                }
                self.follow(found, &path[1..], open)
            }
        }
    }

    fn walk(&self, module: ModulePath, path: &[String], open: &mut Open) -> Vec<Target> {
        let Some(first) = path.first() else { return vec![Target::Module(module)] };
        let found = self.look_up(&module, first, open);
        match self.modules.get(&module) {
            Some(asked) if found.is_empty() && !asked.has(first) => vec![Target::Defined(asked.file.clone())],
            _ => self.follow(found, &path[1..], open),
        }
    }

    /// From what the first name of a path means to what all of it means.
    fn follow(&self, found: Vec<Target>, rest: &[String], open: &mut Open) -> Vec<Target> {
        if rest.is_empty() {
            return found;
        }
        let is_module = |target: &Target| matches!(target, Target::Module(_));
        let (inside, defined): (Vec<_>, Vec<_>) = found.into_iter().partition(is_module);
        if inside.is_empty() {
            // A variant, a constant or a function of a type.
            return defined;
        }
        let step = |target| match target {
            Target::Module(module) => self.walk(module, rest, open),
            Target::Defined(_) => Vec::new(),
        };
        inside.into_iter().flat_map(step).collect()
    }

    /// All that a name means in a module.
    fn look_up(&self, module: &ModulePath, name: &str, open: &mut Open) -> Vec<Target> {
        let question = (module.clone(), name.to_string());
        let Some(asked) = self.modules.get(module) else { return Vec::new() };
        if open.contains(&question) {
            return Vec::new();
        }
        open.push(question);
        let mut found = Vec::new();
        if asked.inner.contains(&name) {
            found.push(Target::Module([&module[..], &[name.to_string()]].concat()));
        }
        if asked.defined.iter().any(|defined| defined == name) {
            found.push(Target::Defined(asked.file.clone()));
        }
        for import in asked.named.uses.iter().filter(|import| import.name == name) {
            found.extend(self.resolve(module, &import.path, open));
        }
        if found.is_empty() {
            for import in asked.named.uses.iter().filter(|import| import.name == "*") {
                for target in self.resolve(module, &import.path, open) {
                    if let Target::Module(shown) = target {
                        found.extend(self.look_up(&shown, name, open));
                    }
                }
            }
        }
        open.pop();
        found.dedup();
        found
    }
}

impl Module<'_> {
    /// Whether a name stands here, if only as an import from another crate.
    fn has(&self, name: &str) -> bool {
        let is_imported = self.named.uses.iter().any(|import| import.name == name);
        is_imported || self.inner.contains(&name) || self.defined.iter().any(|defined| defined == name)
    }
}

/// The file of a module that is declared without its code, and that code.
fn file_of_module<'a>(sources: &'a Sources, declaring: &str, path: &str) -> (String, &'a Code) {
    let files = [format!("{path}.rs"), format!("{path}/mod.rs")];
    let found = files.iter().find_map(|file| Some((file.clone(), sources.code(file)?)));
    found.unwrap_or_else(|| panic!("{declaring}: a module has no file {} or {}", files[0], files[1]))
}
