//! `prompts export`: the embedded prompts as files of the organizer's own.

use crate::project::Project;

#[tokio::test]
async fn exported_prompts_ask_for_nothing_again_until_they_are_changed() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    let paid = project.requests().await.len();

    let exported = project.run("prompts export").await.ended(0);
    assert!(exported.says("wrote prompts/summary.hbs").stdout.is_empty());
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), paid);

    let prompt = project.read("prompts/summary.hbs");
    project.put(
        "prompts/summary.hbs",
        &prompt.replace("Rules:", "The rules:"),
    );
    let status = project.run("status").await;
    assert!(
        status.stdout.contains("prompts/summary.hbs changed"),
        "{}",
        status.stdout
    );
}

#[tokio::test]
async fn no_prompt_is_written_over() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put("prompts/summary.hbs", "mine\n--- user ---\n{{title}}\n");
    let exported = project.run("prompts export summary category.hbs").await;
    exported
        .ended(0)
        .says("prompts/summary.hbs is there already; the program left it as it was")
        .says("wrote prompts/category.hbs");
    assert!(project.read("prompts/summary.hbs").starts_with("mine"));
    assert!(!project.path("prompts/condense.hbs").exists());
}

#[tokio::test]
async fn a_slip_in_a_name_writes_nothing() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let exported = project.run("prompts export category sumary").await;
    exported.ended(2).says("did you mean `summary`?");
    assert!(!project.path("prompts").exists());

    let exported = project
        .run("--catalog nowhere/catalog.toml prompts export")
        .await;
    exported.ended(2).says("there is no folder `nowhere`");
    assert!(!project.path("nowhere").exists());
}
