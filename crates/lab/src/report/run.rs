//! What a report says of a run that is not its preset's: which run it is, and its tests without the paper's claims.

use super::book::Book;
use super::html::escape;
use crate::claim::Claim;
use crate::numbers;
use crate::register::Registered;

/// What stands at the head of the page, where the run is not the preset itself.
pub fn heading(book: &Book) -> String {
    let (run, voice) = (&book.run, escape(&book.paper.voice.to_lowercase()));
    if run.is_preset() {
        return String::new();
    }
    let name = escape(&run.to_string());
    if run.has_preset_settings() {
        return format!(
            "<p class=\"warning\">Run {name}: the settings of preset {}, over seeds of its own.</p>\n",
            run.preset()
        );
    }
    let changes: String =
        book.changes().iter().map(|change| format!("<li><code>{}</code></li>", escape(change))).collect();
    format!(
        "<div class=\"warning\"><p>Variant {name}: these settings are not those of preset {}.</p><ul>{changes}</ul>\
         <p>So nothing here stands beside a number or a sentence of the {voice}, and no test is a verdict on a claim of it.</p></div>\n",
        run.preset()
    )
}

/// The tests of a variant by section, which are no verdicts on the paper's claims.
pub fn tests(book: &Book) -> String {
    let of_page = |page: &super::book::Page| -> String {
        let lines: String = page.stored.claims.iter().map(|claim| line(book, claim)).collect();
        if lines.is_empty() { lines } else { format!("<h4>{}</h4><ul>{lines}</ul>\n", escape(page.about.id)) }
    };
    let tests: String = book.pages.iter().map(of_page).collect();
    format!(
        "<p>Tests of the variant {}, as each of them came out; no verdicts on claims of the {}, which are about other settings.</p>\n{tests}",
        escape(&book.run.to_string()),
        escape(&book.paper.voice.to_lowercase())
    )
}

/// A test in one list item: its words and numbers, without a verdict.
fn line(book: &Book, claim: &Claim) -> String {
    let words = book.paper.register.test(&claim.id).map_or(String::new(), Registered::words);
    let interval =
        claim.interval.map_or(String::new(), |interval| format!(" {}", numbers::interval(interval)));
    let p = claim.p_value.map_or(String::new(), |p| format!(", p = {}", numbers::p_value(p)));
    let text = format!("{words}: {}{interval}{p}", numbers::short(claim.statistic));
    format!("<li><b>{}</b> {}</li>", escape(&claim.id), escape(&text))
}
