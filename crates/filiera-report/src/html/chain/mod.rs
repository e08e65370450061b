//! The chain of owners above a company as one picture.

mod boxes;
mod graph;
mod layers;
mod lines;
mod order;

#[cfg(test)]
mod tests;

use askama::Template;
use filiera_finding::{CompanyOwned, StakeShown};

use self::boxes::{LINE_HEIGHT, PADDING, Said};
use self::graph::{Edge, Graph};
use self::layers::Layers;
use self::lines::{Area, Bent, LABEL_HEIGHT, Point, area, placed, width};
use self::order::{BOX, MARGIN, Places};
use crate::ReportError;
use crate::clean::clean;
use crate::owning;
use crate::words::plural;

/// Between two rows: room for labels.
const BETWEEN: i64 = 96;

/// Room beside a party that has a part of itself.
const OWN: i64 = 96;

/// The owners above a company, as an inline SVG in a `figure`: shares on the lines, owners above what
/// they own, cycles dashed, controllers framed. Nothing where nobody is known to hold anything.
///
/// It needs the style sheet of the reports beside it. At most 32 parties are drawn; the caption says how
/// many are left out.
///
/// # Errors
/// [`ReportError::Page`] when the picture cannot be put together.
pub fn chain(company: &CompanyOwned) -> Result<Option<String>, ReportError> {
    let graph = Graph::of(company);
    if graph.edges.is_empty() {
        return Ok(None);
    }
    Ok(Some(picture(company, &graph).render()?))
}

#[derive(Template)]
#[template(path = "chain.html")]
struct Picture {
    title: String,
    description: String,
    width: i64,
    height: i64,
    boxes: Vec<BoxDrawn>,
    lines: Vec<LineDrawn>,
    legend: Vec<&'static str>,
    left: String,
}

struct BoxDrawn {
    x: i64,
    y: i64,
    height: i64,
    frame: &'static str,
    is_double: bool,
    round: i64,
    title: String,
    texts: Vec<Text>,
}

struct Text {
    x: i64,
    y: i64,
    class: &'static str,
    text: String,
}

struct LineDrawn {
    class: &'static str,
    path: String,
    head: String,
    title: String,
    labels: Vec<Text>,
}

/// Where everything stands.
struct Drawing<'a> {
    graph: &'a Graph<'a>,
    layers: Layers,
    places: Places,
    said: Vec<Said>,
    /// Of every row its upper and lower edge.
    rows: Vec<(i64, i64)>,
    height: i64,
}

fn picture(company: &CompanyOwned, graph: &Graph<'_>) -> Picture {
    let drawing = Drawing::of(company, graph);
    let lines = drawing.lines();
    let left = plural(graph.left as u64, "smaller party");
    Picture {
        title: clean(&format!("Owners above {}", company.company.called())),
        description: clean(&format!("{}: {}", company.company.called(), owning::end(&company.end))),
        width: drawing.width(),
        height: drawing.height,
        boxes: drawing.boxes(),
        legend: legend(&drawing, &lines),
        lines,
        left: if graph.left > 0 {
            format!("{left} not drawn; the table lists the greatest holders.")
        } else {
            String::new()
        },
    }
}

/// The edges of every row, the highest row first in the picture, and the height of it all.
fn rows(places: &Places, said: &[Said]) -> (Vec<(i64, i64)>, i64) {
    let last = places.row.iter().copied().max().unwrap_or(0);
    let mut rows = vec![(0, 0); last + 1];
    let mut y = MARGIN;
    for (row, slot) in rows.iter_mut().enumerate().rev() {
        let own = places.row.iter().zip(said).filter(|(of, _)| **of == row);
        let height = own.map(|(_, said)| said.height()).max().unwrap_or(0);
        *slot = (y, y + height);
        y += height + if row == 0 { MARGIN } else { BETWEEN };
    }
    (rows, y)
}

impl<'a> Drawing<'a> {
    fn of(company: &CompanyOwned, graph: &'a Graph<'a>) -> Self {
        let layers = Layers::of(graph);
        let places = Places::of(graph, &layers);
        let said: Vec<Said> = graph.nodes.iter().map(|party| Said::of(company, party)).collect();
        let (rows, height) = rows(&places, &said);
        Self { graph, layers, places, said, rows, height }
    }

