//! Tables as people write them, and what is said of those that cannot be read.

use ndarray::array;

use super::*;

fn read(text: &str, format: Format, label: LabelAt<'_>) -> Result<Table, DataError> {
    read_table(Path::new("t.csv"), text.as_bytes(), format, label)
}

fn plain(text: &str) -> Table {
    read(text, Format::default(), LabelAt::Last).unwrap()
}

#[track_caller]
fn refused(text: &str, label: LabelAt<'_>, words: &str) {
    let error = read(text, Format::default(), label).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.contains(words), "{words}: {error}");
}

#[test]
fn a_header_names_the_features_and_the_last_column_is_the_label() {
    let table = plain("\u{feff}length, width ,class\n1,2,b\n\n3,-4.5e1,a\n");
    assert_eq!(table.features, array![[1.0, 2.0], [3.0, -45.0]]);
    assert_eq!(table.names.unwrap(), ["length", "width"]);
    assert_eq!(table.labels.unwrap().words(), ["b", "a"]);
}

#[test]
fn a_table_without_a_header_is_told_by_its_numbers_and_other_delimiters_by_their_number() {
    for text in ["1\t2\tb\r\n3\t4\ta\r\n", "1;2;b\n3;4;a", "1|2|b\n3|4|a", "\"1\",\"2\",\"b\"\n3,4,a\n"] {
        let table = plain(text);
        assert_eq!((table.features, table.names), (array![[1.0, 2.0], [3.0, 4.0]], None), "{text:?}");
    }
    let named = Format { has_header: Some(true), delimiter: Some(b',') };
    assert_eq!(read("1,2,3\n4,5,6\n", named, LabelAt::Last).unwrap().names.unwrap(), ["1", "2"]);
}

#[test]
fn the_label_is_any_column_by_name_or_number_or_none() {
    let text = "class,a,b\nx,1,2\ny,3,4\n";
    for label in ["class", "1"] {
        let table = read(text, Format::default(), LabelAt::Named(label)).unwrap();
        assert_eq!(
            (table.features, table.names.unwrap()),
            (array![[1.0, 2.0], [3.0, 4.0]], vec!["a".into(), "b".into()])
        );
    }
    let table = read("1,2\n3,4\n", Format::default(), LabelAt::Nowhere).unwrap();
    assert!(table.labels.is_none() && table.features == array![[1.0, 2.0], [3.0, 4.0]]);
    refused(
        text,
        LabelAt::Named("klass"),
        "label = klass: t.csv has no such column; its columns are `class`, `a`, `b`",
    );
    refused(
        "1,2\n",
        LabelAt::Named("3"),
        "label = 3: t.csv has no such column; it has 2 columns without names, counted from 1",
    );
}

#[test]
fn cells_that_are_missing_or_no_numbers_are_named_with_line_and_column() {
    let last = LabelAt::Last;
    refused("a,b,c\n1,2,x\n1,,x\n", last, "t.csv: line 3, column `b`: the cell is empty; fill it in");
    for word in ["NA", "NaN", "?", "null", "n/a"] {
        refused(
            &format!("a,b\n{word},x\n"),
            last,
            &format!("line 2, column `a`: `{word}` stands for a missing value"),
        );
    }
    refused("1,2,x\n1,red,x\n", last, "line 2, column 2: `red` is no number; features are numbers");
    refused("a,b\n1e39,x\n", last, "`1e39` is not finite in 32 bits");
    refused("a,b\n-inf,x\n", last, "`-inf` is not finite in 32 bits");
    refused("a,b\n1,NA\n", last, "column `b`: `NA` stands for a missing value");
}

#[test]
fn what_is_no_table_is_refused() {
    let last = LabelAt::Last;
    refused("", last, "t.csv: holds no rows");
    refused("a,b\n", last, "holds no rows below its header");
    refused("a\n1\n", last, "has a single column");
    refused("a,b\n1,2,3\n", last, "line 2: 3 cells, where the first row has 2");
    let numbers: String = (0..30).map(|i| format!("1,{i}.5\n")).collect();
    refused(
        &numbers,
        last,
        "column 2 has 30 different values in 30 rows; the label must be a column of classes",
    );
    let error = read_table(Path::new("t.csv"), b"a,b\n1,\xff\n", Format::default(), last).unwrap_err();
    assert_eq!(error.to_string(), "t.csv: line 2: is no text in UTF-8");
}
