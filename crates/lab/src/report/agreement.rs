//! Whether ours agrees with the paper: under each figure and table, beside a study's claims, and collected on one page.

use super::anchors;
use super::book::{Book, Page};
use super::html::escape;
use crate::agreement::{Agreement, Exhibit, Stands, of_figure};
use crate::paper::{Paper, Shown};

/// How ours stands to the paper, as a badge.
pub fn badge(stands: Stands) -> String {
    let class = match stands {
        Stands::Agrees => "holds",
        Stands::Partly => "undecided",
        Stands::Differs => "fails",
    };
    format!("<span class=\"verdict {class}\">{} {}</span>", sign(stands), stands.word())
}

fn sign(stands: Stands) -> char {
    match stands {
        Stands::Agrees => '✓',
        Stands::Partly => '≈',
        Stands::Differs => '✗',
    }
}

/// What the paper says of a figure or table, where it does.
pub fn says(paper: &Paper, shown: &Shown) -> String {
    let says = |says: &String| {
        format!("<span class=\"says\"><b>{}:</b> {}</span>", escape(&paper.voice), escape(says))
    };
    shown.says.as_ref().map_or(String::new(), says)
}

/// What stands under a figure: ours beside the paper's statement, or that there is none; of a run with settings of its
/// own, of which the paper cannot speak, nothing.
pub fn under_figure(paper: &Paper, page: &Page, name: &str) -> String {
    let voice = paper.voice.to_lowercase();
    let shown = paper.figure(name);
    // A figure with a caption of its own is no part of the one whose name it begins with.
    let is_on_it = |agreement: &&Agreement| match &agreement.exhibit {
        Exhibit::Figure(key) => paper.figure(key) == shown,
        Exhibit::Table(_) => false,
    };
    match of_figure(&page.stored.agreements, name).filter(is_on_it) {
        Some(agreement) => ours(agreement),
        None if !page.stored.run.has_preset_settings() => String::new(),
        None if shown.is_none_or(|shown| shown.says.is_none()) => {
            let words = format!("The {voice} states nothing that could be compared.");
            format!("<span class=\"ours\">{}</span>", escape(&words))
        }
        None => String::new(),
    }
}

/// What stands under a table.
pub fn under_table(page: &Page, name: &str) -> String {
    let is_it = |agreement: &&Agreement| matches!(&agreement.exhibit, Exhibit::Table(table) if table == name);
    page.stored.agreements.iter().find(is_it).map_or(String::new(), ours)
}

fn ours(agreement: &Agreement) -> String {
    format!("<span class=\"ours\"><b>Ours:</b> {} {}</span>", badge(agreement.stands()), parts(agreement))
}

/// The parts of a statement, each with its count and numbers, and why it is not so.
fn parts(agreement: &Agreement) -> String {
    let part = |part: &crate::agreement::Part| {
        format!("<span class=\"part\">{} {}.</span>", sign(part.stands()), escape(&part.words()))
    };
    let parts: Vec<String> = agreement.parts.iter().map(part).collect();
    let why = match (&agreement.why, agreement.stands()) {
        (None, Stands::Agrees) => String::new(),
        (why, _) => {
            let why = escape(why.as_deref().unwrap_or("not known").trim_end_matches('.'));
            format!(" <span class=\"part\"><i>Why:</i> {why}.</span>")
        }
    };
    parts.join(" ") + &why
}

/// A study's agreements as items of a list, as it shows them beside the paper's statements.
pub fn items(page: &Page) -> String {
    let item = |agreement: &Agreement| {
        format!(
            "<li>{} <a href=\"#{}\">{}</a></li>",
            badge(agreement.stands()),
            anchor(page, &agreement.exhibit),
            escape(&agreement.exhibit.label())
        )
    };
    page.stored.agreements.iter().map(item).collect()
}

/// The figure or table on the page: the first that is it, or a part of it.
fn anchor(page: &Page, exhibit: &Exhibit) -> String {
    let id = page.about.id;
    match exhibit {
        Exhibit::Figure(key) => {
            let drawn = page.stored.figures.iter().find(|name| crate::names::is_part_of(name, key));
            drawn.map_or_else(|| anchors::study(id), |name| anchors::figure(id, name))
        }
        Exhibit::Table(name) if page.tables.iter().any(|(table, _)| table == name) => {
            anchors::table(id, name)
        }
        Exhibit::Table(_) => anchors::study(id),
    }
}

/// The page that collects where ours is not as the paper has it.
pub fn differences(book: &Book) -> String {
    let all = || book.pages.iter().flat_map(|page| page.stored.agreements.iter().map(move |a| (page, a)));
    let count = |stands: Stands| all().filter(|(_, agreement)| agreement.stands() == stands).count();
    let row = |(page, agreement): (&Page, &Agreement)| {
        format!(
            "<tr><th scope=\"row\"><a href=\"#{}\">{}</a></th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            anchor(page, &agreement.exhibit),
            escape(&agreement.exhibit.label()),
            badge(agreement.stands()),
            escape(statement(&book.paper, &agreement.exhibit).unwrap_or_default()),
            parts(agreement)
        )
    };
    let rows: String = all().filter(|(_, agreement)| agreement.stands() != Stands::Agrees).map(row).collect();
    let voice = escape(&book.paper.voice.to_lowercase());
    format!(
        "<section id=\"differences\"><h2>Known differences from the {voice}</h2>\n\
         <p>Of the statements that the {voice} makes on figures and tables, {} agree with what is found here, {} agree in part and {} \
         differ. A statement is cut into parts, each looked at in every seed at hand: it agrees where all are so in \
         all seeds (✓), and differs where none is so in more than half of them (✗). Claims that fail are under \
         <a href=\"#claims\">Claims</a>.</p>\n<div class=\"table\" tabindex=\"0\"><table class=\"ledger differences\">\
         <thead><tr><th scope=\"col\">where</th><th scope=\"col\">ours</th><th scope=\"col\">the {voice}</th>\
         <th scope=\"col\">what is found</th></tr></thead>\n<tbody>{rows}</tbody></table></div></section>\n",
        count(Stands::Agrees),
        count(Stands::Partly),
        count(Stands::Differs),
    )
}

/// What the paper says of it.
fn statement<'a>(paper: &'a Paper, exhibit: &Exhibit) -> Option<&'a str> {
    let shown = match exhibit {
        Exhibit::Figure(name) => paper.figure(name),
        Exhibit::Table(name) => paper.tables.get(name),
    };
    shown?.says.as_deref()
}
