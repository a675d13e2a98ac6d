//! The whole page: summary, contents by chapter, ledger, chapters.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::book::{Book, Page};
use super::html::{escape, id};
use super::{agreement, anchors, claims, run, section, settings};
use crate::paper::Paper;
use crate::preset::Preset;
use crate::tested::Standing;

/// The page's look, for screens wide and narrow, light and dark, and for print.
const STYLE: &str = include_str!("style.css");
/// Larger pictures on a click, the choice of light or dark, and a check of the page by itself.
const SCRIPT: &str = include_str!("script.js");
/// Nothing may be loaded from outside the file.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The HTML of a book.
pub fn whole(book: &Book) -> String {
    let chapters: String = chapters(book).map(|(number, pages)| chapter(book, number, &pages)).collect();
    // A run with settings of its own has tests and no claims.
    let (tested, tests, differences) = match book.run.has_preset_settings() {
        true => {
            ("Claims", claims::ledger(&book.ledger, &book.paper.commands.run), agreement::differences(book))
        }
        false => ("Tests", run::tests(book), String::new()),
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"generator\" content=\"{}\">\n<title>{}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#summary\">To the summary</a>\n{}<main>\n{}\
         <section id=\"claims\"><h2>{tested}</h2>\n{tests}</section>\n{differences}{chapters}{}</main>\n\
         <dialog id=\"larger\" aria-label=\"Larger picture\"></dialog>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n",
        escape(&book.paper.commands.generator),
        escape(&book.paper.title),
        contents(book),
        summary(book),
        settings::part(book),
    )
}

/// Chapters in order, each with its sections.
fn chapters<'a>(book: &'a Book<'_>) -> impl Iterator<Item = (&'static str, Vec<&'a Page>)> {
    let mut chapters: Vec<(&str, Vec<&Page>)> = Vec::new();
    for page in &book.pages {
        let number = page.about.chapter();
        match chapters.last_mut() {
            Some((last, pages)) if *last == number => pages.push(page),
            _ => chapters.push((number, vec![page])),
        }
    }
    chapters.into_iter()
}

fn chapter(book: &Book<'_>, number: &str, pages: &[&Page]) -> String {
    let sections: String =
        pages.iter().map(|page| section::element(&book.paper, &book.ledger, page)).collect();
    format!(
        "<section id=\"ch{}\"><h2>{}</h2>\n{sections}</section>\n",
        id(number),
        heading(&book.paper, number)
    )
}

fn heading(paper: &Paper, number: &str) -> String {
    let title = paper.chapters.get(number).map_or(String::new(), |title| format!(": {title}"));
    escape(&format!("Chapter {number}{title}"))
}

fn contents(book: &Book) -> String {
    let section = |page: &&Page| {
        let about = page.about;
        let figures: String = page
            .stored
            .figures
            .iter()
            .map(|name| format!(" <a href=\"#{}\">{}</a>", anchors::figure(about.id, name), escape(name)))
            .collect();
        format!(
            "<li><a href=\"#{}\">{}</a><span class=\"numbers\">{figures}</span></li>\n",
            anchors::study(about.id),
            escape(about.title)
        )
    };
    let chapters: String = chapters(book)
        .map(|(number, pages)| {
            let sections: String = pages.iter().map(section).collect();
            format!(
                "<li><a href=\"#ch{}\">{}</a><ul>\n{sections}</ul></li>\n",
                id(number),
                heading(&book.paper, number)
            )
        })
        .collect();
    format!(
        "<nav aria-label=\"Contents\"><button id=\"theme\" aria-label=\"Light or dark\">◐</button>\
         <details id=\"contents\" open><summary>Contents</summary><ul>\n<li><a href=\"#summary\">Summary</a></li>\n\
         <li><a href=\"#claims\">{}</a></li>\n{}{chapters}<li><a href=\"#settings\">Settings and seeds</a></li>\n</ul></details></nav>\n",
        if book.run.has_preset_settings() { "Claims" } else { "Tests" },
        if book.run.has_preset_settings() {
            "<li><a href=\"#differences\">Known differences</a></li>\n"
        } else {
            ""
        }
    )
}

