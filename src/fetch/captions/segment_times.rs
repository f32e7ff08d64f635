//! The times of what JSON lists, under all the names that programs have for them.

use std::time::Duration;

use serde_json::{Map, Value};

use super::lines;
use super::times::clock;

const STARTS: [&str; 9] = [
    "start",
    "start_time",
    "startTime",
    "begin",
    "from",
    "offset",
    "ts",
    "start_timestamp",
    "time",
];
const ENDS: [&str; 7] = [
    "end",
    "end_time",
    "endTime",
    "to",
    "stop",
    "end_ts",
    "end_timestamp",
];
const LENGTHS: [&str; 3] = ["duration", "dur", "length"];
const MILLISECONDS: [&str; 5] = [
    "startMs",
    "start_ms",
    "tStartMs",
    "begin_ms",
    "offsetMilliseconds",
];
const ENDS_IN_MILLISECONDS: [&str; 3] = ["endMs", "end_ms", "finish_ms"];
const LENGTHS_IN_MILLISECONDS: [&str; 2] = ["durationMilliseconds", "dDurationMs"];
/// How many ticks a second has.
const TICKS: f64 = 10_000_000.0;
/// Of a list whose last time is beyond this, in seconds, the times are milliseconds.
const LONGEST_IN_SECONDS: f64 = 100_000.0;
/// So are they where every second item lasts longer than this.
const LONGEST_ITEM: f64 = 60.0;

/// A number whose unit the file does not say, or a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Moment {
    Number(f64),
    At(Duration),
}

/// When something is said, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Times {
    start: Option<Moment>,
    end: Option<Moment>,
    length: Option<Moment>,
}

/// The unit of the numbers in a list: by what they are divided to be seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale(f64);

impl Times {
    pub(super) fn between(start: &Value, end: &Value) -> Self {
        Self {
            start: moment(start),
            end: moment(end),
            length: None,
        }
    }

    /// The times that an object gives.
    pub(super) fn of(object: &Map<String, Value>) -> Self {
        // Some have their times in an object or a list of their own.
        let instance = || object.get("instances")?.get(0)?.as_object();
        let object = instance().unwrap_or(object);
        let named = |names: &[&str]| names.iter().find_map(|name| moment(object.get(*name)?));
        let counted = |names: &[&str], unit: f64| {
            let count = names.iter().find_map(|name| number(object.get(*name)?))?;
            lines::time(count / unit).map(Moment::At)
        };
        let in_milliseconds = |place: &str| {
            let count = number(object.get("offsets")?.get(place)?)?;
            lines::time(count / 1000.0).map(Moment::At)
        };
        let stamped = |place: usize| moment(object.get("timestamp")?.get(place)?);
        Self {
            start: in_milliseconds("from")
                .or_else(|| counted(&MILLISECONDS, 1000.0))
                .or_else(|| counted(&["offsetInTicks"], TICKS))
                .or_else(|| named(&STARTS))
                .or_else(|| stamped(0)),
            end: in_milliseconds("to")
                .or_else(|| counted(&ENDS_IN_MILLISECONDS, 1000.0))
                .or_else(|| named(&ENDS))
                .or_else(|| stamped(1)),
            length: counted(&LENGTHS_IN_MILLISECONDS, 1000.0)
                .or_else(|| counted(&["durationInTicks"], TICKS))
                .or_else(|| named(&LENGTHS)),
        }
    }

    pub(super) fn is_known(&self) -> bool {
        self.start.is_some()
    }

    /// Start and end on the clock of the recording.
    pub(super) fn span(&self, scale: Scale) -> (Duration, Option<Duration>) {
        let start = self.start.and_then(|start| scale.time(start));
        let start = start.unwrap_or_default();
        let end = self.end.and_then(|end| scale.time(end));
        let length = || Some(start.saturating_add(scale.time(self.length?)?));
        let end = end.or_else(length).filter(|end| *end >= start);
        (start, end)
    }
}

impl Scale {
    /// The unit that all items of a list have in common.
    pub(super) fn of<'a>(list: impl Iterator<Item = &'a Times> + Clone) -> Self {
        let number = |moment: Option<Moment>| match moment? {
            Moment::Number(number) => Some(number),
            Moment::At(_) => None,
        };
        let starts = list.clone().filter_map(|times| number(times.start));
        let latest = starts.fold(0.0, f64::max);
        let lengths = list.filter_map(|times| {
            let between = || Some(number(times.end)? - number(times.start)?);
            number(times.length).or_else(between)
        });
        let mut lengths: Vec<f64> = lengths.collect();
        lengths.sort_by(f64::total_cmp);
        let usual = lengths.get(lengths.len() / 2).copied().unwrap_or_default();
        let is_fine = latest > LONGEST_IN_SECONDS || lengths.len() > 1 && usual > LONGEST_ITEM;
        Self(if is_fine { 1000.0 } else { 1.0 })
    }

    fn time(self, moment: Moment) -> Option<Duration> {
        match moment {
            Moment::Number(number) => lines::time(number / self.0),
            Moment::At(at) => Some(at),
        }
    }
}

fn moment(value: &Value) -> Option<Moment> {
    match value {
        Value::Number(number) => Some(Moment::Number(number.as_f64()?)),
        Value::String(text) if text.contains(':') => clock(text.trim()).map(Moment::At),
        Value::String(text) => in_unit(text),
        Value::Object(object) => moment_of(object),
        _ => None,
    }
}

/// A number that may name its unit: `1.5`, `1.5s`, `1500 ms`, `1,5`, `PT1.5S`.
fn in_unit(text: &str) -> Option<Moment> {
    let text = text.trim().to_ascii_lowercase().replace(',', ".");
    let text = text.strip_prefix("pt").unwrap_or(&text);
    let count = |text: &str| text.trim().parse::<f64>().ok();
    match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(text), _) => lines::time(count(text)? / 1000.0).map(Moment::At),
        (None, text_of_seconds) => count(text_of_seconds.unwrap_or(text)).map(Moment::Number),
    }
}

/// A moment as an object: `{"relative": …}`, or `{"seconds": "5", "nanos": 100000000}`, in which what is
/// zero may be missing.
fn moment_of(object: &Map<String, Value>) -> Option<Moment> {
    if let Some(relative) = object.get("relative") {
        return moment(relative);
    }
    let part = |name: &str| {
        object
            .get(name)
            .map(|part| number(part).unwrap_or_default())
    };
    let (seconds, nanoseconds) = (part("seconds"), part("nanos"));
    let is_known = seconds.or(nanoseconds).is_some() || object.is_empty();
    let at = seconds.unwrap_or_default() + nanoseconds.unwrap_or_default() / 1e9;
    is_known.then(|| lines::time(at).map(Moment::At)).flatten()
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().replace(',', ".").parse().ok(),
        value => value.as_f64(),
    }
}
