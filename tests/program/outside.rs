//! Catalogs and folders of others: nothing is written over that this program has not written, and
//! no link leads it elsewhere.

use std::fs;
use std::path::Path;

use crate::project::{Project, SUMMARY, talks, video};

/// A file as others write it.
const FOREIGN: &str =
    "<!doctype html><title>My own site</title><p>Nothing of this is a page of talks.";

#[tokio::test]
async fn what_others_have_written_stays_unless_it_is_forced() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put("page/index.html", FOREIGN);
    project
        .run("build")
        .await
        .ended(1)
        .says("`page/index.html` was not written by this program, so it stays as it is")
        .says("`--force`");
    // Found out before anything is paid for.
    assert_eq!((project.visits(), project.requests().await.len()), (0, 0));
    assert!(!project.path("page/page.md").exists());
    project.run("build --force").await.ended(0);
    assert!(project.read("page/index.html").contains(SUMMARY[0]));
    project.run("build").await.ended(0);

    for (file, text) in [
        ("page.md", "# My notes"),
        ("feed.xml", "<feed/>"),
        ("page.csv", "a,b"),
        ("page.json", "{}"),
        ("classic.md", "# Links"),
    ] {
        project.put(&format!("other/{file}"), text);
        let format = match file {
            "page.md" => "markdown",
            "feed.xml" => "feed",
            "page.csv" => "csv",
            "page.json" => "json",
            _ => "classic",
        };
        let render = format!("render --format {format} --output other");
        project
            .run(&render)
            .await
            .ended(1)
            .says("was not written by this program");
        assert_eq!(project.read(&format!("other/{file}")), text);
        project.run(&format!("{render} --force")).await.ended(0);
        assert!(
            project
                .read(&format!("other/{file}"))
                .contains("rustyCache1")
        );
    }

    project.put("site/index.html", FOREIGN);
    project
        .run("site .")
        .await
        .ended(1)
        .says("`site/index.html` was not written by this program");
    project.run("site . --force").await.ended(0);
    project.run("site .").await.ended(0);
    project.put("site/test-conf/page.md", "# My notes");
    fs::remove_file(project.path("site/.proceedings-site.json")).unwrap();
    project
        .run("site .")
        .await
        .ended(1)
        .says("`site/test-conf/page.md` was not written by this program");
}

#[tokio::test]
async fn pages_of_earlier_versions_and_of_a_checkout_are_ours_without_a_record() {
    let ids = ["rustyCache1", "kernelSched", "noSchedule1"];
    let project = Project::with_talks(&ids[..1]).await;
    let own = "# {{title}}\n{{#each sections}}{{#each cards}}{{url}}\n{{/each}}{{/each}}";
    let formats = "render --format markdown html classic json feed csv";
    project.run("build").await.ended(0);
    project.run(formats).await.ended(0);
    // As a checkout brings them: no locks, no site's record, and the catalog has grown.
    forget(&project.path("cache/.locks"));
    for id in &ids[1..] {
        project.put_video(id, &video(id));
    }
    project.catalog(&talks(&ids), &project.llm_table());
    project.run("build").await.ended(0);
    forget(&project.path("cache/.locks"));
    project.run(formats).await.ended(0);
    // A template of one's own leaves no mark; the talks are known by their links.
    project.put("templates/page.html.hbs", "<h1>{{page.title}}</h1>{{#each page.sections}}{{#each cards}}<a href=\"{{url}}\">x</a>{{/each}}{{/each}}");
    project.put("templates/page.md.hbs", own);
    project.run("render").await.ended(0);
    forget(&project.path("cache/.locks"));
    project.run("render").await.ended(0);
    assert!(!project.read("page/index.html").contains("generator"));
    project.run("site .").await.ended(0);
    fs::remove_file(project.path("site/.proceedings-site.json")).unwrap();
    project.run("site .").await.ended(0);
}

fn forget(folder: &Path) {
    fs::remove_dir_all(folder).unwrap();
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use serde_json::json;
    use sha2::{Digest as _, Sha256};

    use super::*;

    /// A project beside a folder that is somebody else's.
    async fn project() -> Project {
        let project = Project::with_talks(&["rustyCache1"]).await;
        project.put("private/.writing-mine", "mine");
        project.put("private/diary.txt", "precious");
        project
    }

    fn link(project: &Project, from: &str, to: &str) {
        let from = project.path(from);
        fs::create_dir_all(from.parent().unwrap()).unwrap();
        symlink(project.path(to), from).unwrap();
    }

    /// Nothing came into that folder, and nothing went.
    fn is_untouched(project: &Project, what: &str) {
        let left = fs::read_dir(project.path("private")).unwrap().flatten();
        let mut left: Vec<_> = left.map(|file| file.file_name()).collect();
        left.sort();
        assert_eq!(left, [".writing-mine", "diary.txt"], "{what}");
        assert_eq!(project.read("private/diary.txt"), "precious", "{what}");
    }

    #[tokio::test]
    async fn a_cache_of_links_writes_nothing_elsewhere() {
        for (from, to) in [
            ("cache/.locks", "private"),
            ("cache/rustyCache1", "private"),
            ("cache/.locks/writers", "private/diary.txt"),
        ] {
            let project = project().await;
            link(&project, from, to);
            let ran = project.run("build").await;
            assert!([1, 3].contains(&ran.code), "{from}: {}", ran.stderr);
            is_untouched(&project, from);
        }
    }

    #[tokio::test]
    async fn a_page_takes_the_place_of_a_link_and_does_not_follow_it() {
        let project = project().await;
        link(&project, "page/index.html", "private/index.html");
        link(&project, "page/page.md", "private/diary.txt");
        let ran = project.run("build").await.ended(1);
        ran.says("`page/page.md` was not written by this program");
        project.run("build --force").await.ended(0);
        is_untouched(&project, "page");
        assert!(project.read("page/page.md").contains(SUMMARY[0]));
    }

    #[tokio::test]
    async fn a_site_follows_no_link_and_removes_what_is_its_own() {
        let project = project().await;
        project.run("build").await.ended(0);
        link(&project, "public/test-conf", "private");
        let site = "site . --output public";
        project.run(site).await.ended(1).says("it leads to");
        is_untouched(&project, "a folder");
        fs::remove_file(project.path("public/test-conf")).unwrap();

        // A record that speaks of files elsewhere has none of them removed.
        link(&project, "public/linked", "private");
        let digest = BASE64_STANDARD.encode(Sha256::digest("precious"));
        let record = json!({ "version": 1, "files": {
            "../private/diary.txt": digest,
            "linked/diary.txt": digest,
            "/etc/hosts": digest,
        } });
        project.put("public/.proceedings-site.json", &record.to_string());
        project.run(site).await.ended(0).says("stays");
        is_untouched(&project, "a record");
        assert!(project.path("public/index.html").exists());

        // A folder that nobody has named is to lie where it seems to.
        let other = tempfile::tempdir().unwrap();
        symlink(other.path(), project.path("site")).unwrap();
        project.run("site .").await.ended(1).says("it leads to");
        assert_eq!(fs::read_dir(other.path()).unwrap().count(), 0);
    }
}
