use sqlparser::ast::Expr;

use super::Typer;
use super::comparison::negated_if;
use crate::ParameterKind;
use crate::node::{Class, Comparison, Node, Shape};

impl Typer<'_> {
    pub(super) fn in_list(&mut self, needle: &Expr, list: &[Expr], negated: bool) -> Node {
        let needle = self.node(needle);
        let members: Vec<Node> = list.iter().map(|member| self.node(member)).collect();
        let span = needle.span.start..self.list_end(&needle, &members);
        if needle.class == Class::Truth {
            return self.broken(
                span,
                "a truth is not looked up in a list",
                "name it alone, or write NOT before it",
            );
        }
        if matches!(needle.class, Class::List(_)) {
            return self.lonely_list(&needle);
        }
        let needle = self.needle_of(needle, &members);
        let mut checked = Vec::with_capacity(members.len());
        let mut whole = !needle.is_broken();
        for member in members {
            match self.member(&needle, member) {
                Some(member) => checked.push(member),
                None => whole = false,
            }
        }
        if !whole {
            return Node::broken(span);
        }
        negated_if(negated, Node::truth(span, Shape::In { needle: Box::new(needle), members: checked }))
    }

    /// A text between quotes before `IN` is read as the kind of what is in the list.
    fn needle_of(&mut self, needle: Node, members: &[Node]) -> Node {
        let class = members.iter().map(|member| member.class).find(|class| *class != Class::Text);
        match class {
            Some(Class::List(ParameterKind::Countries)) => self.read_as(needle, Class::Country),
            Some(class) => self.read_as(needle, class),
            None => needle,
        }
    }

    fn member(&mut self, needle: &Node, member: Node) -> Option<Node> {
        if needle.is_broken() || member.is_broken() {
            return None;
        }
        if let Class::List(kind) = member.class {
            return self.list_member(needle, member, kind);
        }
        if matches!(member.shape, Shape::Scalar(..)) && self.source.is_bare(member.span.start) {
            let shown = self.source.slice(&member.span).to_owned();
            let message = format!("`{shown}` is {}, not a list", member.class.described());
            self.broken(member.span, message, format!("write `= {shown}`, or a list in parentheses"));
            return None;
        }
        let span = member.span.clone();
        let (read, member) = self.matched(Comparison::Equal, needle.clone(), member)?;
        if read.class == needle.class || read.class.is_textual() {
            return Some(member);
        }
        let message = format!("{} stands in a list with another kind", member.class.described());
        self.broken(span, message, "write two lists, joined by OR");
        None
    }

    fn list_member(&mut self, needle: &Node, member: Node, kind: ParameterKind) -> Option<Node> {
        let fits = match kind {
            ParameterKind::Countries => matches!(needle.class, Class::Country | Class::Text),
            _ => needle.class.is_textual(),
        };
        if fits {
            return Some(member);
        }
        let shown = self.source.slice(&member.span).to_owned();
        let message = format!("`{shown}` is {}; {} is not in it", kind.described(), needle.class.described());
        let help = match needle.class {
            Class::Country => "give the parameter the unit `countries`",
            _ => "name a column of the same kind",
        };
        self.broken(member.span, message, help);
        None
    }

    /// A list or zone outside of an `IN`.
    pub(super) fn lonely_list(&mut self, list: &Node) -> Node {
        let shown = self.source.slice(&list.span).to_owned();
        let message = format!("`{shown}` is {}", list.class.described());
        self.broken(list.span.clone(), message, format!("write `IN {shown}`"))
    }

    /// The end of the list: its closing parenthesis, where the text has one.
    fn list_end(&self, needle: &Node, members: &[Node]) -> usize {
        let Some(last) = members.last() else { return self.source.closed_after(needle.span.end) };
        if self.source.is_bare(last.span.start) {
            return last.span.end;
        }
        self.source.closed_after(last.span.end)
    }
}
