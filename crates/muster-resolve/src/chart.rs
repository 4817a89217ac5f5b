//! Pictures as SVG: the waterfall of a pair's match weight, and a precision-recall curve.
//!
//! A picture stands alone: no script, no style sheet, no font and no address outside of itself. Every text is escaped,
//! and colour is never the only sign: each bar carries its number.
//!
//! Invariant: the same input gives the same bytes, and any text gives well-formed XML.

use crate::evaluate::CurvePoint;

/// Blue and orange keep apart for every kind of colour vision.
const FOR: &str = "#2a6fb0";
const AGAINST: &str = "#d0601a";
const NEUTRAL: &str = "#686e78";
const INK: &str = "#1c2026";
const FAINT: &str = "#d9dce1";

const FONT: &str = "font-family=\"Helvetica, Arial, sans-serif\"";

/// Longest label in characters; what is cut is marked by an ellipsis.
const LABEL_CHARS_MAX: usize = 44;

/// One comparison of a waterfall.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What was compared.
    pub label: String,
    /// The level, or why it weighs nothing.
    pub detail: String,
    /// What it adds to the weight, in bits.
    pub weight: f64,
}

/// How a pair's weight comes about.
#[derive(Debug, Clone, PartialEq)]
pub struct Waterfall {
    /// The heading.
    pub title: String,
    /// Sentences below the picture: the decision, and what brought the two together.
    pub notes: Vec<String>,
    /// The weight before anything is compared, in bits.
    pub prior: f64,
    /// One bar per comparison, in their order.
    pub bars: Vec<Bar>,
    /// Prior and bars together.
    pub total: f64,
    /// From which total on a pair is linked.
    pub threshold: f64,
}

/// The places of a picture, in its units.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    low: f64,
    high: f64,
}

impl Frame {
    fn x(&self, value: f64) -> f64 {
        self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)
    }
}

const WIDTH: f64 = 960.0;
const ROW: f64 = 26.0;

/// One line of a waterfall, from where to where its bar goes.
struct Step<'a> {
    label: &'a str,
    detail: &'a str,
    from: f64,
    to: f64,
    is_sum: bool,
}

/// Draws how a pair's weight comes about: the prior, a bar per comparison, the total, and the threshold as a line.
///
/// # Examples
///
/// ```
/// use muster_resolve::{Bar, Waterfall, waterfall};
/// let bars = vec![Bar { label: "email".into(), detail: "same mailbox".into(), weight: 12.5 }];
/// let picture = Waterfall { title: "a and b".into(), notes: Vec::new(), prior: -8.0, bars, total: 4.5, threshold: 2.0 };
/// assert!(waterfall(&picture).starts_with("<svg xmlns="));
/// ```
pub fn waterfall(picture: &Waterfall) -> String {
    let steps = steps(picture);
    let ends = steps.iter().flat_map(|step| [step.from, step.to]).chain([0.0, picture.threshold]);
    let (low, high) = bounds(ends);
    let frame = Frame { left: 430.0, right: WIDTH - 70.0, top: 66.0, low, high };
    let bottom = frame.top + count(steps.len()) * ROW;
    let height = bottom + 50.0 + 18.0 * count(picture.notes.len());
    let mut svg = open(WIDTH, height, &picture.title);
    svg.push_str(&heading(&picture.title, 90));
    axis(&mut svg, &frame, bottom);
    for (row, step) in steps.iter().enumerate() {
        draw_step(&mut svg, &frame, frame.top + count(row) * ROW, step, row + 1 == steps.len());
    }
    let x = frame.x(finite(picture.threshold));
    svg.push_str(&format!(
        "<line x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{bottom:.1}\" stroke=\"{INK}\" stroke-width=\"1.5\" stroke-dasharray=\"6 4\"/>\n",
        frame.top - 6.0
    ));
    let label = format!("links from {:.2}", picture.threshold);
    svg.push_str(&text(x, frame.top - 11.0, 12.0, "middle", INK, &label));
    for (row, note) in picture.notes.iter().enumerate() {
        svg.push_str(&text(20.0, bottom + 50.0 + 18.0 * count(row), 13.0, "start", INK, &shown(note, 130)));
    }
    svg.push_str("</svg>\n");
    svg
}

