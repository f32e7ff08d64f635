//! A cache that several machines share: what one has paid for, the others find. Without the feature
//! `cloud` it is said how to get it.

use crate::project::Project;

const TALKS: [&str; 6] = [
    "sharedTalk1",
    "sharedTalk2",
    "sharedTalk3",
    "sharedTalk4",
    "sharedTalk5",
    "sharedTalk6",
];

/// A machine: a folder with a catalog whose talks need no visit.
fn machine(project: &Project, folder: &str, cache: &str) {
    let talks = TALKS.map(|id| format!("{{ id = \"{id}\", title = \"About {id}\" }}"));
    let catalog = format!(
        "title = \"Shared\"\ncache = \"{cache}\"\nformats = [\"markdown\"]\ntalks = [{}]\n\
         [[categories]]\nname = \"Systems\"\n[[categories]]\nname = \"Web\"\n{}",
        talks.join(", "),
        project.llm_table()
    );
    project.put(&format!("{folder}/catalog.toml"), &catalog);
    for id in TALKS {
        let words = format!("Talk {id} is about caches, and about archives of talks. ").repeat(9);
        project.put(&format!("{folder}/captions/{id}.txt"), &words);
    }
}

#[cfg(not(feature = "cloud"))]
#[tokio::test]
async fn a_program_without_stores_says_how_to_get_them() {
    let project = Project::with_catalog("").await;
    machine(&project, "a", "s3://bucket/conf");
    for command in ["build", "render", "status"] {
        let command = format!("--catalog a/catalog.toml {command}");
        let ran = project.run(&command).await;
        ran.ended(2)
            .says("this program was installed without shared caches")
            .says("--features cloud");
    }
    let status = project.run("--catalog a/catalog.toml status --offline");
    status.await.ended(0);
    assert!(project.requests().await.is_empty());
}

#[cfg(feature = "cloud")]
mod with_a_store {
    use std::net::{TcpListener, TcpStream};
    use std::process::{Child, Command, Stdio};
    use std::thread;
    use std::time::Duration;

    use futures::future::join_all;
    use proceedings::testing::client;

    use super::{TALKS, machine};
    use crate::batch_server::BatchServer;
    use crate::project::{Project, Ran};
    use crate::sdks;

    const SECRET: &str = "a-secret-that-no-message-may-say";

    /// S3 on this machine.
    struct Moto {
        server: Child,
        address: String,
    }

    impl Moto {
        /// Starts it, with a bucket; `None` where it is not installed.
        async fn start() -> Option<Self> {
            let python = sdks::python_with("moto.server")?;
            let free = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = free.local_addr().unwrap().port();
            drop(free);
            let server = Command::new(python)
                .args([
                    "-m",
                    "moto.server",
                    "-H",
                    "127.0.0.1",
                    "-p",
                    &port.to_string(),
                ])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let moto = Self {
                server,
                address: format!("http://127.0.0.1:{port}"),
            };
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                thread::sleep(Duration::from_millis(50));
            }
            let http = client(Duration::from_secs(10)).build().unwrap();
            let made = http.put(format!("{}/bucket", moto.address)).send();
            assert!(made.await.unwrap().status().is_success());
            Some(moto)
        }

        /// The program on one machine, with the keys for the store.
        fn command(&self, project: &Project, arguments: &str) -> Command {
            let mut command = project.command(arguments);
            command
                .env("AWS_ACCESS_KEY_ID", "someone")
                .env("AWS_SECRET_ACCESS_KEY", SECRET)
                .env("AWS_REGION", "us-east-1")
                .env("AWS_ENDPOINT_URL", &self.address)
                .env("AWS_ALLOW_HTTP", "true")
                .env("NO_PROXY", "127.0.0.1");
            command
        }

