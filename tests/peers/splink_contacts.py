#!/usr/bin/env python3
"""Splink on contact mentions, as somebody who knows it would set it up: splink_contacts.py MENTIONS.csv FOLDER

Writes `splink_W.csv` (`mention_id,cluster_id`) for a row of match weights W, and prints CPU seconds and peak memory in GB as JSON:
reading, training, prediction and the clustering of one threshold. Needs the PyPI packages splink (5) and pandas.
"""

import json
import logging
import re
import resource
import sys
import unicodedata
import warnings
from pathlib import Path

import duckdb
import pandas as pd
import splink.comparison_level_library as level
import splink.comparison_library as comparison
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THREADS = 2
WEIGHT_MIN = -4
WEIGHTS = range(WEIGHT_MIN, 34, 2)
FIRST_WEIGHT = 8
SPECIAL = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "ı": "i", "đ": "d"})
TITLES = re.compile(r"\b(dr|prof|ing|dipl|mag|kfm|herr|frau|mba|phd|msc|cpa)\b\.?")
LEGAL_FORMS = re.compile(
    r"\b(gmbh|ag|kg|co|se|ug|eg|og|sa|sarl|sas|sasu|eurl|snc|srl|spa|sl|slu|lda|bv|nv|sp z o o|spolka z o o|sp k|s r o|sro"
    r"|a s|ab|as|aps|asa|oy|oyj|ltd|limited|plc|llp|inc|llc|corp|corporation|pvt|private|kft|zrt|ood|und|and|et)\b"
)
ROLES = {"info", "kontakt", "contact", "office", "mail", "hello", "sales", "vertrieb", "jobs", "hr", "presse", "press", "service"}


def fold(text):
    """Lower case without marks."""
    text = unicodedata.normalize("NFD", text.lower().translate(SPECIAL))
    return "".join(each for each in text if not unicodedata.combining(each))


def words(text):
    return " ".join(re.findall(r"\w+", fold(text)))


def names(row):
    """First given name and family name, from their columns or from the full name."""
    first, last = fold(row.first_name), fold(row.last_name)
    if not last:
        full = TITLES.sub(" ", fold(row.full_name))
        if "," in full:
            last, first = full.split(",", 1)
        else:
            first, _, last = full.strip().partition(" ")
    return words(first).split(" ")[0], words(last)


def prepare(mentions, free_mail):
    """Columns to compare; what is not there is null."""
    out = pd.DataFrame({"unique_id": mentions.index})
    parsed = [names(row) for row in mentions.itertuples()]
    out["first"], out["last"] = [name[0] for name in parsed], [name[1] for name in parsed]
    out["initial"] = out["first"].str[:1]
    out["company"] = mentions.company_name.map(lambda name: re.sub(r"\s+", " ", LEGAL_FORMS.sub(" ", words(name))).strip())
    email = mentions.email.str.lower()
    local, host = email.str.partition("@")[0], email.str.partition("@")[2]
    out["email"] = email.where(~local.isin(ROLES), "")
    domain = mentions.company_domain.str.lower().str.removeprefix("www.")
    out["domain"] = domain.where(domain != "", host.where(~host.isin(free_mail), ""))
    out["phone"] = mentions.phone.str.replace("(0)", "", regex=False).str.replace(r"\D", "", regex=True).str[-8:]
    out["city"], out["title"] = mentions.city.map(fold), mentions.job_title.map(fold)
    out["profile"] = mentions.profile_url.str.lower().str.split("?").str[0].str.rstrip("/").str.rpartition("/")[2]
    out["country"], out["company_start"] = mentions.country, out["company"].str[:5]
    return out.replace("", None)


