//! A file of lines with columns: separators `,` `;` or tab, quotes as in RFC 4180.
//!
//! Knows nothing of: what the columns mean.

/// The columns and the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Their names, in lower case.
    pub columns: Vec<String>,
    /// Each with the number of its first line, counted from 1.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Reads a table; blank lines are passed over.
pub fn read(text: &str) -> Table {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let separator = separator(text.lines().next().unwrap_or_default());
    let mut rows = rows(text, separator).into_iter();
    let columns = rows.next().map(|(_, cells)| cells.iter().map(|cell| cell.trim().to_lowercase()).collect()).unwrap_or_default();
    Table { columns, rows: rows.collect() }
}

/// The one that the first line has most of.
fn separator(header: &str) -> char {
    [',', ';', '\t'].into_iter().max_by_key(|separator| (header.matches(*separator).count(), *separator == ',')).unwrap_or(',')
}

fn rows(text: &str, separator: char) -> Vec<(usize, Vec<String>)> {
    let mut reader = Reader { line: 1, begun: 1, quoted: false, cell: String::new(), cells: Vec::new(), rows: Vec::new() };
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if reader.quoted && characters.peek() == Some(&'"') => {
                characters.next();
                reader.cell.push('"');
            }
            '"' if reader.quoted => reader.quoted = false,
            '"' if reader.cell.trim().is_empty() => {
                reader.cell.clear();
                reader.quoted = true;
            }
            '\n' if !reader.quoted => reader.end_row(),
            '\r' if !reader.quoted => {}
            _ if character == separator && !reader.quoted => reader.end_cell(),
            _ => reader.push(character),
        }
    }
    reader.end_row();
    reader.rows
}

struct Reader {
    line: usize,
    begun: usize,
    quoted: bool,
    cell: String,
    cells: Vec<String>,
    rows: Vec<(usize, Vec<String>)>,
}

impl Reader {
    fn push(&mut self, character: char) {
        self.line += usize::from(character == '\n');
        self.cell.push(character);
    }

    fn end_cell(&mut self) {
        self.cells.push(std::mem::take(&mut self.cell));
    }

    fn end_row(&mut self) {
        self.end_cell();
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            self.rows.push((self.begun, cells));
        }
        self.line += 1;
        self.begun = self.line;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(row: &[&str]) -> Vec<String> {
        row.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn lines_keep_their_numbers_across_quotes_and_blanks() {
        let table = read("\u{feff}To,Text\r\n0712345678,\"Hi, \"\"you\"\"\nthere\"\r\n\r\n0722345678,plain\n");
        assert_eq!(table.columns, ["to", "text"]);
        assert_eq!(table.rows, [(2, cells(&["0712345678", "Hi, \"you\"\nthere"])), (5, cells(&["0722345678", "plain"]))]);
    }

    #[test]
    fn the_separator_is_what_the_first_line_uses() {
        assert_eq!(read("to;text\n1;a, b").rows, [(2, cells(&["1", "a, b"]))]);
        assert_eq!(read("to\ttext\n1\ta").rows, [(2, cells(&["1", "a"]))]);
        assert_eq!(read("to\n1\n2"), Table { columns: cells(&["to"]), rows: vec![(2, cells(&["1"])), (3, cells(&["2"]))] });
        assert_eq!(read(""), Table::default());
    }
}
