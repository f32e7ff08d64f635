//! What packagers ship with the program.

use crate::project::Project;

#[tokio::test]
async fn shells_and_the_manual_know_every_command() {
    let project = Project::with_catalog("").await;
    let help = project.run("--help").await.ended(0).stdout;
    let commands = help.split("Commands:").nth(1).unwrap();
    let commands = commands.split("Options:").next().unwrap().lines();
    let commands: Vec<&str> = commands
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|command| !command.is_empty())
        .collect();
    assert!(commands.contains(&"build"), "{help}");
    let manual = project.run("man").await.ended(0).stdout;
    assert!(manual.contains(".TH proceedings 1"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = project.run(&format!("completions {shell}")).await.ended(0);
        for command in &commands {
            assert!(script.stdout.contains(command), "{shell}: {command}");
            assert!(manual.contains(command), "manual: {command}");
        }
    }
    project.run("completions bsh").await.ended(2).says("'bash'");
}
