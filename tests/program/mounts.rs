//! Stories on a file system of their own, which Linux lets anybody mount in a namespace. There it
//! binds root as well. Where it cannot be done, a test says so and is passed over.

use std::process::{Command, Stdio};

use crate::project::{Project, Ran};

/// Runs a shell script in the project's folder. It may mount, and finds the program in
/// `$PROCEEDINGS`. Nothing where this system lets nobody mount.
#[expect(clippy::print_stderr, reason = "a test that is passed over says so")]
pub(crate) async fn story(
    project: &Project,
    script: &str,
    variables: &[(&str, &str)],
) -> Option<Ran> {
    let namespace = ["--map-root-user", "--mount"];
    let may_mount = Command::new("unshare")
        .args(namespace)
        .args(["sh", "-c", "mount -t tmpfs tmpfs /mnt"])
        .stderr(Stdio::null())
        .status();
    if !may_mount.is_ok_and(|status| status.success()) {
        eprintln!("passed over: this system lets nobody mount a file system");
        return None;
    }
    let program = project.command("");
    let inherited = program.get_envs();
    let inherited = inherited.filter_map(|(name, value)| Some((name, value?)));
    let mut story = Command::new("unshare");
    story
        .args(namespace)
        .args(["sh", "-c", script])
        .current_dir(project.path("."))
        .envs(inherited)
        .env("PROCEEDINGS", program.get_program())
        .envs(variables.iter().copied())
        .stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || story.output().unwrap());
    Some(project.ran(&output.await.unwrap()))
}
