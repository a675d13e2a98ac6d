//! What the thesis sees in the made inputs of MLPs, counted over seeds: figures 5.1 and 5.2.

use vitrine_analysis::statistics::mean;
use vitrine_lab::numbers::span;
use vitrine_lab::{Agreement, agreement};

use super::looks::Look;
use super::shown::n_layers;

/// A signal falls before or after its jump where it does so by more than this share of its rise there.
const FALLS: f64 = 0.2;

/// Figure 5.1, of the inputs of one layer by seed, those of each seed in the order of their jumps.
pub fn clarity_of_one_layer(seeds: &[Vec<Look>]) -> Agreement {
    let jumps: Vec<usize> = seeds.first().into_iter().flatten().map(|look| look.jump).collect();
    let last = jumps.len().saturating_sub(1);
    let of_all = |value: fn(&Look) -> Option<f64>, at: &[usize]| -> Vec<f64> {
        let looks = seeds.iter().flat_map(|looks| at.iter().map(move |&i| &looks[i]));
        looks.map(|look| value(look).unwrap_or(f64::NAN)).collect()
    };
    let falls = |fall: Option<f64>| fall.is_some_and(|fall| FALLS < fall);
    let (inner, ends): (Vec<usize>, [usize; 2]) = ((1..last).collect(), [0, last]);
    let names = |at: &[usize]| at.iter().map(|&i| jumps[i].to_string()).collect::<Vec<_>>().join(" and ");
    let mut said = agreement("5.1").so(
        "the largest rise of each input is at its jump",
        &seeds.iter().map(|looks| looks.iter().all(Look::is_at_jump)).collect::<Vec<_>>(),
        format!("in {} of {} inputs", n_at_jump(seeds), jumps.len()),
    );
    if !inner.is_empty() {
        let falls_around = |looks: &Vec<Look>| {
            inner.iter().all(|&i| falls(looks[i].fall_before) && falls(looks[i].fall_after))
        };
        let statement = format!(
            "at {} the input falls before its jump and after it, by more than a fifth of the rise",
            names(&inner)
        );
        let [before, after] = [of_all(|l| l.fall_before, &inner), of_all(|l| l.fall_after, &inner)]
            .map(|falls| span(&falls, 2));
        said = said.so(
            &statement,
            &seeds.iter().map(falls_around).collect::<Vec<_>>(),
            format!("by {before} of it before, {after} after"),
        );
    }
    if ends[0] < ends[1] {
        let is_one_sided =
            |looks: &Vec<Look>| !falls(looks[ends[0]].fall_before) && !falls(looks[ends[1]].fall_after);
        let [before, after] = [of_all(|l| l.fall_before, &ends[..1]), of_all(|l| l.fall_after, &ends[1..])]
            .map(|falls| span(&falls, 2));
        said = said.so(
            &format!(
                "at {} it does not fall before its jump, at {} not after it",
                names(&ends[..1]),
                names(&ends[1..])
            ),
            &seeds.iter().map(is_one_sided).collect::<Vec<_>>(),
            format!("by {before} and {after} of the rise"),
        );
    }
    said
}

/// Figure 5.2, of the inputs of MLPs by depth and seed.
pub fn blur_with_depth(depths: &[&[Vec<Look>]]) -> Agreement {
    // Where an input has no rise at all, the next one is as large.
    let ratio = |looks: &Vec<Look>| {
        mean(&looks.iter().map(|look| look.second_ratio.unwrap_or(1.0)).collect::<Vec<_>>())
    };
    let by_depth: Vec<Vec<f64>> = depths.iter().map(|seeds| seeds.iter().map(ratio).collect()).collect();
    let n_seeds = by_depth.iter().map(Vec::len).min().unwrap_or_default();
    let blurs = |seed: usize| by_depth.windows(2).all(|pair| pair[0][seed] < pair[1][seed]);
    let means: Vec<String> = by_depth
        .iter()
        .zip((1..).map(n_layers))
        .map(|(r, depth)| format!("{:.2} at {depth}", mean(r)))
        .collect();
    let deepest = depths.last().copied().unwrap_or_default();
    let deep = n_layers(depths.len());
    let is_lost = |looks: &Vec<Look>| !looks.iter().all(Look::is_at_jump);
    let is_sure = |looks: &Vec<Look>| looks.iter().all(|look| look.is_sure);
    let n_sure: Vec<f64> =
        deepest.iter().map(|looks| looks.iter().filter(|look| look.is_sure).count() as f64).collect();
    let n_shown = deepest.first().map_or(0, Vec::len);
    agreement("5.2")
        .so(
            "with each layer the second largest rise of an input over its largest grows, in the mean over jumps",
            &(0..n_seeds).map(blurs).collect::<Vec<_>>(),
            format!("on average {}", means.join(", ")),
        )
        .so(
            &format!("at {deep} an input or more does not rise most at its jump"),
            &deepest.iter().map(is_lost).collect::<Vec<_>>(),
            format!("{} of {n_shown} rise most there", n_at_jump(deepest)),
        )
        .so(
            &format!("the network of {deep} is 99.9 % sure of all inputs"),
            &deepest.iter().map(is_sure).collect::<Vec<_>>(),
            format!("{} of {n_shown}", span(&n_sure, 0)),
        )
        .because(&where_it_does_not_blur(&by_depth, deepest))
}

