//! A section of the report: what the paper says beside what we find, figures, tables, settings, data.

use std::collections::BTreeMap;

use serde_json::Value;

use super::book::Page;
use super::html::{address, escape};
use super::{agreement, anchors, claims, figure};
use crate::agreement::Exhibit;
use crate::ledger::Ledger;
use crate::names::figure_label;
use crate::numbers;
use crate::paper::Paper;
use crate::table::{self, Table};

/// Numbers shown of a section; the rest is in its files.
const MAX_NUMBERS: usize = 40;

/// Rows of a table that is shown unfolded.
const MAX_ROWS: usize = 24;
/// Letters of a cell that stay on one line.
const LONG: usize = 24;

/// The section's element.
pub fn element(paper: &Paper, ledger: &Ledger, page: &Page) -> String {
    let about = page.about;
    let figures: String =
        page.pictures.iter().map(|(name, picture)| figure::element(paper, page, name, picture)).collect();
    let tables: String =
        page.tables.iter().map(|(name, table)| table_element(paper, page, name, table)).collect();
    format!(
        "<section id=\"{}\" class=\"section\">\n<h3>{} <span class=\"id\">{}</span></h3>\n{}{}<div class=\"figures\">{figures}</div>\n{tables}{}{}</section>\n",
        anchors::study(about.id),
        escape(about.title),
        escape(about.id),
        made(page),
        beside(paper, ledger, page),
        values(page),
        data(page)
    )
}

/// One line on what made the section's findings, with a link to the settings in full.
fn made(page: &Page) -> String {
    let config = &page.config;
    let commit = config.origin.commit.as_deref().map_or("unknown", |c| c.get(..10).unwrap_or(c));
    let seconds = page.stored.seconds().map_or(String::new(), |s| format!(" · {s:.1} s"));
    format!(
        "<p class=\"made\">run {} · {} · device {} · version {} · commit {} · {}{seconds} · <a href=\"#{}\">settings</a></p>\n",
        escape(&config.run.to_string()),
        seeds(&config.seeds),
        escape(&config.origin.device),
        escape(&config.origin.version),
        escape(commit),
        escape(&config.started.replace('T', " ").replace('Z', " UTC")),
        anchors::settings(&page.settings),
    )
}

