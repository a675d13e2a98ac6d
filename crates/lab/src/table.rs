//! Tables of text: aligned for the terminal, Markdown for a page, CSV for a program.

use anyhow::Context as _;

/// A table: one header and rows of as many cells.
#[derive(Clone, Debug, Default)]
pub struct Table {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table with these column names.
    pub fn new<S: Into<String>>(headers: impl IntoIterator<Item = S>) -> Table {
        Table { headers: headers.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If it has not one cell per column.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let cells: Vec<String> = cells.into_iter().map(Into::into).collect();
        assert_eq!(cells.len(), self.headers.len(), "one cell per column");
        self.rows.push(cells);
    }

    /// Names of the columns.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// Cells, row by row.
    pub fn rows(&self) -> &[Vec<String>] {
        &self.rows
    }

    /// Columns aligned with blanks: numbers to the right, words to the left.
    pub fn to_text(&self) -> String {
        let (widths, is_right) = (self.widths(), self.right_aligned());
        let line = |cells: &[String]| -> String {
            let padded = cells.iter().zip(&widths).zip(&is_right).map(|((cell, &width), is_right)| {
                let blanks = " ".repeat(width - cell.chars().count());
                if *is_right { format!("{blanks}{cell}") } else { format!("{cell}{blanks}") }
            });
            padded.collect::<Vec<_>>().join("  ").trim_end().to_string()
        };
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * (widths.len().saturating_sub(1)));
        let mut lines = vec![line(&self.headers), rule];
        lines.extend(self.rows.iter().map(|row| line(row)));
        lines.join("\n") + "\n"
    }

    /// A Markdown table.
    pub fn to_markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule: Vec<String> = self
            .right_aligned()
            .iter()
            .map(|right| if *right { "---:" } else { "---" }.to_string())
            .collect();
        let mut text = line(&self.headers) + &line(&rule);
        self.rows.iter().for_each(|row| text += &line(row));
        text
    }

    /// Comma-separated values, quoted where needed.
    pub fn to_csv(&self) -> anyhow::Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.headers)?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        writer.into_inner().context("a table could not be written as CSV")
    }

    /// Whether each column holds numbers: all that is in it begins with a digit or a sign.
    fn right_aligned(&self) -> Vec<bool> {
        let is_number = |cell: &str| {
            let first = cell.trim_start_matches(['-', '−', '–', '+', '×', '±', '.', ' ']).chars().next();
            first.is_none_or(|c| c.is_ascii_digit())
        };
        (0..self.headers.len())
            .map(|column| 0 < column && self.rows.iter().all(|row| is_number(&row[column])))
            .collect()
    }

    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| {
            let cells =
                std::iter::once(&self.headers).chain(&self.rows).map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        (0..self.headers.len()).map(width).collect()
    }
}

/// `Table 3.4` of a table of the paper; one of our own has a name that begins with a hyphen: `Our table: dead units`.
pub fn label(name: &str) -> String {
    match name.strip_prefix('-') {
        Some(own) => format!("Our table: {}", own.replace('-', " ")),
        None => format!("Table {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(["detector", "L1"]);
        table.row(["mlp", "0.3"]);
        table
    }

    #[test]
    fn text_is_aligned() {
        assert_eq!(table().to_text(), "detector   L1\n─────────────\nmlp       0.3\n");
    }

    #[test]
    fn tables_of_the_paper_are_told_from_ours() {
        assert_eq!([label("3.4"), label("-dead-units")], ["Table 3.4", "Our table: dead units"]);
    }

    #[test]
    fn markdown_and_csv_hold_the_same_cells() {
        assert_eq!(table().to_markdown(), "| detector | L1 |\n| --- | ---: |\n| mlp | 0.3 |\n");
        assert_eq!(table().to_csv().unwrap(), b"detector,L1\nmlp,0.3\n");
    }
}
