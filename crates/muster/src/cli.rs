//! The command line: every verb with its arguments and help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Bring business contacts together into one MASTER that may lawfully be used, and keep it lawful.
#[derive(Debug, Parser)]
#[command(
    name = "muster",
    version,
    about,
    after_help = "Exit codes: 0 done; 1 a person is needed; 2 usage or configuration error, nothing was done; \
                  3 locked or input/output failure, safe to run again; 4 a legal deadline is missed or near; \
                  5 integrity broken.\n\nStart with `muster init my-project`, or look at `muster run pipelines/demo.toml`."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// Arguments of every verb.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Work at this instant instead of the clock's, such as 2026-03-02T09:00:00Z
    #[arg(long, global = true, value_name = "INSTANT")]
    pub(crate) now: Option<String>,
    /// Pipeline file; default: `$MUSTER_PIPELINE`, or the only file in pipelines/
    #[arg(long, short, global = true, value_name = "FILE")]
    pub(crate) pipeline: Option<PathBuf>,
    /// Say only warnings and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

/// How data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned text for people
    Table,
    /// One JSON document
    Json,
    /// One JSON line per row
    Jsonl,
    /// CSV with a header
    Csv,
}

/// What muster can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make a commented project that runs as it is
    Init(InitArgs),
    /// Check a pipeline and everything it names; report all faults at once
    Check(PipelineArg),
    /// Run all stages in order; resumable, and a second run changes nothing
    Run(RunArgs),
    /// Crawl the web sources
    Crawl(SourceArg),
    /// Import a file into a source
    Import(ImportArgs),
    /// Extract mentions from pages as JSON lines; no store needed, nothing is written
    Extract(ExtractArgs),
    /// Ask the sensitive-field gate; no store needed
    #[command(subcommand)]
    Gate(GateVerb),
    /// Match the rows of any CSV, JSON-lines or Parquet file; no store needed
    Resolve(Box<ResolveArgs>),
    /// Explain why two mentions or records are one, or are not
    Explain(Box<ExplainArgs>),
    /// Look at the MASTER
    #[command(subcommand)]
    Master(MasterVerb),
    /// The queue of doubtful things
    #[command(subcommand)]
    Review(ReviewVerb),
    /// Article 14 notices
    #[command(subcommand)]
    Notice(NoticeVerb),
    /// Ask the legal calendar when something is due, and why; no store needed
    Deadline(DeadlineArgs),
    /// Replies, bounces and complaints
    #[command(subcommand)]
    Inbox(InboxVerb),
    /// Rights requests
    #[command(subcommand)]
    Case(CaseVerb),
    /// The suppression list
    #[command(subcommand)]
    Suppress(SuppressVerb),
    /// Release records to recipients
    Export(ExportArgs),
    /// The store's files
    #[command(subcommand)]
    Store(StoreVerb),
    /// The tamper-evident ledger
    #[command(subcommand)]
    Audit(AuditVerb),
    /// Say what is wrong with this installation
    Doctor(WithinArgs),
    /// Invented data to try things on
    #[command(subcommand)]
    Demo(DemoVerb),
    /// Small windows on pure parts, for scripts and tests
    #[command(subcommand)]
    Probe(ProbeVerb),
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Folder of the new project
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct PipelineArg {
    /// Pipeline file
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Pipeline file
    pub(crate) file: Option<PathBuf>,
    /// Send at most this many notices
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Collect and resolve, but send no mail and write no export
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SourceArg {
    /// Only this source
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// CSV, TSV or JSON-lines file
    pub(crate) file: PathBuf,
    /// Source of the pipeline whose terms and columns apply
    #[arg(long, value_name = "NAME")]
    pub(crate) source: String,
}

#[derive(Debug, Args)]
pub(crate) struct ExtractArgs {
    /// HTML files or folders of them; none for standard input
    pub(crate) files: Vec<PathBuf>,
    /// Address that the page was read from
    #[arg(long)]
    pub(crate) url: String,
    /// Content-Type header of the page, such as "text/html; charset=windows-1252"
    #[arg(long, value_name = "TYPE")]
    pub(crate) content_type: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum GateVerb {
    /// Read JSON lines of records or texts, print one verdict per line
    Check {
        /// File of JSON lines; - or none for standard input
        file: Option<PathBuf>,
    },
    /// Show the rules: id, category, law, examples
    Explain {
        /// Only this rule
        rule: Option<String>,
    },
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct ResolveArgs {
    #[command(subcommand)]
    pub(crate) verb: Option<ResolveVerb>,
    /// CSV, JSON-lines or Parquet file of contacts, mentions or people; what it is, is told from its content
    #[arg(required = true)]
    pub(crate) input: Option<PathBuf>,
    /// Where to write `mention_id,cluster_id`, one row per input row; - for standard output
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) matching: MatchArgs,
    /// Where to write the scored pairs: `left,right,weight,linked`
    #[arg(long, value_name = "FILE")]
    pub(crate) pairs: Option<PathBuf>,
    /// Where to write counts, capped keys, the recall of blocking and alarms, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Report of the last run, which may be the file of --report: clusters that grew far beyond it are an alarm
    #[arg(long, value_name = "FILE")]
    pub(crate) last_report: Option<PathBuf>,
    /// Where to write the most doubtful pairs for a steward to decide; the file comes back by --decisions
    #[arg(long, value_name = "FILE")]
    pub(crate) queue: Option<PathBuf>,
    /// Most pairs of the queue
    #[arg(long, value_name = "N", default_value_t = 200, requires = "queue")]
    pub(crate) queue_max: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ResolveVerb {
    /// Measure clusters against the truth: pairwise and B-cubed, whole and by slice
    ///
    /// A slice is made of each tag in the truth's column `tags`, and of entities of like size. Its pairs are those of
    /// which at least one mention is in the slice. Where no pair is found, precision is 1; where none is true, recall is.
    Evaluate(EvaluateArgs),
    /// Learn a model from a file, without labels, beginning from the shipped one
    Train(TrainArgs),
}

/// How rows are read and matched.
#[derive(Debug, Clone, Args)]
pub(crate) struct MatchArgs {
    /// What rows are matched as: people, companies as legal entities, or groups of companies
    #[arg(long, value_enum, default_value = "person")]
    pub(crate) entity: MatchEntity,
    /// Columns by other names, such as `Nachname=family_name,born=date`; may be given several times
    ///
    /// FIELD is a field of mentions or contacts; `mention_id`; `attribute`, `date`, `number` or `code` (or such a word with
    /// a name, `date:born`) for a plain attribute; `ignore`; or any other name, which makes a plain attribute of it.
    #[arg(long, value_name = "COL=FIELD,...", value_delimiter = ',')]
    pub(crate) map: Vec<String>,
    /// Match weight from which a pair is linked, in bits; default: the model's
    #[arg(long, value_name = "BITS", allow_negative_numbers = true)]
    pub(crate) threshold: Option<f64>,
    /// Model to match by, as `muster resolve train` writes it; default: the shipped one
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// A steward's decisions: `left,right,decision` with `same` or `different`; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Vec<PathBuf>,
    /// Clusters of muster, Splink, Zingg or dedupe that have to stay together; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) links: Vec<PathBuf>,
}

/// What rows are matched as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MatchEntity {
    /// People
    Person,
    /// Companies as legal entities
    Company,
    /// Groups of companies
    Group,
}

#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    /// File of truth: `mention_id`, a column of true entities, and maybe `tags`
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: PathBuf,
    /// Column of the true entities; default: `person_id`, `company_id` or `group_id` after --entity, or `label`,
    /// `cluster_id`, `cluster`, `entity_id`
    #[arg(long, value_name = "NAME")]
    pub(crate) truth_column: Option<String>,
    /// Clusters to measure, as `muster resolve` and Splink write them
    #[arg(long, value_name = "FILE", required_unless_present = "input", conflicts_with = "input")]
    pub(crate) clusters: Option<PathBuf>,
    /// File to resolve first
    pub(crate) input: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) matching: MatchArgs,
    /// Scored pairs for the curve, as `muster resolve --pairs` writes them
    #[arg(long, value_name = "FILE", requires = "curve")]
    pub(crate) pairs: Option<PathBuf>,
    /// Where to draw the precision-recall curve, as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) curve: Option<PathBuf>,
    /// How to print the figures
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// CSV, JSON-lines or Parquet file to learn from
    pub(crate) input: PathBuf,
    /// Where to write the model; - for standard output
    #[arg(long, value_name = "MODEL")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) matching: MatchArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DemoVerb {
    /// Make up mentions of business people, with the truth about them
    ///
    /// Writes `mentions.csv` and `truth.csv`. The same arguments give the same bytes.
    Generate(GenerateArgs),
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// How many mentions
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) mentions: usize,
    /// Another number gives another world
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How the mentions are: clean, standard, dirty, vendor, namesakes or groups
    #[arg(long, value_name = "NAME", default_value = "standard")]
    pub(crate) profile: String,
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// A rate that differs from the profile's; may be given several times
    #[arg(long, value_name = "RATE=VALUE")]
    pub(crate) set: Vec<String>,
}

