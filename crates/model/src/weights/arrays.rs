//! Weights and biases as plain arrays, by the node that learns them and the parameter's name.

use ndarray::{ArrayD, ArrayView1, ArrayView2, ArrayViewD, ArrayViewMutD, Ix1};

use crate::error::ModelError;
use crate::graph::Graph;

/// What a parameter of a node holds.
#[derive(Clone, Debug, PartialEq)]
pub struct WeightArray {
    /// The node: `hidden1`, `conv1`, `output`.
    pub node: String,
    /// `weight` or `bias`.
    pub parameter: String,
    /// Dense weights `[n_out, n_in]`, those of a filter `[1, 1, kernel_size]`, biases `[n_out]`, as in PyTorch.
    pub values: ArrayD<f32>,
}

/// Weights of a network: an array per parameter, in the order of the graph.
///
/// ```
/// use ndarray::array;
/// use vitrine_model::Weights;
/// let weights = Weights::default().with("output", "weight", array![[1.0, 2.0]]).with("output", "bias", array![0.5]);
/// assert_eq!(weights.matrix("output", "weight").unwrap()[(0, 1)], 2.0);
/// assert_eq!(weights.get("output", "bias").unwrap().shape(), [1]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Weights {
    arrays: Vec<WeightArray>,
}

impl Weights {
    /// The arrays, in the order of the graph.
    pub fn iter(&self) -> impl Iterator<Item = &WeightArray> {
        self.arrays.iter()
    }

    /// A parameter of a node.
    pub fn get(&self, node: &str, parameter: &str) -> Option<ArrayViewD<'_, f32>> {
        self.find(node, parameter).map(|place| self.arrays[place].values.view())
    }

    /// A parameter of a node, to be changed.
    pub fn get_mut(&mut self, node: &str, parameter: &str) -> Option<ArrayViewMutD<'_, f32>> {
        self.find(node, parameter).map(|place| self.arrays[place].values.view_mut())
    }

    /// A parameter as a matrix: of a filter `[1, kernel_size]`, of any array its first axis by all others.
    pub fn matrix(&self, node: &str, parameter: &str) -> Option<ArrayView2<'_, f32>> {
        let array = self.get(node, parameter)?;
        let rows = *array.shape().first()?;
        let columns = array.len() / rows.max(1);
        array.into_shape_with_order((rows, columns)).ok()
    }

    /// A parameter of one axis.
    pub fn vector(&self, node: &str, parameter: &str) -> Option<ArrayView1<'_, f32>> {
        self.get(node, parameter)?.into_dimensionality::<Ix1>().ok()
    }

    /// Puts an array in the place of one, or behind all others.
    pub fn set<D: ndarray::Dimension>(
        &mut self,
        node: &str,
        parameter: &str,
        values: ndarray::Array<f32, D>,
    ) {
        // Row by row, so that every view of it can be taken.
        let values =
            if values.is_standard_layout() { values } else { values.as_standard_layout().into_owned() };
        let values = values.into_dyn();
        match self.find(node, parameter) {
            Some(place) => self.arrays[place].values = values,
            None => {
                let (node, parameter) = (node.into(), parameter.into());
                self.arrays.push(WeightArray { node, parameter, values });
            }
        }
    }

    /// The same with another array.
    #[must_use]
    pub fn with<D: ndarray::Dimension>(
        mut self,
        node: &str,
        parameter: &str,
        values: ndarray::Array<f32, D>,
    ) -> Weights {
        self.set(node, parameter, values);
        self
    }

    /// Weights of the same shapes, all zero.
    pub fn zeros_like(&self) -> Weights {
        let zero = |array: &WeightArray| WeightArray {
            node: array.node.clone(),
            parameter: array.parameter.clone(),
            values: ArrayD::zeros(array.values.raw_dim()),
        };
        Weights { arrays: self.arrays.iter().map(zero).collect() }
    }

    /// The first array that holds what is no finite number, with that value.
    pub fn not_finite(&self) -> Option<(&WeightArray, f32)> {
        self.arrays.iter().find_map(|array| {
            let value = array.values.iter().find(|value| !value.is_finite())?;
            Some((array, *value))
        })
    }

    /// Refuses what training has made of weights that are no longer finite. The losses need not show it: NaN before a
    /// rectifier is 0 behind it.
    pub(crate) fn check_finite(&self, epoch: usize) -> Result<(), ModelError> {
        match self.not_finite() {
            Some((WeightArray { node, parameter, .. }, value)) => {
                let (node, parameter) = (node.clone(), parameter.clone());
                Err(ModelError::NotFinite { epoch, node, parameter, value })
            }
            None => Ok(()),
        }
    }

    /// Refuses weights that are not those of a graph.
    ///
    /// # Errors
    /// Names the first array that is missing, has another shape, or belongs to no node.
    pub fn check(&self, graph: &Graph) -> Result<(), ModelError> {
        let mut n_expected = 0;
        for (node, parameter) in graph.all_parameters() {
            n_expected += 1;
            let name = format!("{}.{}", node.name, parameter.name);
            let array = self
                .get(&node.name, parameter.name)
                .ok_or_else(|| ModelError::Weights(format!("{name}: is missing")))?;
            check_shape(&name, array.shape(), &parameter.shape)?;
        }
        if self.arrays.len() == n_expected {
            return Ok(());
        }
        let is_known = |array: &&WeightArray| {
            graph
                .all_parameters()
                .any(|(node, parameter)| node.name == array.node && parameter.name == array.parameter)
        };
        let odd = self.arrays.iter().find(|array| !is_known(array)).or(self.arrays.last());
        let name = odd.map_or(String::new(), |array| format!("{}.{}", array.node, array.parameter));
        Err(ModelError::Weights(format!("{name}: the network has no such parameter")))
    }

    fn find(&self, node: &str, parameter: &str) -> Option<usize> {
        self.arrays.iter().position(|array| array.node == node && array.parameter == parameter)
    }
}

/// Refuses a shape by the array's name.
pub(super) fn check_shape(name: &str, found: &[usize], expected: &[usize]) -> Result<(), ModelError> {
    if found == expected {
        return Ok(());
    }
    Err(ModelError::Weights(format!("{name}: has shape {found:?}, the network needs {expected:?}")))
}
