//! An array of a file, whose values are read when they are asked for.

/// Reads an array's values.
pub type Values<'a> = Box<dyn Fn() -> Result<Vec<f32>, String> + 'a>;

/// An array of a file.
pub struct Stored<'a> {
    /// Its name, as in `features.0.weight`.
    pub name: String,
    pub shape: Vec<usize>,
    pub values: Values<'a>,
}

impl Stored<'_> {
    /// What comes before the last point of its name, the module; and what comes after it, the parameter.
    pub fn module_and_parameter(&self) -> (&str, &str) {
        self.name.rsplit_once('.').unwrap_or(("", &self.name))
    }
}
