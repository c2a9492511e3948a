"""``python -m boilerstrip.pipelines.spark``, and the file that ``spark-submit`` takes."""

import sys

from boilerstrip.pipelines.spark.job import main

if __name__ == "__main__":
    sys.exit(main())
