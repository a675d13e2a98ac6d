//! What findings rest on, as one short name.

use crate::code::Code;
use crate::names::short;
use crate::plan::Plan;
use crate::recipe::Recipe;

/// 16 hexadecimal digits of the BLAKE3 hash of everything that decides the findings of the study of that id: the code
/// that measures, preset, settings and seeds, and the recipes of its networks with the content of their data.
pub fn fingerprint(id: &str, plan: &Plan, recipes: &[Recipe], code: &Code) -> String {
    let recipes: Vec<String> = recipes.iter().map(Recipe::hash).collect();
    of_parts(id, plan, &recipes, code)
}

fn of_parts(id: &str, plan: &Plan, recipes: &[String], code: &Code) -> String {
    let settings =
        toml::to_string(&plan.settings).unwrap_or_else(|e| unreachable!("a table is plain data: {e}"));
    let mut hasher = blake3::Hasher::new();
    for part in [
        code.measures.as_str(),
        id,
        &plan.run.preset().to_string(),
        &settings,
        &format!("{:?}", plan.seeds),
        &recipes.join(" "),
    ] {
        hasher.update(part.as_bytes()).update(b"\n");
    }
    short(hasher.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preset::Preset;

    #[test]
    fn a_fingerprint_changes_with_whatever_decides_the_findings_and_not_with_the_drawing() {
        let code = |measures: &str, draws: &str| Code { measures: measures.into(), draws: draws.into() };
        let plan = |seeds: &[u64], n: i64| {
            let settings = toml::Table::from_iter([("n".to_string(), n.into())]);
            Plan::of(Preset::Smoke, seeds.to_vec(), settings)
        };
        let recipes = ["ab".to_string()];
        let one = of_parts("3.1-x", &plan(&[0], 1), &recipes, &code("a", "b"));
        assert_eq!(one, of_parts("3.1-x", &plan(&[0], 1), &recipes, &code("a", "c")));
        for other in [
            of_parts("3.2-x", &plan(&[0], 1), &recipes, &code("a", "b")),
            of_parts("3.1-x", &plan(&[0, 1], 1), &recipes, &code("a", "b")),
            of_parts("3.1-x", &plan(&[0], 2), &recipes, &code("a", "b")),
            of_parts("3.1-x", &plan(&[0], 1), &[], &code("a", "b")),
            of_parts("3.1-x", &plan(&[0], 1), &recipes, &code("c", "b")),
        ] {
            assert_ne!(one, other);
        }
    }
}