/// Between which depths the ratio does not grow, in how many seeds, and how many inputs of the deepest networks are
/// lost.
fn where_it_does_not_blur(by_depth: &[Vec<f64>], deepest: &[Vec<Look>]) -> String {
    let stays = |(from, pair): (usize, &[Vec<f64>])| {
        let n_still = pair[0].iter().zip(&pair[1]).filter(|(shallow, deep)| deep <= shallow).count();
        (0 < n_still).then(|| {
            format!(
                "it does not grow from {} to {} in {n_still} of {} seeds",
                n_layers(from),
                from + 1,
                pair[0].len()
            )
        })
    };
    let all: Vec<&Look> = deepest.iter().flatten().collect();
    let n_lost = all.iter().filter(|look| !look.is_at_jump()).count();
    let do_not = if n_lost == 1 { "does not rise most at its" } else { "do not rise most at their" };
    let lost = format!(
        "of all {} inputs at {} {n_lost} {do_not} jump; figure 5-depth has every jump, from many starts",
        all.len(),
        n_layers(by_depth.len())
    );
    (1..).zip(by_depth.windows(2)).filter_map(stays).chain([lost]).collect::<Vec<_>>().join("; ")
}

/// In how many inputs of a seed the largest rise is at the jump: the fewest and the most.
fn n_at_jump(seeds: &[Vec<Look>]) -> String {
    let of_seed = |looks: &Vec<Look>| looks.iter().filter(|look| look.is_at_jump()).count() as f64;
    span(&seeds.iter().map(of_seed).collect::<Vec<_>>(), 0)
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Stands;

    use super::*;

    /// An input for each of the four jumps that falls by so much before and after, the first and last as the thesis has them.
    fn looks(second_ratio: f64, fall: f64) -> Vec<Look> {
        let look = |(i, jump): (usize, usize)| Look {
            jump,
            is_sure: true,
            position: jump,
            second_ratio: Some(second_ratio),
            fall_before: Some(if i == 0 { 0.0 } else { fall }),
            fall_after: Some(if i == 3 { 0.0 } else { fall }),
        };
        [21, 40, 60, 80].into_iter().enumerate().map(look).collect()
    }

    #[test]
    fn one_layer_agrees_where_inputs_jump_and_fall_and_differs_where_they_do_not() {
        assert_eq!(clarity_of_one_layer(&[looks(0.1, 0.5), looks(0.1, 0.4)]).stands(), Stands::Agrees);
        let mut flat = looks(0.1, 0.0);
        (flat[0].fall_before, flat[1].position) = (Some(0.5), 41);
        let flat = clarity_of_one_layer(&[flat]);
        assert_eq!(flat.stands(), Stands::Differs);
        assert_eq!(
            flat.parts[0].words(),
            "the largest rise of each input is at its jump: not so (in 3 of 4 inputs)"
        );
    }

    #[test]
    fn depth_agrees_where_it_blurs_and_differs_where_inputs_stay_as_they_are() {
        let mut lost = looks(0.9, 0.5);
        (lost[1].position, lost[1].second_ratio) = (3, None);
        let [one, two, four] = [[looks(0.1, 0.5)], [looks(0.2, 0.5)], [lost]];
        assert_eq!(blur_with_depth(&[&one, &two, &four]).stands(), Stands::Agrees);
        let mut unsure = looks(0.1, 0.5);
        unsure[0].is_sure = false;
        let same = blur_with_depth(&[&one, &[unsure]]);
        assert_eq!(same.stands(), Stands::Differs);
        assert_eq!(same.parts[0].numbers, "on average 0.10 at 1 layer, 0.10 at 2 layers");
        assert_eq!(
            same.why.unwrap(),
            "it does not grow from 1 layer to 2 in 1 of 1 seeds; of all 4 inputs at 2 layers 0 do not rise most at \
             their jump; figure 5-depth has every jump, from many starts"
        );
    }
}
