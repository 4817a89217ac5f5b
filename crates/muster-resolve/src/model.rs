//! The linkage model: prior, comparisons with the m and u probability of each level, thresholds, in one versioned
//! document.
//!
//! The document says how much a level weighs; when a pair is on a level is code (`compare`). Learning m and u is not
//! done here: a learnt model is another document of the same shape.
//!
//! Invariant: a parsed model has exactly the comparisons and levels that the code knows, each with probabilities
//! inside (0, 1].

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::levels::{COMPANY, ComparisonSpec, PERSON};

/// The document that ships with the binary.
const SHIPPED: &str = include_str!("model.json");

/// The version of the document's shape that this code reads.
const MODEL_VERSION: u32 = 2;

/// A linkage model, checked.
///
/// # Examples
///
/// ```
/// let model = muster_resolve::Model::shipped();
/// assert_eq!(model.version(), 2);
/// assert!(muster_resolve::Model::parse("{}").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    version: u32,
    name: String,
    person: LinkageModel,
    company: LinkageModel,
    group: LinkageModel,
}

/// The model for one kind of entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkageModel {
    /// How likely two mentions match before anything is compared.
    pub prior: Prior,
    /// From this total weight on a pair is linked.
    pub link_weight: f64,
    /// Two clusters are joined only where the mean weight of the pairs across them reaches this.
    pub mean_weight: f64,
    /// A pair at or below this total keeps the clusters of its mentions apart.
    pub conflict_weight: f64,
    /// A pair below this total is not listed among the scored pairs.
    pub listed_weight: f64,
    /// The comparisons.
    pub comparisons: Vec<Comparison>,
}

/// The prior, which follows the size of the data: the more people there are, the less likely two of them are one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// How many other mentions of its entity a mention has on average.
    pub matches_per_mention: f64,
    /// The population that even a small file is drawn from.
    pub population_min: f64,
}

/// One comparison with its levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Its name.
    pub name: String,
    /// Its levels; a pair is on one of them, or on none where a side lacks the value.
    pub levels: Vec<Level>,
}

/// One level of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// How likely a pair of one entity is on this level.
    pub m: f64,
    /// How likely a pair of two entities is.
    pub u: f64,
}

/// Why a document is no linkage model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelError {
    /// It is not the JSON that a model has.
    Json {
        /// What the parser says.
        message: String,
    },
    /// It is of a version that this program does not read.
    Version {
        /// The version found.
        found: u32,
    },
    /// It lacks a comparison or level, or has one that does not exist or stands in another place.
    Shape {
        /// Where.
        place: String,
    },
    /// A number is outside its bounds.
    Number {
        /// Where.
        place: String,
    },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json { message } => write!(f, "linkage model: {message}"),
            Self::Version { found } => write!(f, "linkage model: version {found} is not {MODEL_VERSION}"),
            Self::Shape { place } => {
                write!(f, "linkage model: comparisons or levels of `{place}` are not the known ones")
            }
            Self::Number { place } => write!(f, "linkage model: a number of `{place}` is outside its bounds"),
        }
    }
}

impl std::error::Error for ModelError {}

