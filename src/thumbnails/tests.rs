//! Pictures against a server that has some, lacks some and misbehaves.

use std::time::Duration;

use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::fs;
use crate::thumbnails::picture::tests::letterboxed;

/// A server of pictures, and a cache for them.
struct Trial {
    server: MockServer,
    folder: tempfile::TempDir,
    cache: Cache,
}

impl Trial {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("cache"));
        let server = MockServer::start().await;
        Self {
            server,
            folder,
            cache,
        }
    }

    /// Answers a video's address so, for the first `times`.
    async fn answers(&self, video: &str, name: &str, times: u64, answer: ResponseTemplate) {
        let mock = Mock::given(path(format!("/vi/{video}/{name}.jpg")));
        let mock = mock.respond_with(answer).up_to_n_times(times);
        mock.mount(&self.server).await;
    }

    async fn gather(&self, videos: &[&str]) -> GatherReport {
        let videos: Vec<VideoId> = videos.iter().map(|id| id.parse().unwrap()).collect();
        let base = format!("{}/vi/", self.server.uri()).parse().unwrap();
        let source = PictureServer::at(base, 3, Duration::from_millis(1)).unwrap();
        let wanted = videos_to_ask(&self.cache, &videos, None).unwrap();
        gather(&self.cache, &source, wanted, || ()).await.unwrap()
    }

    fn has(&self, video: &str) -> bool {
        let video = video.parse().unwrap();
        find_cached(&self.cache, &video).unwrap().is_some()
    }

    async fn requests(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }
}

fn picture() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_bytes(letterboxed(480, 360))
}

/// Why each video has no picture.
fn reasons(gathered: &GatherReport) -> Vec<String> {
    let reasons = gathered.lacking.iter();
    reasons
        .map(|(video, error)| format!("{video}: {error}"))
        .collect()
}

#[tokio::test]
async fn a_picture_is_asked_for_once_and_the_lesser_one_where_there_is_no_better() {
    let trial = Trial::start().await;
    trial
        .answers("bothSizes__", "sddefault", 9, picture())
        .await;
    trial
        .answers("onlySmall__", "hqdefault", 9, picture())
        .await;
    let gathered = trial
        .gather(&["bothSizes__", "onlySmall__", "bothSizes__"])
        .await;
    assert_eq!(
        (gathered.new, gathered.lacking.len(), gathered.untried),
        (2, 0, 0)
    );
    assert_eq!(trial.requests().await, 3);
    let again = trial.gather(&["bothSizes__", "onlySmall__"]).await;
    assert_eq!((again.new, trial.requests().await), (0, 3));
    let names = fs::names(&trial.folder.path().join("cache/bothSizes__")).unwrap();
    assert_eq!(names.len(), 1, "{names:?}");
}

#[tokio::test]
async fn that_there_is_none_is_remembered_and_what_passes_is_tried_again() {
    let trial = Trial::start().await;
    for status in [503, 429, 500] {
        let busy = ResponseTemplate::new(status);
        trial.answers("busyAtFirst", "sddefault", 1, busy).await;
    }
    trial
        .answers("busyAtFirst", "sddefault", 1, picture())
        .await;
    let gathered = trial.gather(&["busyAtFirst", "hasNoneAtAl"]).await;
    assert_eq!(gathered.new, 1);
    assert_eq!(reasons(&gathered), ["hasNoneAtAl: YouTube has none"]);
    assert_eq!(trial.requests().await, 6);
    let again = trial.gather(&["busyAtFirst", "hasNoneAtAl"]).await;
    assert_eq!((again.lacking.len(), trial.requests().await), (0, 6));
}

#[tokio::test]
async fn what_is_no_picture_costs_its_video_alone_and_is_asked_for_again() {
    let trial = Trial::start().await;
    let page = ResponseTemplate::new(200).set_body_string("<!doctype html>");
    trial.answers("isAWebPage_", "sddefault", 9, page).await;
    let endless = ResponseTemplate::new(200).set_body_bytes(vec![0xff; 3 << 20]);
    trial.answers("isTooLarge_", "sddefault", 9, endless).await;
    let moved = ResponseTemplate::new(302).insert_header("location", "http://localhost/other");
    trial.answers("hasMoved___", "sddefault", 9, moved).await;
    trial
        .answers("isAPicture_", "sddefault", 9, picture())
        .await;
    let videos = ["isAWebPage_", "isTooLarge_", "hasMoved___", "isAPicture_"];
    let gathered = trial.gather(&videos).await;
    assert!(trial.has("isAPicture_"));
    let expected = [
        "hasMoved___: YouTube answers with status 302",
        "isAWebPage_: what comes is no picture",
        "isTooLarge_: it is larger than 2 MiB",
    ];
    assert_eq!(reasons(&gathered), expected);
    let before = trial.requests().await;
    assert_eq!(trial.gather(&videos).await.lacking.len(), 3);
    assert_eq!(trial.requests().await, before + 3);
}

#[tokio::test]
async fn where_nobody_answers_most_are_not_asked_for() {
    let trial = Trial::start().await;
    let videos: Vec<String> = (10..40).map(|n| format!("oneOfMany{n}")).collect();
    let videos: Vec<VideoId> = videos.iter().map(|id| id.parse().unwrap()).collect();
    let nobody = "http://127.0.0.1:9/vi/".parse().unwrap();
    let source = PictureServer::at(nobody, 3, Duration::from_millis(1)).unwrap();
    let wanted = videos_to_ask(&trial.cache, &videos, None).unwrap();
    let gathered = gather(&trial.cache, &source, wanted, || ()).await.unwrap();
    assert_eq!(
        (gathered.new, gathered.lacking.len(), gathered.untried),
        (0, 3, 27)
    );
    let reason = &gathered.lacking[0].1;
    assert_eq!(reason.to_string(), "no answer comes through");
}
