//! Colours and strokes, for light pages and dark ones.

use std::fmt::Write;

use engine::Part;

/// One class for each thing that is drawn. A page that wants to be dark is given other colours.
pub const STYLE: &str = "
text { font: 11px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #24292f }
.title { font-size: 16px; font-weight: 600 }
.name { font-weight: 600 }
.soft { fill: #6e7781 }
.end { text-anchor: end }
.middle { text-anchor: middle }
.page { fill: #ffffff; stroke: #d0d7de; rx: 8px }
.key, .beat { stroke: #eceff2 }
.bar { stroke: #afb8c1 }
.chord { fill: #fff1c9; rx: 3px }
.change { stroke: #d4a72c; stroke-dasharray: 2 3 }
.mark { stroke: #bc4c00 }
.player { fill: #cf222e; fill-opacity: 0.15; stroke: #cf222e }
.bass { fill: #0969da }
.comp { fill: #1a7f37 }
.pads { fill: #8250df }
.drums { fill: #57606a }
.way { stroke: #24292f; stroke-width: 1.2 }
.moved, .edge { fill: #24292f }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.soft { fill: #8d96a0 }
.page { fill: #0d1117; stroke: #30363d }
.key, .beat { stroke: #21262d }
.bar { stroke: #484f58 }
.chord { fill: #3b2f0b }
.change { stroke: #9e6a03 }
.mark { stroke: #f0883e }
.player { fill: #ff7b72; stroke: #ff7b72 }
.bass { fill: #58a6ff }
.comp { fill: #3fb950 }
.pads { fill: #bc8cff }
.drums { fill: #8b949e }
.way { stroke: #ffffff }
.moved, .edge { fill: #ffffff }
}
";

/// The class of a part's notes.
pub fn class(part: Part) -> &'static str {
    match part {
        Part::Lead => "player",
        Part::Click => "drums",
        _ => part.name(),
    }
}

pub fn line(svg: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) {
    let ((x1, y1), (x2, y2)) = (from, to);
    let _ = writeln!(
        svg,
        "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
    );
}

pub fn rect(svg: &mut String, class: &str, at: (f64, f64), size: (f64, f64)) {
    let ((x, y), (width, height)) = (at, size);
    let _ = writeln!(
        svg,
        "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
    );
}

pub fn text(svg: &mut String, class: &str, at: (f64, f64), words: &str) {
    let (x, y) = at;
    let _ = writeln!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{words}</text>");
}
