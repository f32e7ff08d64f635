//! Texts that somebody could put into a title, a description, a caption or a reply.

/// Each of them tries to be something else than text.
pub(crate) const HOSTILE: &[&str] = &[
    // Markup and what runs in it.
    "<script>alert(1)</script>",
    "</title></head><body><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)>",
    "<a href=\"javascript:alert(1)\">look</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<base href=//evil.example>",
    "<form action=//evil.example><button>Sign in",
    "<details open ontoggle=alert(1)>",
    "<plaintext>",
    "<textarea>",
    "<!-- everything from here on is gone",
    "<![CDATA[ x ]]>",
    "]]><script/>",
    "<?php echo 1 ?>",
    "<!DOCTYPE html><!ENTITY x SYSTEM \"file:///etc/passwd\">",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "&xxe; & &amp &copy",
    "<ｓcript>＜script＞",
    // Out of an attribute.
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "x\" autofocus onfocus=alert(1) y=\"",
    "` onload=`alert(1)",
    "\"><script>alert(1)</script>",
    "'-alert(1)-'",
    // Out of structured data and scripts.
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "\",\"@type\":\"Evil\",\"x\":\"",
    "\\\"};alert(1);//",
    "line\u{2028}separator\u{2029}s",
    r"\ud800 \u003cscript\u003e \x3c",
    // Links that do something.
    "javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "//evil.example/x",
    "../../etc/passwd",
    r"..\..\windows\system32",
    "file:///etc/passwd",
    // Markdown.
    "[click](javascript:alert(1))",
    "![pixel](https://evil.example/p.gif)",
    "[![x](https://evil.example/a)](https://evil.example/b)",
    "[ref][1] and [1]",
    "[1]: https://evil.example",
    "<https://evil.example>",
    "<me@evil.example>",
    "https://evil.example/path?q=1",
    "see www.evil.example now",
    "WWW.EVIL.EXAMPLE and wWw.evil.example",
    "mail me@evil.example or xmpp:me@evil.example",
    "thanks @octocat and @org/team",
    "fixes #123 and org/repo#45, GH-12",
    "**bold** __bold__ *it* _it_ ~~no~~ ==mark==",
    "`code` ``code`` ```fence",
    "~~~",
    "# heading #",
    "heading\n=======",
    "heading\n---",
    "- item\n- item",
    "1. one\n2) two",
    "+ plus",
    "> quote",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a | b \\| c",
    "---",
    "\n\n# a new block\n\n<script>alert(1)</script>\n\n",
    "    indented code",
    "[^1] [^1]: note",
    "- [ ] task",
    "$E=mc^2$ and $$x$$ for $5",
    ":smile: :+1:",
    "backslash at the end \\",
    "</td></tr></table>",
    "</h3></a></li></ul>",
    "[!NOTE]",
    // Directions, invisible signs, and what no text should hold.
    "user\u{202e}gpj.exe",
    "\u{202a}\u{202b}\u{202d}left open",
    "\u{2066}\u{2067}\u{2068}isolated and left open",
    "pop\u{202c}\u{2069}\u{2069}",
    "zero\u{200b}width\u{200d}join\u{200c}er\u{2060}s",
    "byte order\u{feff} mark",
    "tags \u{e0041}\u{e0042}\u{e007f}hide",
    "nul\0 bell\u{7} escape\u{1b}[31m",
    "vertical\u{b}tab form\u{c}feed next\u{85}line",
    "no characters \u{fffe}\u{ffff}\u{fdd0}\u{1ffff}",
    "annotated \u{fff9}seen\u{fffa}hidden\u{fffb}",
    "Z\u{351}\u{328}\u{34a}a\u{360}l\u{337}g\u{321}o",
    "שלום (1) abc مرحبا 2026",
    "mixed\r\nline\rends\tand tabs",
    // Templates.
    "{{title}}",
    "{{{intro_html}}}",
    "{{#each sections}}{{/each}}",
    "{{> partial}} {{lookup this \"x\"}}",
    r"\{{title}} {{!-- --}}",
    "${title} <%= title %> {% raw %}",
    "%s %n {0} $1 \\1",
    // Spreadsheets.
    "=HYPERLINK(\"https://evil.example\",\"click\")",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "a,b;c\t\"d\"\ne",
    "'=1+1",
    // Sizes.
    "DonaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftDonaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    "&&&&&&&&&&&&&&&&&&&&&&&&<<<<<<<<<<<<<<<<<<<<<<<<\"\"\"\"\"\"\"\"\"\"\"\"",
];

/// What of a text a reader sees: its words and signs on one line.
pub(crate) fn as_shown(text: &str) -> String {
    let seen = lines_as_shown(text);
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same with its line breaks.
pub(crate) fn lines_as_shown(text: &str) -> String {
    let seen = |c: char| match c {
        '\n' | '\r' | '\t' => Some(c),
        '\u{b}' | '\u{c}' | '\u{85}' => Some(' '),
        '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{fdd0}'..='\u{fdef}'
        | '\u{e0000}'..='\u{e007f}' => None,
        c => (!c.is_control() && u32::from(c) & 0xffff < 0xfffe).then_some(c),
    };
    text.trim().chars().filter_map(seen).collect()
}
