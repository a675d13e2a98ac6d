//! Series of hand-made files, and what is said of those that cannot be read.

use ndarray::array;

use super::*;

const HEADER: &str =
    "# a comment\n@problemName P\n@timeStamps false\n@univariate true\n@classLabel true a b\n@data\n";

fn read(text: &str, has_header: bool) -> Result<Series, DataError> {
    read_series(Path::new("s.ts"), text.as_bytes(), has_header)
}

#[track_caller]
fn refused(text: &str, has_header: bool, words: &str) {
    let error = read(text, has_header).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.contains(words), "{words}: {error}");
}

#[test]
fn series_of_one_dimension_are_rows_with_the_label_after_the_last_colon() {
    let series = read(&format!("{HEADER}1,2,3:b\n4,5,6:a\n"), true).unwrap();
    assert_eq!(series.values, array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]].into_dyn());
    assert_eq!(series.labels.unwrap().words(), ["b", "a"]);
}

#[test]
fn series_of_several_dimensions_have_an_axis_for_them_and_may_have_no_labels() {
    let series = read("@classLabel false\n@data\n1,2:3,4\n5,6:7,8\n", true).unwrap();
    assert_eq!(series.values, array![[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]].into_dyn());
    assert!(series.labels.is_none());
}

#[test]
fn lines_with_the_label_first_are_read_with_tabs_commas_and_blanks() {
    for text in ["2\t1.5\t-3\n1\t0\t1\n", "2,1.5,-3\n1,0,1\n", "  2.0000000e+00  1.5  -3\n  1.0e+00 0 1\n"] {
        let series = read(text, false).unwrap();
        assert_eq!(series.values, array![[1.5, -3.0], [0.0, 1.0]].into_dyn());
        assert_eq!(series.labels.unwrap().words(), ["2", "1"]);
    }
}

#[test]
fn series_of_unequal_length_are_refused_wherever_that_is_seen() {
    let unequal = "line 8: a series of 2 values, and one of 3 in line 7; series must be of one length";
    refused(&format!("{HEADER}1,2,3:b\n4,5:a\n"), true, unequal);
    refused("@equalLength false\n@data\n", true, "line 1: series of unequal length (@equalLength false)");
    refused("@data\n1,2:3\n", true, "a series of 1 values, and one of 2 in line 2");
    refused(
        "1\t1\t2\n1\t1\tNaN\n",
        false,
        "line 2: a series of 1 values, filled up to 2; series must be of one length",
    );
    refused("1 1 2\n1 1\n", false, "line 2: a series of 1 values, and one of 2 in line 1");
}

#[test]
fn what_is_missing_undeclared_or_not_read_is_named_with_its_line() {
    refused(&format!("{HEADER}1,?,3:b\n"), true, "line 7: value 2 is missing (`?`)");
    refused(&format!("{HEADER}1,x,3:b\n"), true, "line 7: value 2, `x`, is no number");
    refused(&format!("{HEADER}1,2,3:c\n"), true, "the label `c` is none of those of @classLabel, `a`, `b`");
    refused(&format!("{HEADER}1,2,3\n"), true, "has no label after its last colon");
    refused("@timeStamps true\n", true, "has time stamps");
    refused("@data\n(0,1),(1,2)\n", true, "has time stamps in parentheses");
    refused("@targetLabel true\n", true, "numbers to be predicted");
    refused("1,2,3\n", true, "`1,2,3` before @data");
    refused("@univariate true\n", true, "has no line @data");
    refused(HEADER, true, "holds no series");
    refused("1\n", false, "is no series");
    refused("1 1e99\n", false, "value 1, `1e99`, is not finite in 32 bits");
}