    /// The width of it all, with room beside parties that have a part of themselves.
    fn width(&self) -> i64 {
        let own = self.graph.edges.iter().filter(|edge| edge.owner == edge.company);
        let right = own.map(|edge| self.x(edge.owner) + BOX / 2 + OWN).max().unwrap_or(0);
        self.places.width.max(right + MARGIN)
    }

    fn row(&self, one: usize) -> (i64, i64) {
        let row = self.places.row.get(one).copied().unwrap_or(0);
        self.rows.get(row).copied().unwrap_or_default()
    }

    fn x(&self, one: usize) -> i64 {
        self.places.x.get(one).copied().unwrap_or(0)
    }

    fn height(&self, one: usize) -> i64 {
        self.said.get(one).map_or(0, Said::height)
    }

    /// The upper edge of a box: boxes stand on the lower edge of their row.
    fn top(&self, one: usize) -> i64 {
        self.row(one).1 - self.height(one)
    }

    fn is_back(&self, edge: usize) -> bool {
        self.layers.is_back.get(edge) == Some(&true)
    }

    /// The upper and the lower party of a line.
    fn ends(&self, place: usize, edge: &Edge<'_>) -> (usize, usize) {
        if self.is_back(place) { (edge.company, edge.owner) } else { (edge.owner, edge.company) }
    }

    fn boxes(&self) -> Vec<BoxDrawn> {
        let drawn = self.said.iter().enumerate().map(|(one, said)| {
            let (x, y) = (self.x(one) - BOX / 2, self.top(one));
            let texts = said.lines.iter().zip(0i64..).map(|((class, text), line)| Text {
                x: self.x(one),
                y: y + PADDING + 12 + line * LINE_HEIGHT,
                class,
                text: text.clone(),
            });
            BoxDrawn {
                x,
                y,
                height: said.height(),
                frame: said.frame,
                is_double: said.is_double,
                round: if said.is_person { 16 } else { 3 },
                title: said.title.clone(),
                texts: texts.collect(),
            }
        });
        drawn.collect()
    }

    fn lines(&self) -> Vec<LineDrawn> {
        let mut taken: Vec<Area> = (0..self.said.len()).map(|one| self.area(one)).collect();
        let all = self.graph.edges.iter().enumerate();
        let (own, others): (Vec<_>, Vec<_>) = all.partition(|(_, edge)| edge.owner == edge.company);
        let own: Vec<LineDrawn> = own.into_iter().map(|(_, edge)| self.own(edge, &mut taken)).collect();
        let others = others.into_iter().map(|(place, edge)| self.line(place, edge, &mut taken));
        others.chain(own).collect()
    }

    fn area(&self, one: usize) -> Area {
        let (x, y) = (self.x(one), self.top(one));
        (x - BOX / 2 - 2, y - 2, x + BOX / 2 + 2, y + self.height(one) + 2)
    }

    fn line(&self, place: usize, edge: &Edge<'_>, taken: &mut Vec<Area>) -> LineDrawn {
        let is_back = self.is_back(place);
        let (upper, lower) = self.ends(place, edge);
        let lanes = self.places.lanes.get(place).map(Vec::as_slice).unwrap_or_default();
        let mut from = (self.port(place, upper, false), self.row(upper).1);
        let mut bends = Vec::new();
        for lane in lanes {
            let (top, bottom) = self.row(*lane);
            bends.push((from, (self.x(*lane), top)));
            from = (self.x(*lane), bottom);
        }
        let end = (self.port(place, lower, true), self.top(lower));
        bends.push((from, end));
        let head = if is_back {
            head((self.port(place, upper, false), self.row(upper).1), 9)
        } else {
            head(end, -9)
        };
        let bent = Bent { bends };
        let words = words(edge);
        let at = placed(&bent, is_back, &words, taken);
        LineDrawn {
            class: if is_back { "cycle" } else { class(edge) },
            path: bent.path(),
            head,
            title: self.told(edge, &words),
            labels: labels(at, &words),
        }
    }

