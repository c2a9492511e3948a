"""Spark: a data frame of pages in, a data frame of stories out, and the repetition counts of a crawl as an aggregation.

Two-pass cleaning of a crawl is two jobs with no file between them but what Spark itself keeps:
``clean(pages, memory=site_counts(pages))``.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from boilerstrip.evidence.repetition import SITE_LEAST_SHARE
from boilerstrip.pipelines.arrow import build_schema, clean_record_batches
from boilerstrip.pipelines.counts import (
    PAGE_BLOCKS,
    SAMPLED_PAGES,
    SITE_COUNTS,
    CountedSites,
    count_site,
    list_page_blocks,
    name_sites,
)
from boilerstrip.pipelines.pages import Settings, import_extra

_SALTS: Final = 64
"""Parts into which the pages of a site are dealt, so that the largest site is the work of as many tasks."""
_BROADCAST_SITES: Final = 20_000
"""Sites whose counts go to every worker whole: 50 MB at most. The counts of more are joined to their pages."""
_SITE, _SALT, _SAMPLE, _BLOCKS = (f"_boilerstrip_{name}" for name in ("site", "salt", "sample", "blocks"))


def clean(pages: Any, *, memory: Any = None, broadcast_sites: int = _BROADCAST_SITES, **settings: Any) -> Any:
    """Clean a data frame of pages; see :func:`boilerstrip.pipelines.arrow.clean_batches` for columns and settings.

    :param memory: a data frame of :func:`site_counts`, or what else knows the pages' sites. The counts are computed
        when this is called if they have not been kept (``counts.persist()``).
    :param broadcast_sites: of more sites the counts are joined to the pages, which shuffles these.
    :raises MissingExtra: when pyspark is not installed.
    """
    frame_type = require_spark()
    chosen = Settings(**settings)
    schema = _build_result_schema(pages, chosen)
    if not isinstance(memory, frame_type):
        return pages.mapInArrow(partial(clean_record_batches, settings=chosen, memory=memory), schema)
    counts = _keep_what_counts(memory)
    few = counts.limit(broadcast_sites + 1).collect()
    if len(few) <= broadcast_sites:
        known = CountedSites(row.asDict(recursive=True) for row in few)
        return pages.mapInArrow(partial(clean_record_batches, settings=chosen, memory=known), schema)
    return _join(pages, counts, chosen).mapInArrow(partial(_clean_joined, settings=chosen), schema)


def site_counts(pages: Any, **settings: Any) -> Any:
    """On how many pages of its site each block of a crawl stands: a data frame with one row a site.

    ``sample`` holds the hashed addresses of the pages that were counted, 256 of a site at most, and ``blocks`` the
    ``fingerprint`` of every block that stands on several of them with the number of its ``pages``. Sites on which
    nothing repeats are left out. The counts are those of a :class:`boilerstrip.SiteMemory` that learnt the same pages.

    :param settings: as for :func:`clean`; the same columns say where pages, addresses and sites are.
    """
    require_spark()
    from pyspark.sql import functions

    found = pages.mapInArrow(partial(list_page_blocks, settings=Settings(**settings)), PAGE_BLOCKS)
    salt = functions.pmod("page", functions.lit(_SALTS))
    return _sample(_sample(found, "site", salt), "site").groupBy("site").applyInArrow(count_site, SITE_COUNTS)


def _sample(found: Any, *keys: Any) -> Any:
    """The smallest pages of each site or salt of it; Spark cuts a partition down to them before it shuffles."""
    from pyspark.sql import Window, functions

    rank = functions.dense_rank().over(Window.partitionBy(*keys).orderBy("page"))
    return found.withColumn("rank", rank).where(functions.col("rank") <= SAMPLED_PAGES).drop("rank")


def require_spark() -> Any:
    """Spark's type of data frames.

    :raises MissingExtra: when pyspark is not installed.
    """
    return import_extra("pyspark.sql", "Cleaning in Spark", "spark").DataFrame


def _build_result_schema(pages: Any, settings: Settings) -> Any:
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
    from pyspark.sql.types import StructField, StructType

    written = build_schema(to_arrow_schema(pages.schema), settings)
    own = from_arrow_schema(written).fields[: len(settings.columns)]
    carried = [field for field in pages.schema.fields if field.name not in settings.read_columns]
    names = written.names[len(own) :]
    renamed = [StructField(name, field.dataType, True) for name, field in zip(names, carried, strict=True)]
    return StructType([*own, *renamed])


def _keep_what_counts(counts: Any) -> Any:
    """Without the blocks that no rule would look at: those that stand on too few of their site's pages."""
    from pyspark.sql import functions

    least = functions.size("sample") * SITE_LEAST_SHARE
    blocks = functions.filter("blocks", lambda block: block.pages >= least)
    return counts.withColumn("blocks", blocks).where(functions.size("blocks") > 0)


def _join(pages: Any, counts: Any, settings: Settings) -> Any:
    """Every page with the counts of its site. Both are dealt over salts: no task gets all pages of a large site."""
    from pyspark.sql import functions
    from pyspark.sql.types import StringType, StructField, StructType

    schema = StructType([*pages.schema.fields, StructField(_SITE, StringType())])
    named = pages.mapInArrow(partial(name_sites, settings=settings, name=_SITE), schema)
    read = [name for name in (settings.html, settings.url) if name in pages.columns]
    salt = functions.pmod(functions.xxhash64(*read), functions.lit(_SALTS))
    first, last = (functions.lit(number).cast("bigint") for number in (0, _SALTS - 1))
    dealt = counts.select(
        functions.col("site").alias(_SITE),
        functions.col("sample").alias(_SAMPLE),
        functions.col("blocks").alias(_BLOCKS),
        functions.explode(functions.sequence(first, last)).alias(_SALT),
    )
    return named.withColumn(_SALT, salt).join(dealt, [_SITE, _SALT], "left").drop(_SALT)


def _clean_joined(batches: Iterable[Any], settings: Settings) -> Iterator[Any]:
    """Clean batches whose rows bring the counts of their sites along."""
    for batch in batches:
        yield from clean_record_batches(
            [batch.drop_columns([_SITE, _SAMPLE, _BLOCKS])], settings, CountedSites(_list_counts(batch))
        )


def _list_counts(batch: Any) -> Iterator[dict[str, Any]]:
    """The counts of each site of a batch, once."""
    seen: set[str | None] = {None}
    for row, site in enumerate(batch.column(_SITE).to_pylist()):
        if site not in seen:
            seen.add(site)
            sample, blocks = batch.column(_SAMPLE)[row].as_py(), batch.column(_BLOCKS)[row].as_py()
            if sample is not None:
                yield {"site": site, "sample": sample, "blocks": blocks}
