//! Given names and the short forms and spellings under which the same people appear.
//!
//! It is a plain table of equivalents. It says nothing about who bears a name, and no language, origin or gender is
//! derived from it.
//!
//! Invariant: a name may stand in several rows (`alex`); two names are variants where they share a row.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::normalize::spell;

/// One row per name: its spellings and short forms, in English, German and their neighbors.
///
/// Two full names that live side by side (`Jan` and `Hans`, `Marco` and `Markus`) never share a row, although one was
/// once made of the other: colleagues bear them.
const ROWS: &[&str] = &[
    "robert rob bob bobby robbie",
    "william will bill billy willy liam",
    "wilhelm willi willy",
    "richard rick rich ricky dick",
    "michael mike mick micky michi mikael",
    "james jim jimmy",
    "john johnny jack",
    "jonathan jonathon jon jonny",
    "thomas tom tommy tomas",
    "anthony tony antony",
    "andrew andy drew",
    "andreas andi andy",
    "alexander alex sascha sasha xander",
    "alexandra alex sandra",
    "edward ed eddie ted ned",
    "eduard edi",
    "theodore ted theo",
    "theodor theo",
    "charles charlie chuck",
    "carl karl",
    "christopher chris kit kristofer christoffer",
    "christoph chris kristof",
    "christian chris kristian",
    "christina chris tina kristina",
    "christine chris tina",
    "daniel dan danny dani",
    "david dave davy",
    "matthew matt",
    "matthias mathias matti matze",
    "nicholas nick nicolas",
    "nikolaus niko klaus",
    "patrick pat paddy",
    "peter pete",
    "samuel sam sammy",
    "stephen steven steve",
    "stefan stephan steffen",
    "benjamin ben benny",
    "gregory greg",
    "jeffrey jeff geoffrey geoff",
    "joseph joe joey",
    "josef sepp jupp joseph",
    "joshua josh",
    "kenneth ken kenny",
    "lawrence larry laurence",
    "leonard leo len",
    "leonhard leo",
    "maximilian max maxi",
    "philip phil philipp phillip philippe",
    "raymond ray",
    "ronald ron ronnie",
    "timothy tim",
    "vincent vince",
    "walter walt",
    "zachary zach zack",
    "frederick fred freddy",
    "friedrich fritz fred",
    "manfred manni fredi",
    "alfred fred",
    "gerald gerry jerry",
    "gerhard gerd",
    "bernhard bernd bernie",
    "bernard bernie",
    "eberhard ebbi",
    "heinrich heinz",
    "henry harry",
    "henrik hendrik",
    "johannes hans hannes",
    "johann hans hannes",
    "joachim jochen achim",
    "georg schorsch",
    "juergen jorgen",
    "guenter guenther gunther gunter",
    "ludwig lutz",
    "rudolf rudi rudolph",
    "siegfried sigi siggi",
    "ulrich uli ulli",
    "ulrike uli ulli",
    "ursula uschi ulla",
    "wolfgang wolf wolfi",
    "rainer reiner",
    "ralf ralph",
    "kai kay",
    "marc mark",
    "markus marcus",
    "dominik dominic",
    "tobias tobi",
    "florian flo",
    "sebastian basti seb",
    "valentin vali",
    "gabriele gabi gaby",
    "gabriela gabi gaby",
    "elisabeth elizabeth liz lisa betty beth lizzy sissi",
    "katharina kathi katja catharina",
    "kathrin katrin cathrin",
    "catherine katherine kathy cathy kate katie kathryn",
    "margaret maggie meg peggy",
    "margarete grete greta margarethe",
    "barbara barb babsi",
    "susanne susi",
    "susan sue suzanne susie",
    "deborah debbie deb debra",
    "jennifer jenny jen",
    "jessica jess",
    "kimberly kim",
    "patricia pat patty trish tricia",
    "rebecca becky becca rebekka",
    "victoria vicky viktoria tori",
    "virginia ginny",
    "angelika geli angelica",
    "brigitte gitte gitta",
    "christiane christel",
    "franziska franzi",
    "friederike rike",
    "helene leni",
    "johanna hanna hannah",
    "magdalena lena magda leni",
    "martina tina",
    "monika moni monica",
    "renate reni",
    "sabine bine",
    "stefanie stephanie steffi",
    "theresa theres resi therese tess",
    "veronika vroni veronica",
    "francisco paco",
    "jose pepe",
    "ignacio nacho",
    "enrique kike quique",
    "guillermo memo",
    "giuseppe beppe peppe pino",
    "giovanni gianni",
    "luigi gigi",
    "antonio toni",
    "anton toni",
    "francois franck",
    "aleksander olek",
    "malgorzata gosia",
    "katarzyna kasia",
    "agnieszka aga",
    "krzysztof krzys",
    "pieter piet",
    "cornelis kees",
    "willem wim",
    "vijay vj",
];

/// Which rows a name stands in, and the names that lead them.
struct Table {
    rows_of: HashMap<String, Vec<u16>>,
    heads: Vec<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { rows_of: HashMap::new(), heads: Vec::new() };
    for (index, row) in ROWS.iter().enumerate() {
        let index = u16::try_from(index).expect("the table is small");
        let names: Vec<String> = row.split(' ').map(spell).collect();
        table.heads.push(names.first().cloned().unwrap_or_default());
        for name in names {
            table.rows_of.entry(name).or_default().push(index);
        }
    }
    table
});

/// Returns whether two spelled given names are forms of one name.
pub(crate) fn are_variants(left: &str, right: &str) -> bool {
    let rows = |name: &str| TABLE.rows_of.get(name);
    matches!((rows(left), rows(right)), (Some(a), Some(b)) if a.iter().any(|row| b.contains(row)))
}

/// Returns the names under which a spelled given name is looked for: the heads of its rows, or itself.
pub(crate) fn heads(name: &str) -> Vec<&str> {
    match TABLE.rows_of.get(name) {
        Some(rows) => rows.iter().filter_map(|&row| TABLE.heads.get(usize::from(row)).map(String::as_str)).collect(),
        None => vec![name],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_meet_in_a_row_and_others_do_not() {
        for (left, right) in [("bob", "robert"), ("hans", "johannes"), ("stefan", "stephan")] {
            assert!(are_variants(&spell(left), &spell(right)), "{left} {right}");
        }
        assert!(are_variants(&spell("Jürgen"), &spell("Joergen")));
        assert!(!are_variants("anna", "robert"));
        assert!(!are_variants(&spell("Christian"), &spell("Christine")));
        assert!(!are_variants("jan", "hans") && !are_variants("marco", &spell("Markus")));
        assert_eq!(heads("bob"), ["robert"]);
        assert_eq!(heads("zed"), ["zed"]);
    }
}
