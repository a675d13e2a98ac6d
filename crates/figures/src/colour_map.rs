//! Colour maps: viridis for magnitudes, a zero-centred diverging map for signed values, greys for images.

use plotters::prelude::*;

/// What values mean, and so how they are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColourMap {
    /// From dark to light (viridis), over the range of the values.
    Magnitude,
    /// Blue below zero, white at zero, red above, symmetric about zero.
    Signed,
    /// From white to black, over the range of the values: an image as ink on paper.
    Ink,
}

/// Where there is no number.
const NOTHING: RGBColor = RGBColor(190, 190, 190);

/// Stops of viridis (van der Walt and Smith 2015), evenly spaced.
const VIRIDIS: [[f64; 3]; 9] = [
    [68.0, 1.0, 84.0],
    [72.0, 40.0, 120.0],
    [62.0, 74.0, 137.0],
    [49.0, 104.0, 142.0],
    [38.0, 130.0, 142.0],
    [31.0, 158.0, 137.0],
    [53.0, 183.0, 121.0],
    [110.0, 206.0, 88.0],
    [253.0, 231.0, 37.0],
];

/// Stops of a blue-white-red map of even lightness on both sides (Moreland 2009).
const BLUE_RED: [[f64; 3]; 5] = [
    [33.0, 79.0, 162.0],
    [124.0, 165.0, 214.0],
    [247.0, 247.0, 247.0],
    [226.0, 140.0, 112.0],
    [165.0, 15.0, 38.0],
];

/// Grey by grey.
const WHITE_BLACK: [[f64; 3]; 2] = [[255.0; 3], [0.0; 3]];

impl ColourMap {
    /// Ends of the map for values between these.
    pub fn ends(self, lo: f64, hi: f64) -> (f64, f64) {
        match self {
            ColourMap::Signed => {
                let largest = lo.abs().max(hi.abs());
                if largest == 0.0 { (-1.0, 1.0) } else { (-largest, largest) }
            }
            ColourMap::Magnitude | ColourMap::Ink if lo < hi => (lo, hi),
            ColourMap::Magnitude | ColourMap::Ink => (lo - 0.5, lo + 0.5),
        }
    }

    /// The colour of `value` on a map with these ends; grey for what is no number.
    pub fn colour(self, value: f64, (lo, hi): (f64, f64)) -> RGBColor {
        if !value.is_finite() {
            return NOTHING;
        }
        let place = ((value - lo) / (hi - lo)).clamp(0.0, 1.0);
        match self {
            ColourMap::Magnitude => between(&VIRIDIS, place),
            ColourMap::Signed => between(&BLUE_RED, place),
            ColourMap::Ink => between(&WHITE_BLACK, place),
        }
    }
}

/// The colour of a class: the same in every picture, from the first class to the last along viridis.
pub fn class_colour(class: usize, n_classes: usize) -> RGBColor {
    let last = n_classes.saturating_sub(1).max(1) as f64;
    between(&VIRIDIS, class as f64 / last)
}

/// The colour of one of up to ten kinds, told apart by the colour-blind (Tol's muted scheme); beyond ten they recur.
pub fn kind_colour(kind: usize) -> RGBColor {
    const COLOURS: [RGBColor; 10] = [
        RGBColor(51, 34, 136),
        RGBColor(221, 204, 119),
        RGBColor(17, 119, 51),
        RGBColor(204, 102, 119),
        RGBColor(136, 204, 238),
        RGBColor(136, 34, 85),
        RGBColor(68, 170, 153),
        RGBColor(153, 153, 51),
        RGBColor(170, 68, 153),
        RGBColor(110, 110, 110),
    ];
    COLOURS[kind % COLOURS.len()]
}

fn between(stops: &[[f64; 3]], place: f64) -> RGBColor {
    let position = place * (stops.len() - 1) as f64;
    let below = (position as usize).min(stops.len() - 2);
    let share = position - below as f64;
    let mix = |channel: usize| {
        let value = stops[below][channel] + share * (stops[below + 1][channel] - stops[below][channel]);
        value.round() as u8
    };
    RGBColor(mix(0), mix(1), mix(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_map_is_white_at_zero_whatever_its_values() {
        let ends = ColourMap::Signed.ends(-1.0, 4.0);
        assert_eq!(ends, (-4.0, 4.0));
        assert_eq!(ColourMap::Signed.colour(0.0, ends), RGBColor(247, 247, 247));
    }

    #[test]
    fn a_magnitude_map_ends_in_the_ends_of_viridis() {
        assert_eq!(ColourMap::Magnitude.colour(2.0, (2.0, 3.0)), RGBColor(68, 1, 84));
        assert_eq!(ColourMap::Magnitude.colour(9.0, (2.0, 3.0)), RGBColor(253, 231, 37));
    }

    #[test]
    fn ink_is_black_where_there_is_most_of_it() {
        assert_eq!([0.0, 0.5, 1.0].map(|ink| ColourMap::Ink.colour(ink, (0.0, 1.0)).0), [255, 128, 0]);
    }

    #[test]
    fn what_is_no_number_is_grey_and_equal_values_have_a_map() {
        assert_eq!(ColourMap::Signed.colour(f64::NAN, (-1.0, 1.0)), NOTHING);
        assert_eq!(ColourMap::Magnitude.ends(2.0, 2.0), (1.5, 2.5));
    }
}
