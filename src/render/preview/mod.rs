//! The picture that networks show where somebody links to a page: its title, what it is about in
//! numbers, and a bar for each category.
//!
//! Pure. A line with a letter that the fonts lack is left out as a whole: a name in half of its letters
//! is worse than none, and networks write the title beside the picture.

mod canvas;
mod png;

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::locale::Locale;
use crate::render::html::{self, BASE};
use crate::render::page::{Header, Page};
use crate::render::preview::canvas::{Area, Canvas, Ink, Rgb, Style, Weight, has_letter};

/// The file beside the page.
pub(crate) const FILE: &str = "preview.png";
/// Its size, which networks expect.
pub(crate) const WIDTH: usize = 1200;
/// Its height.
pub(crate) const HEIGHT: usize = 630;

/// What the file says of itself.
const NOTE: &str = "<!-- generator: proceedings -->";

const MARGIN: usize = 72;
/// How wide a line may be.
const ROOM: usize = WIDTH - 2 * MARGIN;
/// The sizes of a title, of which the first is taken with which it fits.
const TITLE_SIZES: [f32; 4] = [96.0, 80.0, 66.0, 54.0];
const MOST_TITLE_LINES: usize = 2;
/// So many categories have a bar.
const MOST_BARS: usize = 6;
/// How long the longest bar is, so that its name has room.
const LONGEST_BAR: usize = 540;
/// How high a bar is with the room below it, at most.
const HIGHEST_ROW: usize = 60;

const LINE: Style = Style {
    weight: Weight::Regular,
    size: 38.0,
    ink: Ink::Soft,
};
const COUNT: Style = Style {
    weight: Weight::Bold,
    size: 30.0,
    ink: Ink::Strong,
};
const NAME: Style = Style {
    weight: Weight::Regular,
    size: 30.0,
    ink: Ink::Strong,
};

/// What the picture shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Preview {
    pub(crate) title: String,
    /// The lines below the title, in their parts.
    pub(crate) lines: Vec<Vec<String>>,
    pub(crate) bars: Vec<Bar>,
}

/// A bar: what is counted, how much there is, and its color.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) count: usize,
    /// The number of the color: 1 to 24.
    pub(crate) color: usize,
}

impl Preview {
    /// What the picture of a conference's page shows.
    #[must_use]
    pub(crate) fn of_page(header: &Header, page: &Page) -> Self {
        let locale = Locale::of(&header.language);
        let days = page.dates.clone().or_else(|| page.days.clone());
        let place = [page.place.clone(), days].into_iter().flatten().collect();
        let figures = html::figures(locale, page).into_iter();
        let categories = page.sections.iter().filter(|section| section.color > 0);
        let bars = categories.map(|section| Bar {
            name: section.name.clone(),
            count: section.count,
            color: section.color,
        });
        Self {
            title: page.title.clone(),
            lines: vec![place, figures.map(|figure| figure.to_string()).collect()],
            bars: bars.collect(),
        }
    }

    /// Draws the picture, as a PNG.
    #[must_use]
    pub(crate) fn draw(&self) -> Vec<u8> {
        let [paper, strong, soft] =
            ["paper", "ink", "soft"].map(|name| color(&format!("--{name}")));
        let mut canvas = Canvas::new(WIDTH, HEIGHT, paper, strong, soft);
        let below = self.write(&mut canvas);
        self.draw_bars(&mut canvas, below);
        canvas.into_png(NOTE)
    }

    /// Writes title and lines, and says where they end.
    fn write(&self, canvas: &mut Canvas) -> usize {
        let mut y = MARGIN;
        if let Some(title) = writable(&self.title) {
            let (style, lines) = set_title(&title);
            for line in lines {
                y += pixels(style.size);
                canvas.write(
                    &line,
                    style,
                    coordinate(MARGIN),
                    coordinate(y - pixels(style.size * 0.25)),
                );
            }
            y += pixels(LINE.size * 0.35);
        }
        for parts in &self.lines {
            let parts: Vec<String> = parts.iter().filter_map(|part| writable(part)).collect();
            if !parts.is_empty() {
                y += pixels(LINE.size * 1.3);
                let line = shortened(&parts.join(" · "), LINE, ROOM);
                canvas.write(
                    &line,
                    LINE,
                    coordinate(MARGIN),
                    coordinate(y - pixels(LINE.size * 0.3)),
                );
            }
        }
        y
    }

