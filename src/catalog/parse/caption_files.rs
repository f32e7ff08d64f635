//! The table `[fetch.caption_files]`: which file in the captions folder is which talk's.
//!
//! Whether the files are there is found out when they are read.

use std::collections::{BTreeMap, HashSet};

use toml::Spanned;

use crate::catalog::nearest::did_you_mean;
use crate::catalog::problem::{Problem, Problems};
use crate::catalog::values::path;
use crate::catalog::{CAPTION_EXTENSIONS, Entry, has_caption_extension};
use crate::talk::id::VideoId;

/// Checks the table against the talks: ids and links that are talks, each once, and files of a
/// known kind.
pub(super) fn caption_files(
    raw: BTreeMap<Spanned<String>, Spanned<String>>,
    talks: &[Entry],
    problems: &mut Problems,
) -> BTreeMap<VideoId, String> {
    let videos: HashSet<&VideoId> = talks.iter().map(|entry| &entry.id.video).collect();
    let mut in_order: Vec<_> = raw.into_iter().collect();
    in_order.sort_by_key(|(key, _)| key.span().start);
    let mut files = BTreeMap::new();
    for (key, file) in in_order {
        let key_span = key.span();
        let Some((video, file)) = problems.note(caption_file(&key, file, &videos)) else {
            continue;
        };
        if files.insert(video.clone(), file).is_some() {
            let text = format!("the talk `{video}` has two caption files");
            problems.push(Problem::new(key_span, text));
        }
    }
    files
}

fn caption_file(
    key: &Spanned<String>,
    file: Spanned<String>,
    videos: &HashSet<&VideoId>,
) -> Result<(VideoId, String), Problem> {
    let video = VideoId::from_id_or_link(key.get_ref())
        .map_err(|error| Problem::new(key.span(), error.to_string()))?;
    if !videos.contains(&video) {
        let known = videos.iter().map(|video| video.as_str());
        let hint = did_you_mean(video.as_str(), known);
        let hint = hint.unwrap_or_else(|| "list it under `talks` too".to_owned());
        let problem = Problem::new(key.span(), format!("`{video}` is no talk of the catalog"));
        return Err(problem.with_hint(hint).by_absence());
    }
    let span = file.span();
    if has_caption_extension(file.get_ref()) {
        let expanded = path(file)?.to_string_lossy().into_owned();
        return Ok((video, expanded));
    }
    let file = file.into_inner();
    let problem = Problem::new(span, format!("`{file}` is no caption file"));
    Err(problem.with_hint(format!("known here: .{}", CAPTION_EXTENSIONS.join(", ."))))
}
