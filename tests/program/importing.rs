//! Pages made earlier: what is imported renders to the same bytes again.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::project::Project;

/// A page in the origin's format, in words of our own.
pub(crate) fn page(intro: &str) -> String {
    let card = |id: &str, title: &str, summary: &str| {
        format!(
            "<table style='border: none; border-collapse: collapse; width: 100%;'><tr style='border: none;'>\n\
             <td width='30%' style='border: none;'><a href='https://www.youtube.com/watch?v={id}'><img src='https://img.youtube.com/vi/{id}/0.jpg' width='200'></a></td>\n\
             <td valign='top' style='border: none;'>\n\
             <h3><a href='https://www.youtube.com/watch?v={id}'>{title}</a></h3>\n\
             {summary}\n\
             <div style='text-align: right; font-size: 0.8em;'><a href='#table-of-contents'>back to top</a></div>\n\
             </td>\n</tr></table>"
        )
    };
    let sections = [
        (
            "AI & ML",
            "ai-&-ml",
            vec![
                card(
                    "-cBplHNM4RA",
                    "Whatâ€™s \"new\" & 'old' in &lt;Caches&gt;",
                    "One sentence alone.",
                ),
                card(
                    "_9xohmSa2G8",
                    "Second",
                    "First line\nand second line.  Three. Sentences.",
                ),
            ],
        ),
        (
            "Uncategorized",
            "uncategorized",
            vec![
                card("jAtrviDGpwE", "Third", "Failed to generate summary."),
                card("E98Pv36f0YI", "Fourth", ""),
            ],
        ),
    ];
    let contents: Vec<String> = sections
        .iter()
        .map(|(name, anchor, cards)| format!("- [{name}](#{anchor}) ({} videos)\n", cards.len()))
        .collect();
    let bodies: Vec<String> = sections
        .iter()
        .map(|(name, anchor, cards)| {
            format!("<h2 id='{anchor}'>{name}</h2>\n\n\n{}", cards.join("\n\n"))
        })
        .collect();
    format!(
        "# Old Conf\n{intro}\n<h2 id='table-of-contents'>Table of Contents</h2>\n\n{}\n\n\n{}",
        contents.concat(),
        bodies.join("\n\n")
    )
}

#[tokio::test]
async fn an_imported_page_renders_to_the_same_bytes() {
    for intro in ["", "[Back to all](../README.md)\n", "Two\nlines\n\n"] {
        let project = Project::with_catalog("").await;
        project.put("old.md", &page(intro));
        project
            .run("import old.md --into new")
            .await
            .ended(0)
            .says("added 4 talks");
        // What the origin said where it failed lives on here; where it said nothing, nothing is there.
        let ran = project
            .run("--catalog new/catalog.toml render --format classic --output -")
            .await
            .ended(3);
        assert_eq!(ran.stdout.trim_end_matches('\n'), page(intro));
        assert!(ran.stderr.contains("1 of 4 talks lacks"), "{}", ran.stderr);
        let ran = project
            .run("--catalog new/catalog.toml render --format markdown --output -")
            .await;
        assert!(!ran.stdout.contains("Failed to generate"));
        assert!(!project.read("new/catalog.toml").contains("[llm]"));
    }
}

#[tokio::test]
async fn what_cannot_be_imported_says_why() {
    let project = Project::with_catalog("").await;
    project.put("old.md", &page(""));
    project.put("notes.md", "# Notes\n");
    project
        .run("import notes.md --into new")
        .await
        .ended(1)
        .says("cannot import `notes.md`: it has no title and table of contents");
    project
        .run("import nowhere.md --into new")
        .await
        .ended(2)
        .says("cannot read `nowhere.md`");
    assert!(!project.path("new").exists());
    project.run("import old.md --into new").await.ended(0);
    project
        .run("import old.md --into new")
        .await
        .ended(2)
        .says("exists already");
}

