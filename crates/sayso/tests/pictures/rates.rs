//! How often one picture is taken for two, and two for one. `PICTURES=500 cargo test --workspace --test pictures -- --nocapture rates` prints
//! the table of docs/evaluation/pictures.md in some minutes; without that number it prints one of a few pictures.

use crate::draw::*;
use sayso::picture::{Look, Picture};

fn look(drawn: &Drawn) -> Option<Look> {
    Picture::read("p.png", &drawn.png()).0.unwrap().look
}

type Change = (&'static str, fn(&Drawn) -> Drawn);

/// What happens to pictures, by name.
fn changes() -> Vec<Change> {
    vec![
        ("half the size", |p| scaled(p, p.width / 2 + 1, p.height / 2 + 1)),
        ("three times the size", |p| scaled(p, p.width * 3 - 1, p.height * 3 - 1)),
        ("JPEG at quality 75", |p| recompressed(p, 75.0)),
        ("JPEG at quality 30", |p| recompressed(p, 30.0)),
        ("JPEG at quality 10", |p| recompressed(p, 10.0)),
        ("3 of 5 the size, then JPEG at 50", |p| recompressed(&scaled(p, p.width * 3 / 5, p.height * 3 / 5), 50.0)),
        ("stretched by a twentieth", |p| scaled(p, p.width * 21 / 20, p.height)),
        ("brighter, flatter", |p| brightened(p, 25.0, 0.8)),
        ("a hundredth cut off each side", |p| cropped(p, 0.01, 0.01, 0.99, 0.99)),
        ("2 hundredths cut off each side", |p| cropped(p, 0.02, 0.02, 0.98, 0.98)),
        ("5 hundredths cut off each side", |p| cropped(p, 0.05, 0.05, 0.95, 0.95)),
        ("a tenth cut off below", |p| cropped(p, 0.0, 0.0, 1.0, 0.9)),
        ("a strip over the lowest twentieth", |p| stripped(p, 0.05)),
        ("a strip over the lowest eighth", |p| stripped(p, 0.125)),
        ("a strip added below, a twentieth", |p| underlined(p, 0.05)),
        ("mirrored", mirrored),
    ]
}

type Kind = (&'static str, fn(u64) -> Drawn);

const KINDS: [Kind; 3] = [("scenes", |seed| Scene::new(seed).draw()), ("textures", texture), ("pages", page)];

/// The shares of pairs at most so many bits apart.
fn shares(apart: &[u32], at: &[u32]) -> Vec<String> {
    let within = |most: u32| apart.iter().filter(|&&bits| bits <= most).count();
    at.iter().map(|&most| format!("{:7.3}", 100.0 * within(most) as f64 / apart.len().max(1) as f64)).collect()
}

#[test]
fn one_stays_one_and_two_stay_two() {
    let looks: Vec<Look> = (0..12).flat_map(|seed| KINDS.map(|(_, draw)| look(&draw(seed)).unwrap())).collect();
    for (k, a) in looks.iter().enumerate() {
        assert!(looks[..k].iter().all(|b| a.distance(*b) > Look::NEAR));
    }
    let harmless = changes().into_iter().take(9);
    for (name, change) in harmless {
        for (_, draw) in KINDS {
            let drawn = draw(3);
            assert!(look(&drawn).unwrap().distance(look(&change(&drawn)).unwrap()) <= Look::NEAR, "{name}");
        }
    }
}

#[test]
fn rates() {
    let at = [0, 2, 4, 5, 6, 7, 8, 10, 12];
    println!("{:44} {}", "% of pairs at most so many bits apart", at.map(|bits| format!("{bits:7}")).join(" "));
    let number = std::env::var("PICTURES").ok().and_then(|n| n.parse().ok()).unwrap_or(17);
    for (kind, draw) in KINDS {
        let looks: Vec<Look> = (0..number).filter_map(|seed| look(&draw(seed))).collect();
        let pairs = looks.iter().enumerate().flat_map(|(k, a)| looks[..k].iter().map(|b| a.distance(*b)));
        let pairs: Vec<u32> = pairs.collect();
        println!("{:44} {}", format!("two: {kind}, {} pairs", pairs.len()), shares(&pairs, &at).join(" "));
    }
    for moved in [1, 3, 5] {
        let later = |seed| Some(look(&Scene::new(seed).draw())?.distance(look(&Scene::new(seed).later(moved).draw())?));
        let apart: Vec<u32> = (0..number / 5).filter_map(later).collect();
        let name = format!("two: a scene, later, {moved} of 5 to 24 moved");
        println!("{name:44} {}", shares(&apart, &at).join(" "));
    }
    for (kind, draw) in KINDS {
        let drawn: Vec<Drawn> = (0..number * 3 / 25).map(draw).collect();
        for (name, change) in changes() {
            let apart = drawn.iter().filter_map(|p| Some(look(p)?.distance(look(&change(p))?)));
            let apart: Vec<u32> = apart.collect();
            println!("{:44} {}", format!("one: {kind}, {name}"), shares(&apart, &at).join(" "));
        }
    }
}
