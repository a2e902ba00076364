"""Who claims what, week by week: a CSV or Parquet file of articles in, a table out.

    pip install sayso
    python who_said_what.py articles.csv claims.csv
    python who_said_what.py articles.parquet claims.csv --text body --published date --about drone,strike --model fast

`articles` has a row an article: its text, when it was published (a date) and by whom. `claims.csv` has a row for each week, speaker and act:

    week          Monday of the week in which the articles were published
    speaker       who is said to have said it, as the article names them
    act           asserts, denies, accuses, admits, promises ...
    statements    how often, in all articles
    articles      in how many articles
    outlets       in how many outlets: ten outlets with one statement may have it from one interview (`sayso origins` looks into that)
    example       the words of the first one

Statements that a text gives to nobody are left out. Whole archives: `sayso bulk`, or sayso.spark, and the same grouping in SQL.
"""
import argparse
import datetime

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

import sayso


def statements(articles, columns, model):
    """A row a statement: week, speaker, act, content, report, outlet."""
    tables = sayso.read_tables(articles, columns=columns, model=model, threads=0)
    reports = tables["reports"].select(["id", "published", "outlet"])
    said = tables["attributions"].select(["report", "speaker_name", "act", "content_words"])
    said = said.filter(pc.is_valid(said["speaker_name"])).join(reports, "report", "id", "inner")
    return said.append_column("week", pa.array([monday(day) for day in said["published"].to_pylist()], pa.date32()))


def monday(published):
    """The Monday of its week; none for an article without a date."""
    try:
        day = datetime.date.fromisoformat(published[:10])
    except (TypeError, ValueError):
        return None
    return day - datetime.timedelta(days=day.weekday())


def who_said_what(said, about=()):
    """A row a week, speaker and act. `about`: words of which one must stand in the statement."""
    if about:
        said = said.filter(pc.match_substring_regex(said["content_words"], "|".join(rf"\b{word}" for word in about), ignore_case=True))
    said = said.sort_by([("week", "ascending"), ("report", "ascending")])
    counted = [("content_words", "count"), ("report", "count_distinct"), ("outlet", "count_distinct"), ("content_words", "first")]
    table = said.group_by(["week", "speaker_name", "act"], use_threads=False).aggregate(counted)
    table = table.select(["week", "speaker_name", "act", "content_words_count", "report_count_distinct", "outlet_count_distinct", "content_words_first"])
    table = table.rename_columns(["week", "speaker", "act", "statements", "articles", "outlets", "example"])
    return table.sort_by([("week", "ascending"), ("statements", "descending"), ("speaker", "ascending"), ("act", "ascending")])


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("articles")
    ask.add_argument("claims")
    for name in ("text", "published", "outlet"):
        ask.add_argument(f"--{name}", default=name, metavar="COLUMN", help=f"the column with the {name}, when it is not called {name}")
    ask.add_argument("--about", default="", help="only statements with one of these words, as in drone,strike")
    ask.add_argument("--model", default="accurate", choices=["accurate", "fast"])
    args = ask.parse_args()
    articles = parquet.read_table(args.articles) if args.articles.endswith(".parquet") else csv.read_csv(args.articles)
    columns = {name: getattr(args, name) for name in ("text", "published", "outlet")}
    said = statements(articles, columns, args.model)
    table = who_said_what(said, [word for word in args.about.split(",") if word])
    csv.write_csv(table, args.claims)
    print(f"{articles.num_rows} articles, {said.num_rows} statements with a speaker: {table.num_rows} rows in {args.claims}")


if __name__ == "__main__":
    main()