        async fn run(&self, project: &Project, arguments: &str) -> Ran {
            let mut command = self.command(project, arguments);
            let ran = tokio::task::spawn_blocking(move || command.output().unwrap());
            project.ran(&ran.await.unwrap())
        }
    }

    impl Drop for Moto {
        fn drop(&mut self) {
            self.server.kill().unwrap();
            self.server.wait().unwrap();
        }
    }

    #[tokio::test]
    async fn four_machines_pay_for_each_reply_once_and_make_the_same_page() {
        let Some(moto) = Moto::start().await else {
            return;
        };
        let project = Project::with_catalog("").await;
        machine(&project, "alone", "cache");
        project
            .run("--catalog alone/catalog.toml build")
            .await
            .ended(0);
        let needed = project.requests().await.len();
        assert_eq!(needed, 2 * TALKS.len());

        project.delay(Duration::from_millis(100));
        let folders = ["a", "b", "c", "d"];
        let runs = folders.map(|folder| {
            machine(&project, folder, "s3://bucket/conf");
            let command = format!("--catalog {folder}/catalog.toml build");
            let (moto, project) = (&moto, &project);
            async move { moto.run(project, &command).await }
        });
        for ran in join_all(runs).await {
            ran.ended(0);
        }
        assert_eq!(project.requests().await.len(), 2 * needed);
        let page = project.read("alone/page/page.md");
        for folder in folders {
            assert_eq!(
                project.read(&format!("{folder}/page/page.md")),
                page,
                "{folder}"
            );
        }

        // One that comes later finds all of it, and then needs no store.
        machine(&project, "late", "s3://bucket/conf");
        moto.run(&project, "--catalog late/catalog.toml build")
            .await
            .ended(0);
        drop(moto);
        project
            .run("--catalog late/catalog.toml render --output again")
            .await
            .ended(0);
        assert_eq!(project.read("again/page.md"), page);
        assert_eq!(project.requests().await.len(), 2 * needed);
    }

    #[tokio::test]
    async fn what_one_machine_submits_another_one_collects() {
        let Some(moto) = Moto::start().await else {
            return;
        };
        let project = Project::with_catalog("").await;
        let server = BatchServer::at(&project).await;
        for folder in ["a", "b"] {
            machine(&project, folder, "s3://bucket/conf");
            let fetch = format!("--catalog {folder}/catalog.toml fetch");
            moto.run(&project, &fetch).await.ended(0);
        }
        let submit = "--catalog a/catalog.toml batch submit --without-trial";
        moto.run(&project, submit).await.ended(0).says("6 requests");
        // The other one pays for nothing of it, and sees it.
        let on_b = async |command: &str| {
            let command = format!("--catalog b/catalog.toml {command}");
            moto.run(&project, &command).await
        };
        on_b("build").await.ended(3).says("is in the batch");
        let ran = on_b("batch submit --without-trial").await.ended(0);
        ran.says("6 talks are in a batch already");
        assert!(project.requests().await.is_empty());
        on_b("batch status").await.ended(0).says("0 of 0 requests");
        server.complete(0);
        let ran = on_b("batch collect").await.ended(0);
        ran.says("6 new replies");
        let collect = "--catalog a/catalog.toml batch collect";
        let ran = moto.run(&project, collect).await.ended(0);
        ran.says("no batch is open");
        let build = "--catalog a/catalog.toml build";
        moto.run(&project, build).await.ended(0);
        assert_eq!(project.requests().await.len(), TALKS.len());
        assert_eq!(server.batches(), 1);
    }

    #[tokio::test]
    async fn two_machines_that_submit_at_once_submit_nothing_twice() {
        let Some(moto) = Moto::start().await else {
            return;
        };
        let project = Project::with_catalog("").await;
        let server = BatchServer::at(&project).await;
        let runs = ["a", "b", "c"].map(|folder| {
            machine(&project, folder, "s3://bucket/conf");
            let (moto, project) = (&moto, &project);
            async move {
                let on = |command: &str| format!("--catalog {folder}/catalog.toml {command}");
                moto.run(project, &on("fetch")).await.ended(0);
                let submit = on("batch submit --without-trial");
                moto.run(project, &submit).await.ended(0)
            }
        });
        join_all(runs).await;
        let lines = (0..server.batches()).flat_map(|batch| server.lines(batch));
        let mut asked: Vec<String> = lines.map(|line| line["custom_id"].to_string()).collect();
        asked.sort();
        asked.dedup();
        assert_eq!((server.batches(), asked.len()), (1, TALKS.len()));
    }

    #[tokio::test]
    async fn a_store_needs_trust_and_its_keys_are_in_no_message() {
        let Some(moto) = Moto::start().await else {
            return;
        };
        let project = Project::with_catalog("").await;
        machine(&project, "a", "s3://bucket/conf");
        let mut untrusted = moto.command(&project, "--catalog a/catalog.toml build");
        untrusted.env_remove("PROCEEDINGS_TRUST");
        let ran = tokio::task::spawn_blocking(move || untrusted.output().unwrap());
        let ran = project.ran(&ran.await.unwrap());
        let ran = ran.says("keep its cache in s3://bucket/conf, with the keys");
        assert!(project.requests().await.is_empty(), "{}", ran.stderr);

        machine(&project, "b", "s3://no-such-bucket/conf");
        let ran = moto
            .run(&project, "--catalog b/catalog.toml build")
            .await
            .ended(1);
        let ran = ran.says("the store `s3://no-such-bucket/conf` could not list");
        assert!(!ran.stderr.contains(SECRET), "{}", ran.stderr);
        assert!(project.requests().await.is_empty(), "{}", ran.stderr);
    }

    #[tokio::test]
    async fn a_machine_that_lost_its_folder_pays_for_nothing_again() {
        let Some(moto) = Moto::start().await else {
            return;
        };
        let project = Project::with_catalog("").await;
        machine(&project, "a", "s3://bucket/conf");
        let some = "--catalog a/catalog.toml summarize --limit 3";
        moto.run(&project, "--catalog a/catalog.toml fetch")
            .await
            .ended(0);
        moto.run(&project, some).await.ended(0);
        let paid = project.requests().await.len();
        std::fs::remove_dir_all(project.path("a/cache")).unwrap();
        moto.run(&project, some).await.ended(0);
        assert_eq!(project.requests().await.len(), paid);
    }
}