    /// A part that a company has in itself: a line out of its right side and back.
    fn own(&self, edge: &Edge<'_>, taken: &mut Vec<Area>) -> LineDrawn {
        let (x, y) = (self.x(edge.owner) + BOX / 2, self.top(edge.owner) + self.height(edge.owner) / 2);
        let words = words(edge);
        let at = (x + 34 + width(&words) / 2, y);
        taken.push(area(at, &words));
        LineDrawn {
            class: "cycle",
            path: format!("M{x} {} C{} {} {} {} {x} {}", y - 12, x + 40, y - 22, x + 40, y + 22, y + 12),
            head: format!("M{x} {} l9 -5 l0 10 Z", y + 12),
            title: self.told(edge, &words),
            labels: labels(at, &words),
        }
    }

    fn told(&self, edge: &Edge<'_>, words: &[String]) -> String {
        let name = |one: usize| self.graph.nodes.get(one).map_or("", |party| party.called());
        clean(&format!("{} in {}: {}", name(edge.owner), name(edge.company), words.join(", ")))
    }

    /// Where on the edge of a box a line begins or ends: lines in the order of where they come from.
    fn port(&self, place: usize, one: usize, at_top: bool) -> i64 {
        let mut all: Vec<(i64, bool, usize)> = Vec::new();
        for (other, edge) in
            self.graph.edges.iter().enumerate().filter(|(_, edge)| edge.owner != edge.company)
        {
            let (upper, lower) = self.ends(other, edge);
            let lanes = self.places.lanes.get(other).map(Vec::as_slice).unwrap_or_default();
            let next = if at_top { lanes.last().or(Some(&upper)) } else { lanes.first().or(Some(&lower)) };
            if one == if at_top { lower } else { upper } {
                all.push((next.map_or(0, |next| self.x(*next)), self.is_back(other), other));
            }
        }
        all.sort_unstable();
        let n = i64::try_from(all.len()).unwrap_or(1);
        let nth = all.iter().position(|(.., other)| *other == place).unwrap_or(0);
        let step = ((BOX - 40) / (n - 1).max(1)).min(44);
        self.x(one) + (2 * i64::try_from(nth).unwrap_or(0) - (n - 1)) * step / 2
    }
}

/// A triangle with its point here; `back` is where its base lies.
fn head((x, y): Point, back: i64) -> String {
    format!("M{x} {y} l-5 {back} l10 0 Z")
}

fn labels((x, y): Point, words: &[String]) -> Vec<Text> {
    let height = i64::try_from(words.len()).unwrap_or(1) * LABEL_HEIGHT;
    let lines = words.iter().zip(0i64..);
    lines
        .map(|(text, line)| Text {
            x,
            y: y - height / 2 + 11 + line * LABEL_HEIGHT,
            class: "share",
            text: clean(text),
        })
        .collect()
}

/// What stands on a line, each thing on a line of its own.
fn words(edge: &Edge<'_>) -> Vec<String> {
    let told = |stake: &&StakeShown| {
        let votes = stake.votes.as_ref().map(|votes| format!("{} of votes", owning::interval(votes)));
        let own = match stake.kind {
            "votes" => format!("{} of votes", owning::interval(&stake.share)),
            kind => owning::say(kind, &stake.share),
        };
        [Some(own), votes]
    };
    edge.stakes.iter().flat_map(told).flatten().collect()
}

/// `shares`, `loose` where it may be held through others, `say` where it is no part of the capital.
fn class(edge: &Edge<'_>) -> &'static str {
    let is_capital = edge.stakes.iter().any(|stake| stake.kind == "shares");
    match (is_capital, edge.stakes.iter().all(|stake| stake.is_indirect)) {
        (_, true) => "loose",
        (true, false) => "shares",
        (false, false) => "say",
    }
}

/// What the signs mean that are in the picture.
fn legend(drawing: &Drawing<'_>, lines: &[LineDrawn]) -> Vec<&'static str> {
    let any = |test: &dyn Fn(&Said) -> bool| drawing.said.iter().any(test);
    let is = |class: &'static str| lines.iter().any(|line| line.class == class);
    let all = [
        (any(&|said| said.is_double), "double frame: controls in the end"),
        (any(&|said| said.frame == "sure" && !said.is_double), "thick frame: controls"),
        (any(&|said| said.frame == "open"), "dashed frame: may control"),
        (any(&|said| said.is_person), "round corners: a person or a state"),
        (is("cycle"), "dashed line: closes a cycle"),
        (is("loose"), "dotted line: held directly or through others"),
        (is("say"), "thin line: a say without capital"),
    ];
    all.into_iter().filter(|(is_there, _)| *is_there).map(|(_, said)| said).collect()
}