    /// Draws the longest bars, in the order in which they are given.
    fn draw_bars(&self, canvas: &mut Canvas, below: usize) {
        let top = if below > MARGIN {
            below + MARGIN / 2
        } else {
            below
        };
        let mut counts: Vec<usize> = self.bars.iter().map(|bar| bar.count).collect();
        counts.sort_unstable_by(|one, other| other.cmp(one));
        let Some(longest) = counts.first().copied().filter(|count| *count > 0) else {
            return;
        };
        let least = counts[counts.len().min(MOST_BARS) - 1];
        let shown = self.bars.iter().filter(|bar| bar.count >= least);
        let rows = counts.len().min(MOST_BARS);
        let row = ((HEIGHT - MARGIN - top) / rows).min(HIGHEST_ROW);
        for (place, bar) in shown.take(MOST_BARS).enumerate() {
            let area = Area {
                x: MARGIN,
                y: top + place * row,
                width: (LONGEST_BAR * bar.count / longest).max(1),
                height: row * 3 / 4,
            };
            canvas.fill(area, color(&format!(".color-{} {{ --color", bar.color)));
            label(canvas, bar, area);
        }
    }
}

/// Writes beside a bar what it counts.
fn label(canvas: &mut Canvas, bar: &Bar, area: Area) {
    let baseline = coordinate(area.y + area.height / 2 + pixels(NAME.size * 0.27));
    let x = coordinate(area.x + area.width + 18);
    let end = canvas.write(&bar.count.to_string(), COUNT, x, baseline) + 12.0;
    if let Some(name) = writable(&bar.name) {
        let room = (WIDTH - MARGIN).saturating_sub(pixels(end));
        canvas.write(&shortened(&name, NAME, room), NAME, end, baseline);
    }
}

/// The largest style in which a title fits, and its lines.
fn set_title(title: &str) -> (Style, Vec<String>) {
    let style = |size| Style {
        weight: Weight::Bold,
        size,
        ink: Ink::Strong,
    };
    let set = TITLE_SIZES.map(|size| (style(size), wrapped(title, style(size))));
    let [.., smallest] = &set;
    let smallest = smallest.clone();
    let fits = |(style, lines): &(Style, Vec<String>)| {
        let is_whole = |line: &String| style.width(line) <= coordinate(ROOM);
        lines.len() <= MOST_TITLE_LINES && lines.iter().all(is_whole)
    };
    set.into_iter().find(fits).unwrap_or_else(|| cut(smallest))
}

/// The first lines of a title that does not fit.
fn cut((style, mut lines): (Style, Vec<String>)) -> (Style, Vec<String>) {
    let last = lines.split_off(lines.len().min(MOST_TITLE_LINES) - 1);
    lines.push(last.join(" "));
    let shortened = lines.iter().map(|line| shortened(line, style, ROOM));
    (style, shortened.collect())
}

/// A text in lines, broken between words; a word that is longer than a line has one of its own.
fn wrapped(text: &str, style: Style) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let longer = lines.last().map(|line| format!("{line} {word}"));
        let longer = longer.filter(|line| style.width(line) <= coordinate(ROOM));
        match lines.last_mut().zip(longer) {
            Some((last, longer)) => *last = longer,
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// A text, cut where it is wider than so many pixels.
fn shortened(text: &str, style: Style, room: usize) -> String {
    let fits = |text: &str| style.width(text) <= coordinate(room);
    if fits(text) {
        return text.to_owned();
    }
    let mut ends = text.char_indices().rev();
    let cut = ends.find_map(|(end, _)| {
        let cut = format!("{}…", text[..end].trim_end());
        fits(&cut).then_some(cut)
    });
    cut.unwrap_or_default()
}

/// A text as it can be written, without pictographs; none where a letter is lacking, or letters are
/// joined or run in another direction.
fn writable(text: &str) -> Option<String> {
    static PICTOGRAPH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[\p{Extended_Pictographic}--\p{ASCII}--©®™]|[\u{200d}\u{fe0e}\u{fe0f}\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}]")
            .expect("the pattern is well-formed")
    });
    let text: String = text.nfc().collect();
    let text = PICTOGRAPH.replace_all(&text, "");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_plain = |letter: char| matches!(letter, ' '..='\u{2ff}' | '\u{370}'..='\u{52f}' | '\u{1e00}'..='\u{2bff}');
    let can_be_written = text
        .chars()
        .all(|letter| is_plain(letter) && has_letter(letter));
    (can_be_written && !text.is_empty()).then_some(text)
}

