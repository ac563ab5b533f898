# One image, several commands: see docker-compose.yml. The page is built inside and ships in the wheel.

FROM node:24-slim AS page
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend ./
RUN npm run build

FROM python:3.11-slim-trixie AS packages
WORKDIR /build
# The file system of the containers is read-only: what is not compiled here is compiled at every start.
ENV UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir uv==0.13.9
COPY pyproject.toml uv.lock ./
RUN uv export --frozen --no-default-groups --no-emit-project --output-file requirements.txt \
    && python -m venv /opt/taskwire \
    && uv pip install --python /opt/taskwire --no-cache --require-hashes --requirement requirements.txt
COPY README.md LICENSE ./
COPY src src
COPY --from=page /build/src/taskwire/page src/taskwire/page
RUN uv build --wheel --out-dir dist \
    && uv pip install --python /opt/taskwire --no-cache --no-deps dist/*.whl

FROM python:3.11-slim-trixie
# The client of the PostgreSQL that docker-compose.yml starts, for `taskwire backup` and `restore`. Its
# patches come with each build: a pinned one would be gone from Debian's mirrors within weeks.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/*
# The number that the images of PostgreSQL and Redis give their own user: what one of the three wrote
# with mode 0400 the other two can read, and nobody is root. New volumes take over these folders' owner.
RUN groupadd --gid 999 taskwire \
    && useradd --uid 999 --gid taskwire --no-create-home --shell /usr/sbin/nologin taskwire \
    && install --directory --owner taskwire --group taskwire --mode 0700 /secrets /backups /data
COPY --from=packages /opt/taskwire /opt/taskwire
ENV PATH=/opt/taskwire/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TASKWIRE_DATA_DIR=/data \
    HOST=0.0.0.0
USER 999:999
WORKDIR /data
EXPOSE 8000
ENTRYPOINT ["taskwire"]
CMD ["up"]
