//! Which code a section of the thesis rests on, as the build named it (`build.rs`).

use vitrine_lab::Code;

include!(concat!(env!("OUT_DIR"), "/code.rs"));

/// The code behind the section of that id; of one that the build did not see, the whole program.
pub fn of(section: &str) -> Code {
    match CODE.iter().find(|(id, ..)| *id == section) {
        Some((_, measures, draws)) => Code { measures: measures.to_string(), draws: draws.to_string() },
        None => Code::of_program(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thesis::SECTIONS;

    #[test]
    fn every_section_has_code_of_its_own_with_different_names_for_measuring_and_drawing() {
        for section in SECTIONS.iter() {
            let id = section.about().id;
            let (_, measures, draws) = CODE.iter().find(|(known, ..)| *known == id).expect(id);
            assert_ne!(measures, draws);
            assert_eq!(CODE.iter().filter(|(_, other, _)| other == measures).count(), 1, "{id}");
        }
    }
}