/// A color of the style of all pages, as it is on white paper: the first one that is set so.
fn color(name: &str) -> Rgb {
    let (_, after) = BASE
        .split_once(&format!("{name}: #"))
        .expect("the style sets this color");
    let digits: Vec<char> = after.chars().take_while(char::is_ascii_hexdigit).collect();
    let digits: String = match digits[..] {
        [red, green, blue] => [red, red, green, green, blue, blue].iter().collect(),
        _ => digits.iter().collect(),
    };
    let number = u32::from_str_radix(&digits, 16).expect("the style writes colors in digits");
    let [_, red, green, blue] = number.to_be_bytes();
    [red, green, blue]
}

/// A place in the picture, for text.
#[expect(clippy::cast_precision_loss, reason = "a picture has few pixels")]
fn coordinate(pixels: usize) -> f32 {
    pixels as f32
}

/// So many whole pixels.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a picture has few pixels"
)]
fn pixels(length: f32) -> usize {
    length.round() as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use expect_test::expect;
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::render::trial;

    fn preview(title: &str) -> Preview {
        let bar = |name: &str, count, color| Bar {
            name: name.to_owned(),
            count,
            color,
        };
        Preview {
            title: title.to_owned(),
            lines: vec![
                vec!["Lisboa".to_owned(), "3 de maio de 2026".to_owned()],
                vec!["88 palestras".to_owned(), "31 horas".to_owned()],
            ],
            bars: vec![bar("Ядро", 9, 1), bar("日本語", 29, 2), bar("Tools", 1, 24)],
        }
    }

    /// The size of a picture and the colors of its pixels.
    fn look(png: &[u8]) -> ((u32, u32), BTreeSet<Rgb>) {
        let (width, height, colors) = png::tests::decode(png);
        ((width, height), colors.into_iter().collect())
    }

    #[test]
    fn a_picture_has_the_size_and_the_colors_that_it_is_to_have() {
        let (size, colors) = look(&preview("Conferência").draw());
        assert_eq!(size, (1200, 630));
        for color in ["#ac3a58", "#7c1c21", "#751d4b", "#f8f7f3", "#1b1e22"] {
            let number = u32::from_str_radix(&color[1..], 16).unwrap();
            assert!(colors.contains(&number.to_be_bytes()[1..]), "{color}");
        }
    }

    /// A digest that differs on another machine would have that one commit another picture.
    #[test]
    fn the_same_is_drawn_in_the_same_bytes_on_every_machine() {
        let digest = Sha256::digest(preview("Conferência de Exemplo 2026").draw());
        let first = u64::from_be_bytes(*digest.first_chunk().unwrap());
        expect!["aa5145813b67c4b6"].assert_eq(&format!("{first:016x}"));
    }

    #[test]
    fn what_cannot_be_written_whole_is_left_out() {
        let without = preview("").draw();
        for title in ["日本語の会議", "Конференция 日本", "مؤتمر", "दिल्ली", "🦀"]
        {
            assert!(preview(title).draw() == without, "{title}");
        }
        for title in ["Ελλάδα", "Łódź – “A & B”", "Конференция"] {
            assert!(preview(title).draw() != without, "{title}");
        }
        assert!(preview("Rust 🦀").draw() == preview("Rust").draw());
    }

    #[test]
    fn a_title_takes_two_lines_at_most_and_is_as_large_as_it_can_be() {
        let lines = |title: &str| {
            let (style, lines) = set_title(title);
            format!("{}: {}", style.size, lines.join(" / "))
        };
        let long = "A Conference on All That Is Known of Names in Titles ".repeat(4);
        let told = [
            lines("RustConf 2026"),
            lines("KubeCon + CloudNativeCon North America 2024"),
            lines(long.trim()),
            lines(&"Donaudampfschifffahrt".repeat(5)),
        ];
        expect![[r#"
            96: RustConf 2026
            96: KubeCon + CloudNativeCon / North America 2024
            54: A Conference on All That Is Known of Names in Titles / A Conference on All That Is Known of Names in Titl…
            54: DonaudampfschifffahrtDonaudampfschifffahrtDon…"#]].assert_eq(&told.join("\n"));
    }

    #[test]
    fn the_page_says_what_the_picture_shows() {
        let (header, talks) = trial();
        let page = Page::new(&header, &talks.each_ref());
        let preview = Preview::of_page(&header, &page);
        assert_eq!(preview.lines.len(), 2);
        assert_eq!(preview.bars.len(), 1);
        assert!(!preview.draw().is_empty());
    }

    #[test]
    fn where_there_is_nothing_to_show_there_is_paper() {
        let empty = Preview {
            title: String::new(),
            lines: Vec::new(),
            bars: Vec::new(),
        };
        assert_eq!(look(&empty.draw()).1.len(), 1);
    }
}