/// `seed 0`, `seeds 0–4`, `seeds 3, 7`.
pub fn seeds(seeds: &[u64]) -> String {
    let is_run = seeds.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]));
    match seeds {
        [one] => format!("seed {one}"),
        [first, .., last] if is_run => format!("seeds {first}–{last}"),
        _ => format!("seeds {}", seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// The paper's statements on the study's tables and claims beside our verdicts.
fn beside(paper: &Paper, ledger: &Ledger, page: &Page) -> String {
    let about = page.about;
    let of_tables = about.tables.iter().filter_map(|table| {
        let says = paper.tables.get(*table)?.says.as_ref()?;
        Some(format!("<li><b>Table {}.</b> {}</li>", escape(table), escape(says)))
    });
    let of_claims = about.claims.iter().filter_map(|claim| {
        Some(format!(
            "<li><a href=\"#{}\">{claim}</a> {}</li>",
            anchors::claim(claim),
            escape(paper.sentence(claim)?)
        ))
    });
    let of_figures = figures_spoken_of(page).into_iter().filter_map(|name| {
        let says = paper.figures.get(name)?.says.as_ref()?;
        Some(format!("<li><b>{}.</b> {}</li>", escape(&figure_label(name)), escape(says)))
    });
    let theirs: String = of_tables.chain(of_figures).chain(of_claims).collect();
    let ours = ledger.of_study(about.id).map(claims::line).collect::<String>() + &agreement::items(page);
    if theirs.is_empty() && ours.is_empty() {
        return String::new();
    }
    format!(
        "<div class=\"beside\"><div><h4>{}</h4><ul>{theirs}</ul></div><div><h4>Our finding</h4><ul>{ours}</ul></div></div>\n",
        escape(&format!("The {}", paper.voice.to_lowercase()))
    )
}

/// The study's figures by their names in the paper: those that it is listed with, and those that it answers in parts.
fn figures_spoken_of(page: &Page) -> Vec<&str> {
    let mut names = page.about.figures.to_vec();
    for agreement in &page.stored.agreements {
        match &agreement.exhibit {
            Exhibit::Figure(name) if !names.contains(&name.as_str()) => names.push(name),
            _ => {}
        }
    }
    names
}

fn table_element(paper: &Paper, page: &Page, name: &str, table: &Table) -> String {
    let label = table::label(name);
    let shown = paper.tables.get(name);
    let shows = shown.map_or(page.about.title, |shown| shown.shows.as_str());
    let says = shown.map_or(String::new(), |shown| agreement::says(paper, shown));
    let cells = |tag: &str, row: &[String]| -> String {
        let cell = |(i, text): (usize, &String)| {
            if i == 0 {
                format!("<th scope=\"{}\">{}</th>", if tag == "th" { "col" } else { "row" }, escape(text))
            } else {
                let class = if LONG < text.chars().count() { " class=\"long\"" } else { "" };
                format!("<{tag}{class}>{}</{tag}>", escape(text))
            }
        };
        row.iter().enumerate().map(cell).collect()
    };
    let rows: String = table.rows().iter().map(|row| format!("<tr>{}</tr>\n", cells("td", row))).collect();
    let file = |ending: &str| {
        let path = address(&format!("tables/table{name}.{ending}"));
        format!(
            "<a href=\"{}/{path}\">{}</a>",
            anchors::folder(page),
            if ending == "md" { "Markdown" } else { "CSV" }
        )
    };
    let id = anchors::table(page.about.id, name);
    let ours = agreement::under_table(page, name);
    let n_rows = table.rows().len();
    let element = format!(
        "<div id=\"{id}\"><p class=\"caption\" id=\"{id}-caption\"><b>{}.</b> {} <span class=\"files\">{} · {}</span>{says}{ours}</p>\n<div class=\"table\" tabindex=\"0\"><table aria-labelledby=\"{id}-caption\">\n<thead><tr>{}</tr></thead>\n<tbody>\n{rows}</tbody></table></div></div>\n",
        escape(&label),
        escape(shows),
        file("csv"),
        file("md"),
        cells("th", table.headers()),
    );
    if n_rows <= MAX_ROWS {
        return element;
    }
    format!(
        "<details class=\"printed\"><summary>{}: {n_rows} rows</summary>{element}</details>\n",
        escape(&label)
    )
}

/// Single numbers among the findings.
fn values(page: &Page) -> String {
    let mut numbers = BTreeMap::new();
    flatten("", &page.stored.values, &mut numbers);
    if numbers.is_empty() {
        return String::new();
    }
    let rows: String = numbers
        .iter()
        .take(MAX_NUMBERS)
        .map(|(name, text)| {
            format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escape(name), escape(text))
        })
        .collect();
    let rest = numbers.len().saturating_sub(MAX_NUMBERS);
    let more = if rest == 0 { String::new() } else { format!("<p>and {rest} more in findings.json</p>") };
    format!(
        "<details><summary>Numbers</summary><div class=\"table\" tabindex=\"0\"><table class=\"numbers\">{rows}</table></div>{more}</details>\n"
    )
}

/// Adds what is a number or a word, under its path; lists are left to the files.
fn flatten(path: &str, value: &Value, numbers: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            // What stands apart is listed with the files.
            for (name, inner) in fields.iter().filter(|(name, _)| !name.starts_with('$')) {
                let below = if path.is_empty() { name.clone() } else { format!("{path} / {name}") };
                flatten(&below, inner, numbers);
            }
        }
        Value::Number(number) => {
            let text = number
                .as_u64()
                .map_or_else(|| numbers::short(number.as_f64().unwrap_or(f64::NAN)), |n| n.to_string());
            numbers.insert(path.into(), text);
        }
        Value::String(text) => _ = numbers.insert(path.into(), text.clone()),
        Value::Bool(flag) => _ = numbers.insert(path.into(), flag.to_string()),
        Value::Array(_) | Value::Null => {}
    }
}

/// Links to everything that the section left behind.
fn data(page: &Page) -> String {
    let folder = anchors::folder(page);
    let link = |file: &str, text: &str| {
        format!("<a href=\"{folder}/{}\" download>{}</a>", address(file), escape(text))
    };
    let mut links = vec![link("findings.json", "findings.json"), link("config.toml", "config.toml")];
    links.extend(page.stored.arrays.iter().map(|name| {
        let shape: Vec<String> = page
            .stored
            .data
            .get(name)
            .map_or(Vec::new(), |a| a.shape().iter().map(usize::to_string).collect());
        link(&format!("arrays/{name}.npy"), &format!("{name}.npy [{}]", shape.join(" × ")))
    }));
    format!(
        "<details class=\"data\" id=\"{}\"><summary>Data: {} files</summary><p>{}</p></details>\n",
        anchors::data(page.about.id),
        links.len(),
        links.join(" ")
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn seeds_in_a_row_are_a_span() {
        assert_eq!(super::seeds(&[7]), "seed 7");
        assert_eq!(super::seeds(&[0, 1, 2]), "seeds 0–2");
        assert_eq!(super::seeds(&[u64::MAX, 3]), format!("seeds {}, 3", u64::MAX));
    }
}
