//! Values and gradients of any node for a few rows, each with an objective of its own: the part of a question to a
//! model that fits the cache.

use super::layout::Layout;
use super::loss;
use super::network::{FusedNetwork, Given};
use super::workspace::Workspace;
use crate::chain::Place;
use crate::graph::{Activation, NodeId};
use crate::kernels::aligned::Aligned;
use crate::kernels::elementwise::{multiply, relu_gradient, vectorised};

/// A unit with its weight in a row's sum.
#[derive(Clone, Copy, Debug)]
pub struct PlacedTerm {
    pub node: NodeId,
    pub place: Place,
    pub unit: usize,
    pub weight: f32,
}

/// A node at which gradients are asked for, with zeros for them, a row after the other.
pub struct Asked<'a> {
    pub node: NodeId,
    pub place: Place,
    pub gradient: &'a mut [f32],
}

/// What is to be computed.
#[derive(Clone, Debug)]
pub struct Wants {
    /// Layers; those above are not computed.
    depth: usize,
    /// By layer, whether the values before its activation are kept, where there is one.
    pre: Vec<bool>,
    softmax: bool,
    slopes: bool,
}

impl Wants {
    /// Nothing yet of a network; with the slopes that gradients need or without.
    pub fn nothing(network: &FusedNetwork, slopes: bool) -> Wants {
        Wants { depth: 0, pre: vec![false; network.layers.len()], softmax: false, slopes }
    }

    /// These values too.
    pub fn add(&mut self, place: Place) {
        match place {
            Place::Input => {}
            Place::Pre(l) => (self.depth, self.pre[l]) = (self.depth.max(l + 1), true),
            Place::Post(l) => self.depth = self.depth.max(l + 1),
            Place::Softmax => (self.depth, self.softmax) = (self.pre.len(), true),
        }
    }
}

/// Buffers for a chunk of rows; they grow to what was asked for, and stay.
#[derive(Debug, Default)]
pub struct Rows {
    /// What was given, where the first layer does not take it in rows.
    input: Aligned,
    /// Before the activation, by layer; empty where no gradient asked for it or it is what `post` holds.
    pre: Vec<Aligned>,
    /// After the activation, by layer.
    post: Vec<Aligned>,
    /// Slopes of the activation, by layer; empty where they are not kept.
    slopes: Vec<Aligned>,
    softmax: Aligned,
    /// `∂z` of the layer at hand and of the one below.
    gradients: [Aligned; 2],
    workspace: Workspace,
}

impl Rows {
    /// Computes what is wanted of `n` rows `x [n, n_inputs]`, and writes the values at places to `outputs`, each
    /// `[n, width]`, while they are in the cache.
    pub fn forward(
        &mut self,
        network: &FusedNetwork,
        wants: &Wants,
        x: &[f32],
        n: usize,
        outputs: &mut [(Place, &mut [f32])],
    ) {
        write_out(outputs, Place::Input, Layout::rows(network.layouts[0].width), x);
        for buffers in [&mut self.pre, &mut self.post, &mut self.slopes] {
            buffers.resize_with(network.layers.len(), Aligned::default);
        }
        let (chunk, first) = (network.chunk(), network.layouts[0]);
        let x = if first.lanes == 1 {
            x
        } else {
            let input = self.input.room(first.len(chunk));
            first.take(x, input);
            input
        };
        for l in 0..wants.depth {
            let layout = network.layouts[l + 1];
            let (below, above) = self.post.split_at_mut(l);
            let x = below.last().map_or(x, |below| below);
            let post = &mut above[0].room(layout.len(chunk))[..layout.len(n)];
            let slopes = (wants.slopes && network.keeps_slopes(l))
                .then(|| &mut self.slopes[l].room(layout.len(chunk))[..layout.len(n)]);
            if wants.pre[l] && network.activations[l].is_some() {
                network.layers[l].forward(x, post, n, false, &mut self.workspace);
                write_out(outputs, Place::Pre(l), layout, post);
                if wants.slopes {
                    self.pre[l].room(layout.len(chunk))[..post.len()].copy_from_slice(post);
                }
                network.activate(l, post, slopes);
            } else {
                network.forward(l, x, post, n, slopes, &mut self.workspace);
                if network.activations[l].is_none() {
                    write_out(outputs, Place::Pre(l), layout, post);
                }
            }
            write_out(outputs, Place::Post(l), layout, post);
        }
        if wants.softmax {
            let width = network.n_outputs();
            let logits = &self.post[network.layers.len() - 1][..n * width];
            let softmax = |to: &mut [f32]| {
                to.copy_from_slice(logits);
                vectorised(
                    #[inline(always)]
                    || loss::softmax(to, width),
                );
            };
            outputs.iter_mut().filter(|(place, _)| *place == Place::Softmax).for_each(|(_, to)| softmax(to));
            if wants.slopes {
                softmax(&mut self.softmax.room(chunk * width)[..n * width]);
            }
        }
    }

    /// The values at a place that was wanted with slopes, a row after the other; `x` is what was given.
    fn values<'a>(&'a self, network: &FusedNetwork, place: Place, x: &'a [f32]) -> &'a [f32] {
        match place {
            Place::Input => x,
            Place::Pre(l) if network.activations[l].is_some() => &self.pre[l],
            Place::Pre(l) | Place::Post(l) => &self.post[l],
            Place::Softmax => &self.softmax,
        }
    }

