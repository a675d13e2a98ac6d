//! Layers over channels in f64, as their formulas stand. A signal is an image of one row.

use vitrine_model::Window;

/// A window over images.
struct Plane {
    channels: usize,
    size: [usize; 2],
    places: [usize; 2],
    window: [Axis; 2],
}

/// One axis of a window.
struct Axis {
    taps: usize,
    stride: usize,
    before: usize,
    after: usize,
    dilation: usize,
}

impl Plane {
    fn of(shape: &[usize], window: &Window) -> Plane {
        let places = window.places(&shape[1..]).unwrap();
        let axis = |axis: usize| Axis {
            taps: window.size[axis],
            stride: window.stride[axis],
            before: window.padding[axis].0,
            after: window.padding[axis].1,
            dilation: window.dilation[axis],
        };
        let of_row = Axis { taps: 1, stride: 1, before: 0, after: 0, dilation: 1 };
        match shape.len() {
            2 => Plane {
                channels: shape[0],
                size: [1, shape[1]],
                places: [1, places[0]],
                window: [of_row, axis(0)],
            },
            _ => Plane {
                channels: shape[0],
                size: [shape[1], shape[2]],
                places: [places[0], places[1]],
                window: [axis(0), axis(1)],
            },
        }
    }

    fn all_places(&self) -> impl Iterator<Item = [usize; 2]> + use<> {
        let [rows, columns] = self.places;
        (0..rows).flat_map(move |row| (0..columns).map(move |column| [row, column]))
    }

    /// Of every tap at a place its number and where in its image it finds a value, if it does.
    fn seen(&self, place: [usize; 2]) -> Vec<(usize, Option<usize>)> {
        let [rows, columns] = &self.window;
        let at = |axis: usize, tap: usize| {
            let window = &self.window[axis];
            let at = (place[axis] * window.stride + tap * window.dilation).checked_sub(window.before)?;
            (at < self.size[axis]).then_some(at)
        };
        let taps = (0..rows.taps).flat_map(|row| (0..columns.taps).map(move |column| (row, column)));
        taps.map(|(row, column)| {
            let found = at(0, row).zip(at(1, column)).map(|(row, column)| row * self.size[1] + column);
            (row * columns.taps + column, found)
        })
        .collect()
    }

    /// How many taps of a window lie within the image or its padding.
    fn n_counted(&self, place: [usize; 2]) -> usize {
        let along = |axis: usize| {
            let Axis { taps, stride, before, after, dilation } = self.window[axis];
            let end = before + self.size[axis] + after;
            (0..taps).filter(|tap| place[axis] * stride + tap * dilation < end).count()
        };
        along(0) * along(1)
    }

    /// What `f` makes of each window of each channel.
    fn pooled(&self, x: &[f64], f: impl Fn([usize; 2], &[f64]) -> f64) -> Vec<f64> {
        let n_values = self.size[0] * self.size[1];
        let of_channel = |x: &[f64]| -> Vec<f64> {
            let of_place = |place| {
                let values: Vec<f64> =
                    self.seen(place).into_iter().filter_map(|(_, at)| Some(x[at?])).collect();
                f(place, &values)
            };
            self.all_places().map(of_place).collect()
        };
        x.chunks_exact(n_values).flat_map(of_channel).collect()
    }
}

/// `z[f, p] = b[f] + Σ_{c, k} w[f, c, k] x[c, p · stride + k]`.
pub fn conv(x: &[f64], shape: &[usize], window: &Window, groups: usize, parameters: &[Vec<f64>]) -> Vec<f64> {
    let plane = Plane::of(shape, window);
    let (n_values, n_channels) = (plane.size[0] * plane.size[1], plane.channels / groups);
    let n_taps: usize = window.size.iter().product();
    let weights = parameters[0].chunks_exact(n_channels * n_taps);
    let per_group = weights.len() / groups;
    let mut z = Vec::new();
    for (f, weight) in weights.enumerate() {
        for place in plane.all_places() {
            let mut sum = parameters.get(1).map_or(0.0, |bias| bias[f]);
            for (c, weight) in weight.chunks_exact(n_taps).enumerate() {
                let x = &x[(f / per_group * n_channels + c) * n_values..][..n_values];
                let seen = plane.seen(place).into_iter();
                sum += seen.filter_map(|(tap, at)| Some(weight[tap] * x[at?])).sum::<f64>();
            }
            z.push(sum);
        }
    }
    z
}

/// The largest value of each window.
pub fn max_pool(x: &[f64], shape: &[usize], window: &Window) -> Vec<f64> {
    Plane::of(shape, window).pooled(x, |_, values| values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// The mean of each window.
pub fn average_pool(x: &[f64], shape: &[usize], window: &Window, counts_padding: bool) -> Vec<f64> {
    let plane = Plane::of(shape, window);
    plane.pooled(x, |place, values| {
        let n = if counts_padding { plane.n_counted(place) } else { values.len() };
        values.iter().sum::<f64>() / n as f64
    })
}

/// The mean of each channel.
pub fn global_average(x: &[f64], n_channels: usize) -> Vec<f64> {
    let n_values = x.len() / n_channels;
    x.chunks_exact(n_values).map(|channel| channel.iter().sum::<f64>() / n_values as f64).collect()
}

/// A normalisation in use: scale, shift, mean and variance by channel.
pub fn batch_norm(x: &[f64], epsilon: f64, parameters: &[Vec<f64>]) -> Vec<f64> {
    let [scale, shift, mean, variance] = parameters else { unreachable!("four parameters") };
    let n_values = x.len() / scale.len();
    let normal = |(i, x): (usize, &f64)| {
        let c = i / n_values;
        scale[c] * (x - mean[c]) / (variance[c] + epsilon).sqrt() + shift[c]
    };
    x.iter().enumerate().map(normal).collect()
}