impl Model {
    /// Returns the model that ships with the program.
    ///
    /// # Panics
    ///
    /// Never: a test parses the shipped document.
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).expect("the shipped model is checked by a test")
    }

    /// Reads a model document.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where it is not a model of this version, complete and within bounds.
    pub fn parse(text: &str) -> Result<Self, ModelError> {
        let model: Self =
            serde_json::from_str(text).map_err(|error| ModelError::Json { message: error.to_string() })?;
        if model.version != MODEL_VERSION {
            return Err(ModelError::Version { found: model.version });
        }
        check_side("person", &model.person, PERSON)?;
        check_side("company", &model.company, COMPANY)?;
        check_side("group", &model.group, COMPANY)?;
        Ok(model)
    }

    /// Returns the document as JSON text.
    ///
    /// # Panics
    ///
    /// Never: a model is plain data.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a model is plain data")
    }

    /// Returns the model with another weight from which a pair of either kind is linked, in bits.
    #[must_use]
    pub const fn with_threshold(mut self, bits: f64) -> Self {
        self.person.link_weight = bits;
        self.company.link_weight = bits;
        self.group.link_weight = bits;
        self
    }

    /// Returns by how many bits more than even odds the rows of a foreign file must match, whose model is learnt from
    /// the file itself: what [`with_threshold`](Self::with_threshold) set, else 0.
    pub(crate) const fn foreign_threshold(&self) -> f64 {
        self.person.link_weight
    }

    /// Takes learnt probabilities for people over.
    pub(crate) fn set_person(&mut self, chances: &[Vec<(f64, f64)>]) {
        self.person.set(chances);
        "learnt".clone_into(&mut self.name);
    }

    /// Takes learnt probabilities for groups over.
    pub(crate) fn set_group(&mut self, chances: &[Vec<(f64, f64)>]) {
        self.group.set(chances);
        "learnt".clone_into(&mut self.name);
    }

    /// Returns the version of the document's shape.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Returns the document's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the part for people.
    pub const fn person(&self) -> &LinkageModel {
        &self.person
    }

    /// Returns the part for companies, as legal entities.
    pub const fn company(&self) -> &LinkageModel {
        &self.company
    }

    /// Returns the part for groups of companies.
    pub const fn group(&self) -> &LinkageModel {
        &self.group
    }
}

impl LinkageModel {
    fn set(&mut self, chances: &[Vec<(f64, f64)>]) {
        for (comparison, levels) in self.comparisons.iter_mut().zip(chances) {
            for (level, &(m, u)) in comparison.levels.iter_mut().zip(levels) {
                (level.m, level.u) = (m, u);
            }
        }
    }
}

fn check_side(side: &str, model: &LinkageModel, spec: &[ComparisonSpec]) -> Result<(), ModelError> {
    let number = |place: &str| ModelError::Number { place: format!("{side}.{place}") };
    let positive = |value: f64| value.is_finite() && value > 0.0;
    if !positive(model.prior.matches_per_mention) || !positive(model.prior.population_min) {
        return Err(number("prior"));
    }
    let weights = [model.link_weight, model.mean_weight, model.conflict_weight, model.listed_weight];
    if weights.iter().any(|weight| !weight.is_finite()) || model.conflict_weight >= model.link_weight {
        return Err(number("weights"));
    }
    let names: Vec<&str> = model.comparisons.iter().map(|comparison| comparison.name.as_str()).collect();
    if names != spec.iter().map(|comparison| comparison.name).collect::<Vec<_>>() {
        return Err(ModelError::Shape { place: side.to_owned() });
    }
    for (comparison, known) in model.comparisons.iter().zip(spec) {
        let levels: Vec<&str> = comparison.levels.iter().map(|level| level.name.as_str()).collect();
        if levels != known.levels.iter().map(|level| level.name).collect::<Vec<_>>() {
            return Err(ModelError::Shape { place: format!("{side}.{}", comparison.name) });
        }
        for level in &comparison.levels {
            if !level_is_sound(level) {
                return Err(number(&format!("{}.{}", comparison.name, level.name)));
            }
        }
    }
    Ok(())
}

fn level_is_sound(level: &Level) -> bool {
    let probability = |value: f64| value.is_finite() && value > 0.0 && value <= 1.0;
    probability(level.m) && probability(level.u)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_model_is_sound_and_round_trips() {
        let model = Model::shipped();
        assert_eq!(Model::parse(&model.to_json()), Ok(model));
    }

    #[test]
    fn a_faulty_model_is_refused_by_place() {
        let change = |from: &str, to: &str| {
            let text = SHIPPED.replacen(from, to, 1);
            assert_ne!(text, SHIPPED, "{from} is in the document");
            Model::parse(&text).unwrap_err()
        };
        assert_eq!(change("\"version\": 2", "\"version\": 9"), ModelError::Version { found: 9 });
        assert_eq!(
            change("\"shares_a_part\"", "\"typo\""),
            ModelError::Shape { place: "person.family_name".to_owned() }
        );
        assert_eq!(
            change("\"m\": 0.88", "\"m\": 1.5"),
            ModelError::Number { place: "person.family_name.exact".to_owned() }
        );
        assert!(matches!(change("\"link_weight\"", "\"extra\": 1, \"link_weight\""), ModelError::Json { .. }));
    }
}
