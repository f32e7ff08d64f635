//! Two machines on one store: each has its folder, and what one has paid for the other finds.

use std::sync::Arc;

use object_store::memory::InMemory;
use object_store::path::Path as ObjectPath;

use super::*;
use crate::store::Store;

/// A machine whose folder is empty, on a store that it shares with others.
fn machine(objects: &Arc<InMemory>) -> Fixture {
    let fixture = Fixture::new();
    let (objects, prefix) = (Box::new(Arc::clone(objects)), ObjectPath::from("conf"));
    let store = Store::of(objects, prefix, "memory:".to_owned());
    fixture.cache.share_through(store);
    fixture
}

impl Fixture {
    /// Carries out a run on the cache.
    async fn run<T>(&self, run: impl Future<Output = T>) -> T {
        let run = self.cache.sharing([&self.talk.video], run);
        run.await.unwrap()
    }
}

#[tokio::test]
async fn a_run_finds_what_another_machine_has_kept() {
    let objects = Arc::new(InMemory::new());
    let (one, other) = (machine(&objects), machine(&objects));
    let a = request("a");
    one.run(async {
        one.keep(&a, "paid once").await;
        one.keep_transcript("hello", None).await;
    })
    .await;
    other.run(async {}).await;
    assert_eq!(other.look_up(&a), "paid once");
    let transcript = other.snapshot().transcript_ref().unwrap();
    assert_eq!(transcript, one.snapshot().transcript_ref().unwrap());
    assert!(transcript.is_some());
}

#[tokio::test]
async fn who_has_waited_for_a_talk_finds_what_was_kept_meanwhile() {
    let objects = Arc::new(InMemory::new());
    let (one, other) = (machine(&objects), machine(&objects));
    let a = request("a");
    let both = other.run(async {
        let owner = Owner::Talk(&one.talk);
        let lock = one.cache.lock(owner, || {}).await.unwrap();
        let waits = async {
            let lock = other.cache.lock(owner, || {}).await.unwrap();
            drop(lock);
            other.look_up(&a)
        };
        let pays = async {
            one.keep(&a, "paid once").await;
            drop(lock);
        };
        let (found, ()) = futures::future::join(waits, pays).await;
        assert_eq!(found, "paid once");
    });
    one.run(Box::pin(both)).await;
}

#[tokio::test]
async fn what_did_not_come_into_the_store_does_so_with_the_next_run() {
    let objects = Arc::new(InMemory::new());
    let (one, other) = (Fixture::new(), machine(&objects));
    one.keep(&request("a"), "kept before there was a store")
        .await;
    let one = Fixture {
        cache: Cache::new(one.folder.path().to_owned()),
        ..one
    };
    let store = Store::of(
        Box::new(Arc::clone(&objects)),
        ObjectPath::from("conf"),
        "memory:".to_owned(),
    );
    one.cache.share_through(store);
    one.run(async {}).await;
    other.run(async {}).await;
    assert_eq!(
        other.look_up(&request("a")),
        "kept before there was a store"
    );
}

#[tokio::test]
async fn a_reply_that_was_set_aside_does_not_come_back() {
    let objects = Arc::new(InMemory::new());
    let (one, other, late) = (machine(&objects), machine(&objects), machine(&objects));
    let a = request("a");
    one.run(async {
        let kept = one.keep(&a, "not two sentences").await;
        other.run(async {}).await;
        one.cache.reject(&kept).unwrap();
    })
    .await;
    for machine in [&one, &late, &other] {
        machine.run(async {}).await;
    }
    assert_eq!(one.look_up(&a), "rejected");
    assert_eq!(late.look_up(&a), "rejected");
    // Who has it as a reply looks at it, too, and comes to the same.
    assert_eq!(other.look_up(&a), "not two sentences");
    let files = |fixture: &Fixture| fs::names(&fixture.path("")).unwrap().len();
    assert_eq!([&one, &late, &other].map(files), [1, 1, 1]);
}

#[tokio::test]
async fn failures_and_pictures_stay_on_their_machine_and_strange_objects_stay_there() {
    use object_store::{ObjectStoreExt, PutPayload};

    let objects = Arc::new(InMemory::new());
    let (one, other) = (machine(&objects), machine(&objects));
    one.run(async { one.keep_failure(Stage::Metadata, "private").await })
        .await;
    for name in [
        "conf/jAtrviDGpwE/../../escape.json",
        "conf/jAtrviDGpwE/notes.txt",
        "conf/jAtrviDGpwE/deeper/summary-3fa9c1d2e4b59a07.json",
        "conf/elsewhere/summary-3fa9c1d2e4b59a07.json",
        "beside/jAtrviDGpwE/summary-3fa9c1d2e4b59a07.json",
    ] {
        let place = ObjectPath::from(name);
        objects.put(&place, PutPayload::from("x")).await.unwrap();
    }
    other.run(async {}).await;
    assert_eq!(fs::names(&other.path("")).unwrap(), [""; 0]);
}
