# syntax=docker/dockerfile:1
# capdraft with its readers, the review desk and the MCP server. Left out: the extras `evaluate`, `search` and
# `stats`, which bring numpy and scipy (180 MB, more than all the rest), and git.
ARG PYTHON=3.13-slim-trixie

FROM python:${PYTHON} AS build
WORKDIR /build
# What the lock names comes first: it changes less often than the code. No pip in what is copied below.
COPY requirements-image.lock ./
RUN python -m venv --without-pip /opt/capdraft \
    && pip --python /opt/capdraft/bin/python install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r requirements-image.lock
COPY pyproject.toml README.md LICENSE ./
COPY prompts prompts
COPY src src
RUN pip wheel --no-cache-dir --disable-pip-version-check --no-deps --wheel-dir dist . \
    && pip --python /opt/capdraft/bin/python install --no-cache-dir --disable-pip-version-check \
        --no-deps dist/*.whl

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="capdraft" \
      org.opencontainers.image.description="Drafts capability records from raw docs; rules check, people decide." \
      org.opencontainers.image.licenses="Apache-2.0 AND 0BSD"
RUN useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin capdraft \
    && install -d -o capdraft -g capdraft /workspace
COPY --from=build /opt/capdraft /opt/capdraft
# HOME: a place to write for whatever user `docker run --user` names.
ENV PATH=/opt/capdraft/bin:$PATH HOME=/tmp
USER 1000:1000
WORKDIR /workspace
VOLUME /workspace
EXPOSE 8400
ENTRYPOINT ["capdraft"]
CMD ["--help"]