    /// What the terms of a row add up to.
    pub fn sum(
        &self,
        network: &FusedNetwork,
        x: &[f32],
        row: usize,
        terms: impl Iterator<Item = PlacedTerm>,
    ) -> f32 {
        let unit = |term: PlacedTerm| {
            let values = self.values(network, term.place, x);
            term.weight * values[layout(network, term.place).index(row, term.unit)]
        };
        terms.map(unit).sum()
    }

    /// Writes the gradients of `n` rows' sums over the zeros of `at`, after [`Rows::forward`]. `terms` gives those of a
    /// row.
    pub fn backward<I: Iterator<Item = PlacedTerm>>(
        &mut self,
        network: &FusedNetwork,
        wants: &Wants,
        n: usize,
        terms: impl Fn(usize) -> I,
        at: &mut [Asked<'_>],
    ) {
        let lowest = at.iter().map(|asked| lowest_layer(asked.place, network)).min().unwrap_or(wants.depth);
        for buffer in &mut self.gradients {
            buffer.room(network.most_values(network.chunk()));
        }
        let [mut dz, mut below] = std::mem::take(&mut self.gradients);
        if let Some(top) = wants.depth.checked_sub(1) {
            dz[..network.layouts[top + 1].len(n)].fill(0.0);
        }
        for l in (lowest..wants.depth).rev() {
            let layout = network.layouts[l + 1];
            for row in 0..n {
                terms(row).for_each(|term| self.add_slope(network, l, row, term, &mut dz));
            }
            write_to(at, Place::Pre(l), layout, &dz);
            for row in 0..n {
                let own = terms(row).filter(|term| term.place == Place::Pre(l));
                own.for_each(|term| dz[layout.index(row, term.unit)] += term.weight);
            }
            let Some(lower) = l.checked_sub(1) else {
                if at.iter().any(|asked| asked.place == Place::Input) {
                    let workspace = &mut self.workspace;
                    network.layers[0].backward(&self.input, &dz, &mut below, n, false, workspace);
                    write_to(at, Place::Input, network.layouts[0], &below);
                }
                break;
            };
            let is_asked_below = at.iter().any(|asked| asked.place == Place::Post(lower));
            if l == lowest && !is_asked_below {
                break;
            }
            let given = Given { values: &self.post[lower], slopes: &self.slopes[lower] };
            if is_asked_below {
                let workspace = &mut self.workspace;
                network.layers[l].backward(given.values, &dz, &mut below, n, false, workspace);
                write_to(at, Place::Post(lower), network.layouts[l], &below);
                let below = &mut below[..network.layouts[l].len(n)];
                vectorised(
                    #[inline(always)]
                    || match network.activations[lower] {
                        None => {}
                        Some(Activation::Relu) => relu_gradient(below, given.values),
                        Some(_) => multiply(below, given.slopes),
                    },
                );
            } else {
                network.backward(l, &dz, &mut below, n, given, &mut self.workspace);
            }
            std::mem::swap(&mut dz, &mut below);
        }
        self.gradients = [dz, below];
        // Terms of the very place stand beside what comes from above, but for those of a node that a dropout follows,
        // which does not come after the dropout.
        for Asked { node, place, gradient } in at {
            for (row, gradient) in gradient.chunks_exact_mut(layout(network, *place).width).enumerate() {
                let own = terms(row).filter(|term| term.place == *place && *node <= term.node);
                own.for_each(|term| gradient[term.unit] += term.weight);
            }
        }
    }

    /// What a term of a row after layer `l` adds to its `∂z`: of its activation `weight · f'(z)`, of the softmax
    /// `weight · p_u (δ_ju − p_j)`.
    fn add_slope(&self, network: &FusedNetwork, l: usize, row: usize, term: PlacedTerm, dz: &mut [f32]) {
        let PlacedTerm { place, unit, weight, .. } = term;
        match place {
            Place::Post(layer) if layer == l => {
                let at = network.layouts[l + 1].index(row, unit);
                if network.keeps_slopes(l) {
                    dz[at] += weight * self.slopes[l][at];
                } else if network.activations[l].is_none() || 0.0 < self.post[l][at] {
                    dz[at] += weight;
                }
            }
            Place::Softmax if l + 1 == network.layers.len() => {
                let (n_units, first) = (network.n_outputs(), row * network.n_outputs());
                let dz = &mut dz[first..][..n_units];
                let p = &self.softmax[first..][..n_units];
                let scale = weight * p[unit];
                dz.iter_mut().zip(p).for_each(|(dz, p)| *dz -= scale * p);
                dz[unit] += scale;
            }
            _ => {}
        }
    }
}

/// The lowest layer whose `∂z` is needed for gradients at a place.
fn lowest_layer(place: Place, network: &FusedNetwork) -> usize {
    match place {
        Place::Input => 0,
        Place::Pre(l) => l,
        Place::Post(l) => l + 1,
        Place::Softmax => network.layers.len(),
    }
}

/// How the values of rows lie at a place.
pub fn layout(network: &FusedNetwork, place: Place) -> Layout {
    match place {
        Place::Input => Layout::rows(network.layouts[0].width),
        Place::Pre(l) | Place::Post(l) => network.layouts[l + 1],
        Place::Softmax => Layout::rows(network.n_outputs()),
    }
}

fn write_to(at: &mut [Asked<'_>], place: Place, layout: Layout, gradient: &[f32]) {
    at.iter_mut()
        .filter(|asked| asked.place == place)
        .for_each(|asked| layout.give(gradient, asked.gradient));
}

fn write_out(outputs: &mut [(Place, &mut [f32])], place: Place, layout: Layout, values: &[f32]) {
    outputs.iter_mut().filter(|(asked, _)| *asked == place).for_each(|(_, to)| layout.give(values, to));
}