fn steps(picture: &Waterfall) -> Vec<Step<'_>> {
    let mut at = finite(picture.prior);
    let mut steps =
        vec![Step { label: "prior", detail: "before anything is compared", from: 0.0, to: at, is_sum: true }];
    for bar in &picture.bars {
        let to = at + finite(bar.weight);
        steps.push(Step { label: &bar.label, detail: &bar.detail, from: at, to, is_sum: false });
        at = to;
    }
    steps.push(Step { label: "total", detail: "", from: 0.0, to: finite(picture.total), is_sum: true });
    steps
}

fn draw_step(svg: &mut String, frame: &Frame, y: f64, step: &Step<'_>, is_last: bool) {
    let (from, to) = (frame.x(step.from), frame.x(step.to));
    let weight = step.to - step.from;
    let color = match (step.is_sum, weight > 0.0) {
        (true, _) => INK,
        (false, true) => FOR,
        (false, false) => AGAINST,
    };
    let middle = y + ROW / 2.0 + 4.5;
    let weighty = if step.is_sum { "bold" } else { "normal" };
    let label = format!("<tspan font-weight=\"{weighty}\">{}</tspan>", shown(step.label, 22));
    svg.push_str(&text(20.0, middle, 13.0, "start", INK, &label));
    svg.push_str(&text(170.0, middle, 12.0, "start", NEUTRAL, &shown(step.detail, LABEL_CHARS_MAX)));
    let (start, length) = (from.min(to), (from - to).abs());
    if length < 0.5 {
        // A comparison that weighs nothing still shows where the sum stands.
        svg.push_str(&format!(
            "<line x1=\"{start:.1}\" y1=\"{:.1}\" x2=\"{start:.1}\" y2=\"{:.1}\" stroke=\"{NEUTRAL}\" stroke-width=\"2\"/>\n",
            y + 5.0,
            y + ROW - 5.0
        ));
    } else {
        svg.push_str(&format!(
            "<rect x=\"{start:.1}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"{:.1}\" rx=\"2\" fill=\"{color}\"/>\n",
            y + 5.0,
            ROW - 10.0
        ));
    }
    if !is_last {
        let next = y + ROW;
        svg.push_str(&format!(
            "<line x1=\"{to:.1}\" y1=\"{:.1}\" x2=\"{to:.1}\" y2=\"{:.1}\" stroke=\"{NEUTRAL}\" stroke-width=\"1\"/>\n",
            next - 5.0,
            next + 5.0
        ));
    }
    let value = if step.is_sum { format!("{:.2}", step.to) } else { format!("{weight:+.2}") };
    let value = if value == "+0.00" || value == "-0.00" { "0.00" } else { value.as_str() };
    svg.push_str(&haloed(&text(from.max(to) + 6.0, middle, 12.0, "start", INK, value)));
}

fn axis(svg: &mut String, frame: &Frame, bottom: f64) {
    for tick in ticks(frame.low, frame.high) {
        let x = frame.x(tick);
        let (color, width) = if tick == 0.0 { (NEUTRAL, 1.5) } else { (FAINT, 1.0) };
        svg.push_str(&format!(
            "<line x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{bottom:.1}\" stroke=\"{color}\" stroke-width=\"{width}\"/>\n",
            frame.top
        ));
        svg.push_str(&text(x, bottom + 16.0, 11.0, "middle", NEUTRAL, &number(tick)));
    }
    svg.push_str(&text(frame.left - 12.0, bottom + 16.0, 11.0, "end", NEUTRAL, "match weight (bits)"));
}

