use super::*;
use crate::watch::Unwatched;

fn recipe() -> Recipe {
    toml::from_str("network = \"mlp:784-10\"\n[data]\nkind = \"mnist\"").unwrap()
}

/// A store with a folder for that recipe in which nothing is.
fn store() -> (tempfile::TempDir, Store, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let store = Store::new(Tree::at(root.path()));
    let folder = store.folder(&recipe().hash());
    fs::create_dir(&folder).unwrap();
    (root, store, folder)
}

#[test]
#[cfg(unix)]
fn a_folder_with_a_link_in_it_is_named_and_stays_where_it_is() {
    let (_root, store, folder) = store();
    std::os::unix::fs::symlink("/dev/zero", folder.join("done.json")).unwrap();
    let Err(error) = store.load_sound(&recipe(), EngineChoice::Auto, &Unwatched) else {
        panic!("it was read")
    };
    assert!(error.to_string().contains(&folder.display().to_string()), "{error}");
    assert!(format!("{error:#}").contains("done.json: is a link"), "{error:#}");
    assert!(folder.is_dir());
}

#[test]
fn what_the_system_says_of_itself_is_no_damage_of_the_folder() {
    let said = |kind: ErrorKind| {
        let error = DataError::Io { path: "model.safetensors".into(), reason: kind.into() };
        is_damage(&anyhow::Error::from(Broken::from(error)))
    };
    assert!(said(ErrorKind::NotFound));
    assert!(!said(ErrorKind::PermissionDenied) && !said(ErrorKind::Other));
    assert!(is_damage(&Broken::Checksum("history.csv".into()).into()));
}

#[test]
fn a_damaged_folder_is_set_aside_once() {
    let (_root, store, folder) = store();
    assert!(store.load_sound(&recipe(), EngineChoice::Auto, &Unwatched).unwrap().is_none());
    assert!(!folder.exists() && folder.with_extension("damaged-1").is_dir());
    assert_eq!(store.set_aside(&folder, "damaged").unwrap(), None);
}

/// Hears what it is warned of.
#[derive(Default)]
struct Heard(std::sync::Mutex<Vec<String>>);

impl Watch for Heard {
    fn warn(&self, text: &str) {
        self.0.lock().unwrap().push(text.into());
    }
}

fn save(store: &Store, engine: &str, spoil: impl Fn(&mut Weights)) {
    let recipe = recipe();
    let mut weights = Weights::init(
        recipe.network.graph(),
        vitrine_model::Init::default(),
        &mut vitrine_data::Streams::new(0).rng("weights"),
    );
    spoil(&mut weights);
    let trained = Trained { weights, history: Vec::new(), best_epoch: 1, checkpoints: Vec::new() };
    let origin = Origin { engine: engine.into(), ..Origin::default() };
    store.save(&recipe, &trained, 1.0, &origin).unwrap();
}

#[test]
fn a_network_of_another_engine_than_the_one_asked_for_is_named_and_set_aside_whole() {
    let (_root, store, folder) = store();
    save(&store, "fused", |_| ());
    let load = |engine, heard: &Heard| store.load_sound(&recipe(), engine, heard).unwrap();
    let heard = Heard::default();
    assert!(load(EngineChoice::Auto, &heard).is_some() && load(EngineChoice::Fused, &heard).is_some());
    assert!(heard.0.lock().unwrap().is_empty());
    assert!(load(EngineChoice::General, &heard).is_none());
    let said = heard.0.into_inner().unwrap().concat();
    assert!(said.contains("trained by engine fused, not general; moved to"), "{said}");
    assert!(folder.with_extension("of-engine-fused-1").join("model.safetensors").is_file());
    assert!(!folder.exists());
}

#[test]
fn weights_that_are_no_numbers_are_refused_though_their_seal_is_sound() {
    let (_root, store, folder) = store();
    save(&store, "fused", |weights| {
        let (node, parameter) = weights.iter().map(|a| (a.node.clone(), a.parameter.clone())).next().unwrap();
        weights.get_mut(&node, &parameter).unwrap().fill(f32::NAN);
    });
    let heard = Heard::default();
    assert!(store.load_sound(&recipe(), EngineChoice::Auto, &heard).unwrap().is_none());
    let said = heard.0.into_inner().unwrap().concat();
    assert!(said.contains("holds NaN") && said.contains("trained anew"), "{said}");
    assert!(!folder.exists());
}