def free_mail_hosts(mentions):
    """Hosts of mailboxes that come with very many companies' names: free mail."""
    hosts = mentions.email.str.lower().str.partition("@")[2]
    named = mentions.company_name.where(mentions.company_name != "").groupby(hosts).nunique()
    return set(named[named > max(50, len(mentions) // 2000)].index)


def settings():
    first = comparison.CustomComparison(output_column_name="first", comparison_levels=[
        level.NullLevel("first"), level.ExactMatchLevel("first", term_frequency_adjustments=True),
        level.JaroWinklerLevel("first", 0.92), level.JaroWinklerLevel("first", 0.82),
        level.CustomLevel("initial_l = initial_r and (length(first_l) = 1 or length(first_r) = 1)", "initial"),
        level.ElseLevel()])
    last = comparison.CustomComparison(output_column_name="last", comparison_levels=[
        level.NullLevel("last"), level.ExactMatchLevel("last", term_frequency_adjustments=True),
        level.JaroWinklerLevel("last", 0.94), level.JaroWinklerLevel("last", 0.85),
        level.CustomLevel("contains(last_l, last_r) or contains(last_r, last_l)", "part"), level.ElseLevel()])
    email = comparison.CustomComparison(output_column_name="email", comparison_levels=[
        level.NullLevel("email"), level.ExactMatchLevel("email", term_frequency_adjustments=True),
        level.CustomLevel("split_part(email_l, '@', 1) = split_part(email_r, '@', 1)", "local part"),
        level.JaroWinklerLevel("email", 0.93), level.ElseLevel()])
    company = comparison.CustomComparison(output_column_name="company", comparison_levels=[
        level.CustomLevel("coalesce(domain_l, company_l) is null or coalesce(domain_r, company_r) is null", "null")
        .configure(is_null_level=True),
        level.CustomLevel("domain_l = domain_r", "domain").configure(tf_adjustment_column="domain"),
        level.ExactMatchLevel("company", term_frequency_adjustments=True),
        level.CustomLevel("jaro_winkler_similarity(company_l, company_r) > 0.9", "like"),
        level.CustomLevel("starts_with(company_l, company_r) or starts_with(company_r, company_l)", "start"),
        level.ElseLevel()])
    others = [
        comparison.ExactMatch("phone").configure(term_frequency_adjustments=True), comparison.ExactMatch("profile"),
        comparison.ExactMatch("city").configure(term_frequency_adjustments=True),
        comparison.JaroWinklerAtThresholds("title", [0.9])]
    blocks = [
        ("email",), ("profile",), ("first", "last"), ("last", "domain"), ("last", "company_start"), ("first", "domain"),
        ("first", "company_start"), ("phone", "last"), ("phone", "first"), ("last", "initial", "title"),
        ("last", "initial", "city"), ("last", "initial", "country")]
    return SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="unique_id", comparisons=[first, last, email, company, *others],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in blocks],
        retain_intermediate_calculation_columns=False, retain_matching_columns=False)


def train(linker):
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on("email"), block_on("profile")], recall=0.5)
    training.estimate_u_using_random_sampling(max_pairs=5e6)
    for rule in [block_on("first", "last"), block_on("email"), block_on("profile")]:
        training.estimate_parameters_using_expectation_maximisation(rule)


def main():
    warnings.filterwarnings("ignore")
    logging.getLogger("splink").setLevel(logging.ERROR)
    mentions = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
    folder = Path(sys.argv[2])
    connection = duckdb.connect()
    connection.execute(f"set threads = {THREADS}")
    database = DuckDBAPI(connection=connection)
    linker = Linker(database.register(prepare(mentions, free_mail_hosts(mentions))), settings())
    train(linker)
    pairs = linker.inference.predict(threshold_match_weight=WEIGHT_MIN)

    def write(weight):
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_weight=weight)
        found = found.as_pandas_dataframe()[["unique_id", "cluster_id"]]
        found.insert(0, "mention_id", mentions.mention_id.to_numpy()[found.unique_id])
        found[["mention_id", "cluster_id"]].to_csv(folder / f"splink_{weight}.csv", index=False)

    write(FIRST_WEIGHT)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cost = {"cpu_s": usage.ru_utime + usage.ru_stime, "peak_gb": usage.ru_maxrss * 1024 / 1e9}
    for weight in WEIGHTS:
        if weight != FIRST_WEIGHT:
            write(weight)
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