fn summary(book: &Book) -> String {
    let n_figures: usize = book.pages.iter().map(|page| page.stored.figures.len()).sum();
    let n_tables: usize = book.pages.iter().map(|page| page.tables.len()).sum();
    let standings = [Standing::Holds, Standing::Fails, Standing::Undecided, Standing::NotRun];
    let verdicts: String = standings
        .map(|standing| {
            let ids = book.ledger.ids(standing);
            let links: Vec<String> = ids
                .iter()
                .map(|claim| format!("<a href=\"#{}\">{claim}</a>", anchors::claim(claim)))
                .collect();
            format!(
                "<div>{}<strong>{}</strong><span>{}</span></div>",
                claims::badge(standing, None),
                ids.len(),
                links.join(" ")
            )
        })
        .concat();
    let verdicts = match book.run.has_preset_settings() {
        true => format!("<div class=\"tiles\">{verdicts}</div>\n"),
        false => String::new(),
    };
    format!(
        "<section id=\"summary\"><h1>{}</h1>\n<p>{} {n_figures} figures and {n_tables} tables of {} sections.</p>\n\
         {}{}{}{verdicts}{}{}<p><a href=\"report.json\" download>report.json</a> holds all of it for programs; \
         <code>{} report.json</code> runs it again and says what differs.</p></section>\n",
        escape(&book.paper.title),
        book.paper.introduction,
        book.pages.len(),
        run::heading(book),
        warning(book),
        made(book),
        pointing(book),
        absent(book),
        escape(&book.paper.commands.verify)
    )
}

/// What one seed points to, where there is one: it decides nothing.
fn pointing(book: &Book) -> String {
    let sides =
        [Standing::Holds, Standing::Fails].map(|side| (side.word(), book.ledger.ids_pointed_to(side)));
    let said: Vec<String> = sides
        .iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(side, ids)| format!("points to {side} for {}", ids.join(", ")))
        .collect();
    if said.is_empty() {
        return String::new();
    }
    format!("<p class=\"points\">One seed decides nothing; it {}.</p>\n", escape(&said.join(" and ")))
}

/// The smoke preset trains for a handful of epochs on a tenth of the data.
fn warning(book: &Book) -> &'static str {
    match book.run.preset() {
        Preset::Smoke => {
            "<p class=\"warning\">Preset smoke: a test of the program. Its networks are hardly trained, and its numbers mean nothing.</p>\n"
        }
        Preset::Quick | Preset::Full => "",
    }
}

/// What made the findings; a line for each origin where there are several.
fn made(book: &Book) -> String {
    let mut origins: Vec<String> = Vec::new();
    for page in &book.pages {
        let from = &page.config.origin;
        let text = format!(
            "run {} · device {} · version {} · commit {}",
            page.config.run,
            from.device,
            from.version,
            from.commit.as_deref().unwrap_or("unknown")
        );
        if !origins.contains(&text) {
            origins.push(text);
        }
    }
    origins.push(seeds(book));
    let moments = book.pages.iter().map(|page| page.config.started.as_str());
    let (first, last) = (moments.clone().min().unwrap_or_default(), moments.max().unwrap_or_default());
    let seconds: f64 = book.pages.iter().filter_map(|page| page.stored.seconds()).sum();
    origins.push(format!("sections measured from {first} to {last}, {seconds:.0} s besides training"));
    origins.iter().map(|text| format!("<p class=\"made\">{}</p>\n", escape(text))).collect()
}

/// How many seeds each section ran over, most first.
fn seeds(book: &Book) -> String {
    let mut sections: BTreeMap<Reverse<usize>, Vec<&str>> = BTreeMap::new();
    for page in &book.pages {
        sections.entry(Reverse(page.config.seeds.len())).or_default().push(page.about.id);
    }
    let of_n = |(n, ids): (&Reverse<usize>, &Vec<&str>)| {
        let seeds = if n.0 == 1 { "seed" } else { "seeds" };
        format!("{} {seeds}: {}", n.0, ids.join(" "))
    };
    sections.iter().map(of_n).collect::<Vec<_>>().join(" · ")
}

/// Sections that are not in the report, with the command that puts them there where the run's name tells it.
fn absent(book: &Book) -> String {
    if book.absent.is_empty() {
        return String::new();
    }
    let items: String = book
        .absent
        .iter()
        .map(|about| {
            let command = book.paper.commands.of_run(about.id, &book.run);
            let command = command.map_or(String::new(), |line| format!(" — <code>{}</code>", escape(&line)));
            let holds = [("figures", about.figures), ("tables", about.tables), ("claims", about.claims)]
                .iter()
                .filter(|(_, names)| !names.is_empty())
                .map(|(what, names)| format!("; {what} {}", escape(&names.join(", "))))
                .collect::<String>();
            format!("<li><b>{}</b> {}{holds}{command}</li>", escape(about.id), escape(about.title))
        })
        .collect();
    format!("<div class=\"absent\"><h4>Not run</h4><ul>{items}</ul></div>\n")
}
