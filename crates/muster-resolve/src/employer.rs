//! Employers: which company a person's mention names, by domain or by name, in the light of the company clusters.
//!
//! A domain and a name stand for one company where a company cluster holds both, or where everybody who names the
//! one names the other. What several clusters claim binds nobody.
//!
//! Invariant: ids follow the sorted tokens, so they do not depend on the order of the input.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::normalize::{Company, Person, domain_label};

/// Shortest name that stands for a company on its own.
const NAME_LETTERS_MIN: usize = 3;

/// The employers of one mention, as ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct EmployerIds {
    /// By web or mail domain.
    pub(crate) domains: Vec<u32>,
    /// By name, and by the name in the domain.
    pub(crate) names: Vec<u32>,
}

impl EmployerIds {
    /// Returns every id once, sorted.
    pub(crate) fn all(&self) -> Vec<u32> {
        let mut ids: Vec<u32> = self.domains.iter().chain(&self.names).copied().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Returns whether no employer is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.domains.is_empty() && self.names.is_empty()
    }
}

fn domain_token(domain: &str) -> String {
    format!("d:{domain}")
}

fn name_token(name: &str) -> Option<String> {
    let dense: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    (dense.chars().count() >= NAME_LETTERS_MIN).then(|| format!("n:{dense}"))
}

/// The name in a domain, spelled as names are.
fn label_token(domain: &str) -> Option<String> {
    name_token(&crate::normalize::core_of(&domain_label(domain).replace('-', " ")))
}

fn name_tokens(core: Option<&str>, domains: &[String]) -> Vec<String> {
    let labels = domains.iter().filter_map(|domain| label_token(domain));
    core.and_then(name_token).into_iter().chain(labels).collect()
}

/// Returns the employers of every person, given the company clusters.
pub(crate) fn employers(persons: &[Person], companies: &[Company], clusters: &[Vec<u32>]) -> Vec<EmployerIds> {
    let mut tokens: BTreeSet<String> = BTreeSet::new();
    let cluster_tokens: Vec<BTreeSet<String>> = clusters.iter().map(|cluster| tokens_of(companies, cluster)).collect();
    tokens.extend(cluster_tokens.iter().flatten().cloned());
    for person in persons {
        tokens.extend(person.domains.iter().map(|domain| domain_token(domain)));
        tokens.extend(name_tokens(person.company_core.as_deref(), &person.domains));
    }
    let ids: HashMap<&str, u32> = tokens.iter().map(String::as_str).zip(0..).collect();
    let mut union = Union::new(ids.len());
    let id = |token: &str| ids.get(token).copied();

    let mut claims: HashMap<u32, u32> = HashMap::new();
    for token in cluster_tokens.iter().flatten().filter_map(|token| id(token)) {
        *claims.entry(token).or_default() += 1;
    }
    for tokens in &cluster_tokens {
        let own: Vec<u32> = tokens.iter().filter_map(|t| id(t)).filter(|t| claims.get(t) == Some(&1)).collect();
        for pair in own.windows(2) {
            union.join(pair[0], pair[1]);
        }
    }
    for (name, domain) in exclusive_pairs(persons) {
        if let (Some(name), Some(domain)) = (id(&name), id(&domain)) {
            union.join(name, domain);
        }
    }
    let mut resolve = |tokens: Vec<String>| -> Vec<u32> {
        let mut found: Vec<u32> = tokens.iter().filter_map(|token| id(token)).map(|id| union.root(id)).collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    persons
        .iter()
        .map(|person| EmployerIds {
            domains: resolve(person.domains.iter().map(|domain| domain_token(domain)).collect()),
            names: resolve(name_tokens(person.company_core.as_deref(), &person.domains)),
        })
        .collect()
}

fn tokens_of(companies: &[Company], cluster: &[u32]) -> BTreeSet<String> {
    let members = cluster.iter().filter_map(|&index| companies.get(index as usize));
    members
        .flat_map(|company| {
            let domains = company.domains.iter().map(|domain| domain_token(domain));
            domains.chain(name_token(&company.core)).collect::<Vec<_>>()
        })
        .collect()
}

/// Names and domains that only ever occur with one another.
fn exclusive_pairs(persons: &[Person]) -> Vec<(String, String)> {
    let mut domains_of: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut names_of: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for person in persons {
        let Some(name) = person.company_core.as_deref().and_then(name_token) else { continue };
        for domain in &person.domains {
            domains_of.entry(name.clone()).or_default().insert(domain);
            names_of.entry(domain).or_default().insert(name.clone());
        }
    }
    let mut pairs = Vec::new();
    for (name, domains) in domains_of {
        if let (1, Some(domain)) = (domains.len(), domains.first())
            && names_of.get(domain).is_some_and(|names| names.len() == 1)
        {
            pairs.push((name, domain_token(domain)));
        }
    }
    pairs
}

/// Disjoint sets; the root is the smallest member.
#[derive(Debug)]
pub(crate) struct Union {
    parent: Vec<u32>,
}

impl Union {
    /// Makes `count` sets of one.
    pub(crate) fn new(count: usize) -> Self {
        Self { parent: (0..u32::try_from(count).expect("fewer than 2^32 items")).collect() }
    }

    /// Returns the smallest member of the set that holds `item`.
    pub(crate) fn root(&mut self, item: u32) -> u32 {
        let mut root = item;
        while self.parent[root as usize] != root {
            let above = self.parent[self.parent[root as usize] as usize];
            self.parent[root as usize] = above;
            root = above;
        }
        root
    }

    /// Joins two sets.
    pub(crate) fn join(&mut self, left: u32, right: u32) {
        let (left, right) = (self.root(left), self.root(right));
        self.parent[left.max(right) as usize] = left.min(right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(core: Option<&str>, domain: Option<&str>) -> Person {
        Person {
            company_core: core.map(str::to_owned),
            domains: domain.map(str::to_owned).into_iter().collect(),
            ..Person::default()
        }
    }

    fn share(persons: &[Person], companies: &[Company], clusters: &[Vec<u32>]) -> bool {
        let ids = employers(persons, companies, clusters);
        ids[0].all().iter().any(|id| ids[1].all().contains(id))
    }

    #[test]
    fn a_company_cluster_ties_name_and_domain() {
        let persons = [person(Some("nordwind logistik"), None), person(None, Some("nwl.example"))];
        let company =
            Company { core: "nordwind logistik".into(), domains: vec!["nwl.example".into()], ..Company::default() };
        assert!(!share(&persons, &[], &[]));
        assert!(share(&persons, std::slice::from_ref(&company), &[vec![0]]));
        let rival = Company { core: "nordwind logistik".into(), ..Company::default() };
        assert!(!share(&persons, &[company, rival], &[vec![0], vec![1]]), "two companies claim the name");
    }

    #[test]
    fn a_colleague_who_names_both_ties_them_unless_another_contradicts() {
        let mut persons = vec![
            person(Some("nordwind"), None),
            person(None, Some("nwl.example")),
            person(Some("nordwind"), Some("nwl.example")),
        ];
        assert!(share(&persons, &[], &[]));
        persons.push(person(Some("nordwind"), Some("other.example")));
        assert!(!share(&persons, &[], &[]));
    }

    #[test]
    fn the_name_in_the_domain_is_a_name() {
        assert!(share(
            &[person(Some("nordwind logistik"), None), person(None, Some("nordwind-logistik.example"))],
            &[],
            &[]
        ));
    }
}