#[tokio::test]
async fn a_page_without_categories_and_an_edited_card_are_treated_with_care() {
    let project = Project::with_catalog("").await;
    let (head, body) = page("")
        .split_once("<h2 id='ai-&-ml'>")
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let (_, rest) = body.split_once("<h2 id='uncategorized'>").unwrap();
    let head = head.replace("- [AI & ML](#ai-&-ml) (2 videos)\n", "");
    let alone = format!("{head}<h2 id='uncategorized'>{rest}");
    project.put("old.md", &alone);
    project.run("import old.md --into new").await.ended(0);
    let ran = project
        .run("--catalog new/catalog.toml render --format classic --output -")
        .await;
    assert_eq!(ran.stdout.trim_end_matches('\n'), alone);

    project.put(
        "edited.md",
        &page("").replacen("<h3><a href='", "<h3><a class=x href='", 1),
    );
    project
        .run("import edited.md --into other")
        .await
        .ended(1)
        .says("the card of a talk is not as the earlier tool writes it");
}

#[tokio::test]
async fn what_was_added_by_hand_is_said_to_be_lost() {
    let project = Project::with_catalog("").await;
    project.put("old.md", &format!("{}\n\nA footer of our own.\n", page("")));
    let lines = page("").lines().count();
    let says = format!(
        "line {}, and maybe more of the page, was changed",
        lines + 1
    );
    project
        .run("import old.md --into new")
        .await
        .ended(0)
        .says(&says);
    project.put("same.md", &page(""));
    let ran = project.run("import same.md --into same").await.ended(0);
    assert!(!ran.stderr.contains("was not written"), "{}", ran.stderr);
}

#[tokio::test]
async fn a_video_that_stands_twice_is_reported_and_kept_once() {
    let project = Project::with_catalog("").await;
    project.put("old.md", &page("").replace("_9xohmSa2G8", "-cBplHNM4RA"));
    project
        .run("import old.md --into new")
        .await
        .ended(3)
        .says("`-cBplHNM4RA` is listed more than once");
    let catalog = project.read("new/catalog.toml");
    assert_eq!(catalog.matches("-cBplHNM4RA").count(), 1);
}

#[tokio::test]
async fn what_was_imported_is_current_until_redo() {
    let project = Project::with_talks(&["-cBplHNM4RA"]).await;
    project.put("old.md", &page(""));
    project.run("import old.md --into .").await.ended(2);
    let tables = project.read("catalog.toml");
    let (_, tables) = tables.split_once("[llm]").unwrap();
    fs::remove_file(project.path("catalog.toml")).unwrap();
    project.run("import old.md --into .").await.ended(0);
    let imported = project.read("catalog.toml");
    project.put("catalog.toml", &format!("{imported}\n[llm]{tables}"));
    project.run("build --only=-cBplHNM4RA").await;
    assert!(project.read("page/page.md").contains("One sentence alone."));
    assert_eq!(project.requests().await.len(), 0);
    project.run("build --only=-cBplHNM4RA --redo summary").await;
    assert!(!project.read("page/page.md").contains("One sentence alone."));
}

/// Pages that the origin has published. They are no part of the project.
#[tokio::test]
async fn published_pages_render_to_the_same_bytes() {
    let beside_the_project = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = env::var_os("PROCEEDINGS_SHARED").map_or_else(beside_the_project, PathBuf::from);
    let Ok(pages) = fs::read_dir(shared.join("data/origin-pages/pages")) else {
        println!("skipped: no published pages beside the project");
        return;
    };
    let project = Project::with_catalog("").await;
    for path in pages.map(|page| page.unwrap().path()) {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let page = fs::read_to_string(&path).unwrap();
        project.put("page.md", &page);
        let has_twice = project
            .run(&format!("import page.md --into {name}"))
            .await
            .code
            == 3;
        let ran = project
            .run(&format!(
                "--catalog {name}/catalog.toml render --format classic --output -"
            ))
            .await;
        let is_same = ran.stdout.trim_end_matches('\n') == page.trim_end_matches('\n');
        assert!(is_same || has_twice, "{name} differs");
    }
}