/// Draws a precision-recall curve; `marks` are named points on it, such as what was linked in the end.
pub fn precision_recall(title: &str, points: &[CurvePoint], marks: &[(String, f64, f64)]) -> String {
    const SIDE: f64 = 420.0;
    const LEFT: f64 = 70.0;
    const TOP: f64 = 60.0;
    let x = |recall: f64| LEFT + recall.clamp(0.0, 1.0) * SIDE;
    let y = |precision: f64| TOP + (1.0 - precision.clamp(0.0, 1.0)) * SIDE;
    let mut svg = open(LEFT + SIDE + 60.0, TOP + SIDE + 64.0, title);
    svg.push_str(&heading(title, 56));
    for step in 0..=5 {
        let share = f64::from(step) / 5.0;
        let (across, up) = (x(share), y(share));
        svg.push_str(&format!(
            "<path d=\"M{across:.1} {TOP}V{:.1}M{LEFT} {up:.1}H{:.1}\" stroke=\"{FAINT}\" fill=\"none\"/>\n",
            TOP + SIDE,
            LEFT + SIDE
        ));
        svg.push_str(&text(across, TOP + SIDE + 18.0, 11.0, "middle", NEUTRAL, &format!("{share:.1}")));
        svg.push_str(&text(LEFT - 8.0, up + 4.0, 11.0, "end", NEUTRAL, &format!("{share:.1}")));
    }
    svg.push_str(&text(LEFT + SIDE / 2.0, TOP + SIDE + 42.0, 13.0, "middle", INK, "recall"));
    svg.push_str(&format!("<g transform=\"translate(22 {:.1}) rotate(-90)\">", TOP + SIDE / 2.0));
    svg.push_str(&text(0.0, 0.0, 13.0, "middle", INK, "precision"));
    svg.push_str("</g>\n");
    let places: Vec<String> = points.iter().map(|it| format!("{:.1},{:.1}", x(it.recall), y(it.precision))).collect();
    svg.push_str(&format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{FOR}\" stroke-width=\"2.5\" stroke-linejoin=\"round\"/>\n",
        places.join(" ")
    ));
    for (name, precision, recall) in marks {
        let (across, up) = (x(*recall), y(*precision));
        svg.push_str(&format!("<circle cx=\"{across:.1}\" cy=\"{up:.1}\" r=\"5\" fill=\"{AGAINST}\"/>\n"));
        let label = format!("{}: precision {precision:.3}, recall {recall:.3}", shown(name, 24));
        // The label stands inside the square, whichever edge its point is at.
        let (anchor, aside) = if *recall > 0.5 { ("end", -10.0) } else { ("start", 10.0) };
        let below = if *precision > 0.1 { 20.0 } else { -12.0 };
        svg.push_str(&haloed(&text(across + aside, up + below, 12.0, anchor, INK, &label)));
    }
    svg.push_str("</svg>\n");
    svg
}

fn open(width: f64, height: f64, title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         role=\"img\" {FONT}>\n<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
        shown(title, 200)
    )
}

/// The title of a picture, of at most `letters`.
fn heading(title: &str, letters: usize) -> String {
    text(20.0, 30.0, 17.0, "start", INK, &format!("<tspan font-weight=\"bold\">{}</tspan>", shown(title, letters)))
}

/// A text element; `inner` is markup.
fn text(x: f64, y: f64, size: f64, anchor: &str, color: &str, inner: &str) -> String {
    format!(
        "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{color}\">{inner}</text>\n"
    )
}

/// A text that stays readable where a line runs behind it.
fn haloed(text: &str) -> String {
    text.replacen("<text ", "<text paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"4\" ", 1)
}

/// Escapes a text and cuts it to so many characters; what XML cannot hold becomes a space.
fn shown(text: &str, chars_max: usize) -> String {
    let mut out = String::new();
    for (at, letter) in text.chars().enumerate() {
        if at + 1 == chars_max && text.chars().nth(chars_max).is_some() {
            out.push('…');
            break;
        }
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push(' '),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

const fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

/// The least and the greatest of all values, with room around them.
fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) =
        values.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(finite(value)), high.max(finite(value))));
    let room = ((high - low) * 0.04).max(0.5);
    (low - room, high + room)
}

/// Round values within the bounds, at most twelve; 0 is among them.
fn ticks(low: f64, high: f64) -> Vec<f64> {
    let steps = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0];
    let step = steps.into_iter().find(|step| (high - low) / step <= 11.0).unwrap_or((high - low) / 8.0);
    let mut at = (low / step).ceil() * step;
    let mut ticks = Vec::new();
    while at <= high {
        // `-0` would be shown with its sign.
        ticks.push(at + 0.0);
        at += step;
    }
    ticks
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