/// What the rows of a file are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Entity {
    /// People
    Person,
    /// Companies
    Company,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Mention or MASTER record
    pub(crate) left: String,
    /// Mention or MASTER record to compare it with; none explains the record itself
    #[arg(required_if_eq("format", "svg"))]
    pub(crate) right: Option<String>,
    /// Explain two mentions of this file as `muster resolve` reads it; no store needed
    #[arg(long, value_name = "FILE", requires = "right")]
    pub(crate) input: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) matching: MatchArgs,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: ExplainFormat,
}

/// How an explanation is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// Aligned text for people
    Table,
    /// One JSON line per pair
    Json,
    /// A picture: how the weight of the pair comes about
    Svg,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MasterVerb {
    /// List the MASTER records
    List {
        /// How to print them
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
        /// Only people or only companies
        #[arg(long, value_enum)]
        entity: Option<Entity>,
    },
    /// Decide that two mentions are one entity; it outranks the model for ever
    Link {
        /// One mention
        left: String,
        /// The other
        right: String,
    },
    /// Decide that two mentions are not one entity; a merge of them is undone
    Split {
        /// One mention
        left: String,
        /// The other
        right: String,
    },
    /// Show one record with its lineage and the state of its notice
    Show {
        /// Id of the record, or one that was merged into it
        id: String,
        /// How to print it
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReviewVerb {
    /// List what waits for a person
    List {
        /// How to print it
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Take decisions from a CSV file with the columns id,decision
    ///
    /// Decisions: `keep` or `drop` for a held mention, `namesake` or `same` for a person who may be somebody on the
    /// suppression list, `sent` or `not-sent` for a notice in doubt, `left` or `stays` for somebody of whom a mail says that they left their
    /// employer, `done` for a mail.
    Decide {
        /// File of decisions; - for standard input
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum NoticeVerb {
    /// Who is due when, on which day, in which state; exit 4 when something is due within N days or the caps do not suffice
    Plan(PlanArgs),
    /// Print one person's notice as it would be sent
    Render {
        /// Id of the person's MASTER record
        #[arg(long)]
        person: String,
        /// Show it in another language than the person is told in: de, en, es, fr, it, nl, pl
        #[arg(long)]
        lang: Option<String>,
        /// Show the HTML part
        #[arg(long)]
        html: bool,
    },
    /// Send what is due
    Send {
        /// Send at most this many
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
        /// Compose and check everything, send nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Record letters or mails that came back: their addresses are dead, the next way is tried
    Returned {
        /// Tokens, as they stand on the letters and name their files
        #[arg(required = true, value_name = "TOKEN")]
        tokens: Vec<String>,
    },
    /// Check a rendered notice, whoever wrote it; without FILE, compose and check the notice of everybody who is due one
    ///
    /// FILE is plain text in the language of `--lang`, or JSON lines of `{"id":…,"target_lang":…,"context":{…},"text":…}`,
    /// each answered by `{"id":…,"defects":["A11",…]}`. Exit 1 where a notice has a defect or a line cannot be read. No
    /// store is needed.
    Check(NoticeCheckArgs),
}

#[derive(Debug, Args)]
pub(crate) struct NoticeCheckArgs {
    /// Text or JSON lines; - for standard input
    pub(crate) file: Option<PathBuf>,
    /// Language that the notice has to be in, such as de; for JSON lines, where a line names none
    #[arg(long, value_name = "LANG", requires = "file")]
    pub(crate) lang: Option<String>,
    /// JSON object of what is known about the notice: `basis`, `purpose`, `dpo_appointed`, `representative_needed`, `adm`,
    /// `transfer`, `controller`
    #[arg(long, value_name = "FACTS.json", requires = "file")]
    pub(crate) context: Option<PathBuf>,
    /// How to print the defects; jsonl says that FILE is JSON lines, as its ending .jsonl does
    #[arg(long, value_enum, requires = "file")]
    pub(crate) format: Option<Format>,
}

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) within: WithinArgs,
    /// Show those too who know everything
    #[arg(long)]
    pub(crate) all: bool,
    /// How to print it
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct WithinArgs {
    /// Warn with exit 4 when a deadline falls within this many days
    #[arg(long, value_name = "DAYS", default_value_t = 7)]
    pub(crate) within: u32,
}

#[derive(Debug, Args)]
pub(crate) struct DeadlineArgs {
    /// CSV file of cases with the columns `id`, `obtained_at`, `other_mentions`, `jurisdiction`, `tz`, `event`,
    /// `event_at`, `pause_from`, `pause_to`; - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) csv: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) case: DeadlineCase,
    /// How to print the answers
    #[arg(long, value_enum, default_value = "csv")]
    pub(crate) format: Format,
}

/// One case, where no file is given. An instant is RFC 3339, or a date or local time of --tz.
#[derive(Debug, Args)]
#[group(conflicts_with = "csv", multiple = true)]
pub(crate) struct DeadlineCase {
    /// Name of the case in the answer
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,
    /// When the data were obtained, or the request received
    #[arg(long, value_name = "INSTANT", required_unless_present = "csv")]
    pub(crate) obtained_at: Option<String>,
    /// When else; the earliest counts; may be given several times
    #[arg(long, value_name = "INSTANT")]
    pub(crate) other_mention: Vec<String>,
    /// Country or region, ISO 3166: it picks the law and the holidays
    #[arg(long, value_name = "CODE", required_unless_present = "csv")]
    pub(crate) jurisdiction: Option<String>,
    /// IANA zone of the clock, if the jurisdiction has several
    #[arg(long, value_name = "ZONE")]
    pub(crate) tz: Option<String>,
    /// What happened: `obtain`, `first_contact`, `disclosure`, `dsr` or `dsr_extended`
    #[arg(long, value_name = "EVENT", required_unless_present = "csv")]
    pub(crate) event: Option<String>,
    /// When the contact or disclosure was, the person was told of the extension, or (UK dsr) proved who they are
    #[arg(long, value_name = "INSTANT")]
    pub(crate) event_at: Option<String>,
    /// When a clarification was asked for (UK requests); may be given several times
    #[arg(long, value_name = "INSTANT")]
    pub(crate) pause_from: Vec<String>,
    /// When it was answered, once for each --pause-from
    #[arg(long, value_name = "INSTANT")]
    pub(crate) pause_to: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum InboxVerb {
    /// Read the mailboxes of the pipeline and act on what is new; prints the mails by kind and by what became of them
    Read {
        /// Pipeline file
        file: Option<PathBuf>,
        /// Say what would be done about each mail, do nothing
        #[arg(long)]
        dry_run: bool,
        /// How to print it
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// List the mails that wait for a person, with what they are and where they lie
    Queue {
        /// Look into the IMAP accounts too, to find Message-IDs; nothing is changed there
        #[arg(long)]
        look: bool,
        /// How to print it
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Say what each mail is, one JSON line per mail; no store needed, nothing is changed in a mailbox
    ///
    /// At the end stderr says how many mails were of which kind, how many say no, and how many need a person.
    Classify(Box<ClassifyArgs>),
}

#[derive(Debug, Args)]
pub(crate) struct ClassifyArgs {
    /// Mails, mboxes, Maildirs or folders of mails; - for standard input
    #[arg(required_unless_present = "imap")]
    pub(crate) files: Vec<PathBuf>,
    /// Read an IMAP account on this server
    #[arg(long, value_name = "HOST[:PORT]", requires = "user", requires = "password_file")]
    pub(crate) imap: Option<String>,
    /// User of the account
    #[arg(long, value_name = "NAME", requires = "imap")]
    pub(crate) user: Option<String>,
    /// File with the password of the account
    #[arg(long, value_name = "FILE", requires = "imap")]
    pub(crate) password_file: Option<PathBuf>,
    /// Folder of the account; may be given several times; default: INBOX
    #[arg(long, value_name = "NAME", requires = "imap")]
    pub(crate) folder: Vec<String>,
    /// Protection of the connection: implicit, starttls, or none on this machine
    #[arg(long, value_name = "HOW", default_value = "implicit")]
    pub(crate) tls: String,
    /// PEM file of certificates that are trusted instead of the machine's
    #[arg(long, value_name = "FILE", requires = "imap")]
    pub(crate) ca_file: Option<PathBuf>,
    /// Domain of your reply addresses: a tag at another domain is none of yours
    #[arg(long, value_name = "DOMAIN")]
    pub(crate) domain: Option<String>,
    /// Name with which your receiving server signs its `Authentication-Results`; without it no result proves anything
    #[arg(long, value_name = "NAME")]
    pub(crate) authserv_id: Option<String>,
    /// How to print the verdicts
    #[arg(long, value_enum, default_value = "jsonl")]
    pub(crate) format: Format,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CaseVerb {
    /// List rights requests with their clocks
    List {
        /// How to print them
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Open a case for a request that came by phone or letter; an objection takes effect at once
    Open(CaseOpenArgs),
    /// Close a case
    Close {
        /// Id of the case
        id: String,
        /// What was done, as a word such as `answered`; it stays in the ledger for ever
        #[arg(long)]
        outcome: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CaseOpenArgs {
    /// What the person asked for
    #[arg(long, value_enum)]
    pub(crate) kind: CaseName,
    /// How the request came
    #[arg(long, value_enum)]
    pub(crate) channel: Channel,
    /// When it arrived, if not now
    #[arg(long, value_name = "INSTANT")]
    pub(crate) received: Option<String>,
    #[command(flatten)]
    pub(crate) who: Who,
}

/// Rights requests by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CaseName {
    /// No more e-mail
    OptOut,
    /// No calls
    DoNotCall,
    /// Objection (GDPR 21)
    Objection,
    /// Erasure (17)
    Erasure,
    /// Access (15)
    Access,
    /// Rectification (16)
    Rectification,
    /// Restriction (18)
    Restriction,
    /// Portability (20)
    Portability,
    /// Complaint to or about an authority (77)
    DataComplaint,
    /// Anything else
    Other,
}

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Channel {
    /// By telephone
    Phone,
    /// By letter
    Letter,
    /// By e-mail that was not read by muster
    Mail,
}

/// Who a manual entry is about: as much as the person gave.
#[derive(Debug, Clone, Args)]
pub(crate) struct Who {
    /// Id of the person's MASTER record
    #[arg(long, value_name = "ID")]
    pub(crate) person: Option<String>,
    /// E-mail address; may be given several times
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Vec<String>,
    /// Phone number with its country code; may be given several times
    #[arg(long, value_name = "NUMBER")]
    pub(crate) phone: Vec<String>,
    /// Profile address; may be given several times
    #[arg(long, value_name = "URL")]
    pub(crate) profile: Vec<String>,
    /// Name, together with --company
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Name or web domain of the employer, together with --name
    #[arg(long)]
    pub(crate) company: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SuppressVerb {
    /// Put a person on the list; whatever is held about them is erased
    Add {
        /// Why
        #[arg(long, value_enum, default_value = "opt-out")]
        reason: CaseName,
        #[command(flatten)]
        who: Who,
    },
    /// List the entries: ids, reasons, dates; nobody's data is in them
    List {
        /// How to print them
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Name the rows of any CSV or JSON-lines file that must not be there; exit 1 if there are any
    Prove {
        /// File
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// Only this export of the pipeline
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Say what would be released and withheld, and why; write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoreVerb {
    /// Make the index again from the ledger and the segments
    Rebuild,
    /// Check files, hashes and the index against the ledger
    Verify,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditVerb {
    /// Check the ledger's chain against its checkpoint; name every fault
    Verify,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProbeVerb {
    /// Ask whether robots.txt allows a fetch: exit 0 allowed, 1 not
    Robots {
        /// robots.txt file
        file: PathBuf,
        /// User agent
        user_agent: String,
        /// Address
        url: String,
    },
    /// Read lines of region, tab, text from standard input, print the E.164 numbers found in each
    Phone,
    /// Print the normalized form of an address
    Url {
        /// Base address
        base: String,
        /// Address, absolute or relative
        url: String,
    },
}
