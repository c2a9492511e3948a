# Everything here needs Python 3.10 or newer with its venv module, and make. The stamps in the virtual environment make a second call quick.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SOURCES_OF_INSTALL := pyproject.toml setup.py $(wildcard boilerstrip/_core/*.pyx boilerstrip/_core/*.h)
PAGE ?= fixtures/pages/elpais-english/source.txt

# The tagger's matrices are small: on a busy machine a second thread waits far longer than it helps.
export OPENBLAS_NUM_THREADS ?= 1

.PHONY: demo test test-python wheels pipelines spark-demo robustness fuzz mutants lint docs train peers clean

demo: $(VENV)/.installed
	@printf '\n== The story of $(PAGE) ==\n\n'
	@$(BIN)/boilerstrip clean $(PAGE)
	@printf '\n== What was dropped, and why ==\n\n'
	@$(BIN)/boilerstrip explain --dropped $(PAGE)

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest

# The same tests without the compiled core: the Python code does all of its work.
test-python: $(VENV)/.installed-test
	BOILERSTRIP_CORE=off $(BIN)/python -m pytest

# A wheel with the compiled core for this platform; cibuildwheel makes those of the others (pyproject.toml).
wheels: | $(BIN)/python
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .
	@ls dist

# How the time of a page grows with its size, for every generator of hostile pages; big counts; and what the suite
# does now and then: kills in every format, damaged files, injections in a browser.
SECONDS_A_PART ?= 600
robustness: $(VENV)/.installed-bench $(VENV)/.installed-test
	$(BIN)/python -m benchmarks robustness
	$(BIN)/python -m benchmarks endurance --seconds $(SECONDS_A_PART)
	BOILERSTRIP_SCALE=10 $(BIN)/python -m pytest tests/test_batch_kills.py tests/test_batch_fuzz.py tests/test_injections.py

# Bytes to text to every format, guided by coverage; an input that breaks something is left in fuzz/.
MINUTES ?= 10
fuzz: $(VENV)/.installed-fuzz
	@mkdir -p fuzz/corpus
	$(BIN)/python -m benchmarks.fuzz fuzz/corpus fixtures/pages -max_total_time=$$(( $(MINUTES) * 60 )) \
	    -artifact_prefix=fuzz/ -max_len=20000 -timeout=60

# Faults put into selection, decoding and the walk, one at a time: does a test notice? The survivors are listed.
mutants: $(VENV)/.installed-test $(VENV)/.installed-fuzz
	$(BIN)/python -m benchmarks mutants

# The tests of the engines, which bring a gigabyte along; Spark needs Java 17 or newer.
pipelines: $(VENV)/.installed-test $(VENV)/.installed-pipelines
	$(BIN)/python -m pytest -m pipelines tests

# A crawl cleaned in two passes on two local cores.
spark-demo: $(VENV)/.installed-spark
	PYSPARK_PYTHON=$(BIN)/python $(BIN)/python -m boilerstrip.pipelines.spark --master 'local[2]' \
	    --input fixtures/crawl.warc.gz --output $(VENV)/spark-demo.parquet --overwrite --two-pass
	@$(BIN)/python -c "import pandas; print(pandas.read_parquet('$(VENV)/spark-demo.parquet')[['url', 'status', 'words_kept', 'words_dropped']])"

lint: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The documentation as a site; a warning is an error.
docs: $(VENV)/.installed-docs
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs
	@echo build/docs/index.html

train: $(VENV)/.installed-train
	$(BIN)/python -m benchmarks.train

# readability-lxml runs well with chardet 7, but its metadata forbids it, so it is installed without its pins.
peers: $(VENV)/.installed-bench
	$(BIN)/python -m pip install --quiet --no-deps 'readability-lxml==0.9'

clean:
	rm -rf $(VENV) fuzz .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(SOURCES_OF_INSTALL) | $(BIN)/python
	@echo 'Installing boilerstrip into $(VENV) ...'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-%: $(SOURCES_OF_INSTALL) | $(BIN)/python
	@echo 'Installing boilerstrip[$*] into $(VENV) ...'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@ $(VENV)/.installed