#[expect(clippy::cast_precision_loss, reason = "a picture has few rows")]
const fn count(rows: usize) -> f64 {
    rows as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(label: &str, weights: &[f64]) -> Waterfall {
        let bar = |&weight: &f64| Bar { label: label.into(), detail: "level".into(), weight };
        let total = weights.iter().sum::<f64>() - 10.0;
        let bars = weights.iter().map(bar).collect();
        Waterfall { title: "a and b".into(), notes: vec!["linked".into()], prior: -10.0, bars, total, threshold: 2.0 }
    }

    /// The text with every tag taken out; fails where a tag is not closed or an ampersand stands bare.
    #[track_caller]
    fn checked(svg: &str) -> String {
        let mut plain = String::new();
        let mut open = Vec::new();
        for (at, piece) in svg.split('<').enumerate() {
            if at == 0 {
                assert_eq!(piece, "", "text before the first tag");
                continue;
            }
            let (tag, rest) = piece.split_once('>').expect("a tag is closed");
            assert!(!rest.contains('>'), "`>` in text: {rest}");
            match tag.strip_prefix('/') {
                Some(name) => assert_eq!(open.pop(), Some(name.to_owned()), "closed out of order"),
                None if tag.ends_with('/') => {}
                None => open.push(tag.split(' ').next().unwrap().to_owned()),
            }
            for entity in rest.split('&').skip(1) {
                assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|known| entity.starts_with(known)), "{entity}");
            }
            plain.push_str(rest);
        }
        assert_eq!(open, Vec::<String>::new(), "tags left open");
        plain
    }

    #[test]
    fn a_waterfall_shows_prior_bars_total_and_threshold() {
        let text = checked(&waterfall(&picture("email", &[12.5, -3.0, 0.0])));
        for part in ["prior", "email", "+12.50", "-3.00", "0.00", "total", "-0.50", "links from 2.00", "linked", "bits"]
        {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }

    #[test]
    fn any_text_is_escaped_and_cut() {
        let hostile = "</text><script>alert(\"1\")</script>&\u{0}\u{1b}\u{ffff}";
        let mut picture = picture(hostile, &[1.0]);
        picture.title = format!("{hostile}{}", "x".repeat(500));
        picture.bars[0].detail = "ä".repeat(100);
        let svg = waterfall(&picture);
        let text = checked(&svg);
        assert!(!svg.contains("<script") && !svg.contains('\u{0}') && svg.contains("&lt;script&gt;"), "{svg}");
        assert!(text.contains(&format!("{}…", "ä".repeat(43))) && !text.contains(&"ä".repeat(44)), "{text}");
        let curve = precision_recall(hostile, &[], &[(hostile.into(), 0.5, 0.5)]);
        assert!(!checked(&curve).contains("<script"));
    }

    #[test]
    fn weights_that_are_no_numbers_do_not_break_the_picture() {
        let svg = waterfall(&picture("x", &[f64::NEG_INFINITY, f64::NAN, 1e6]));
        checked(&svg);
        assert!(!svg.contains("NaN\"") && !svg.contains("inf\""), "{svg}");
        checked(&waterfall(&Waterfall { bars: Vec::new(), total: 0.0, prior: 0.0, ..picture("x", &[]) }));
    }

    #[test]
    fn a_curve_runs_through_its_points_within_the_square() {
        let point = |precision, recall| CurvePoint { weight: 0.0, precision, recall };
        let svg = precision_recall("people", &[point(1.0, 0.0), point(0.5, 1.0)], &[("linked".into(), 0.9, 0.8)]);
        assert!(svg.contains("points=\"70.0,60.0 490.0,270.0\""), "{svg}");
        let text = checked(&svg);
        assert!(text.contains("linked: precision 0.900, recall 0.800"), "{text}");
    }

    #[test]
    fn ticks_are_few_round_and_hold_zero() {
        assert_eq!(ticks(-10.4, 2.5), [-10.0, -8.0, -6.0, -4.0, -2.0, 0.0, 2.0]);
        for (low, high) in [(-0.5, 0.5), (-30.0, 60.0), (-1e5, 1e5)] {
            let ticks = ticks(low, high);
            assert!((1..=12).contains(&ticks.len()), "{ticks:?}");
        }
    }
}
