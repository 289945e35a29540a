# The bot in a container: docs/deployment.md says how to run it.

# The minor version is that of requirements/run.txt. To pin the image itself: --build-arg PYTHON_IMAGE=python@sha256:…
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
WORKDIR /source
RUN python -m venv --without-pip /opt/amazon-token
COPY requirements/run.txt requirements/run.txt
RUN pip --python /opt/amazon-token/bin/python install --no-cache-dir --disable-pip-version-check --require-hashes \
    -r requirements/run.txt
COPY pyproject.toml README.md LICENSE manifest.yml ./
COPY bot bot
COPY conversations conversations
RUN pip --python /opt/amazon-token/bin/python install --no-cache-dir --disable-pip-version-check --no-deps \
    --no-build-isolation . \
    && pip --python /opt/amazon-token/bin/python uninstall --yes setuptools pip

FROM ${PYTHON_IMAGE}
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /data amazon-token \
    && install -d -m 0700 -o amazon-token -g amazon-token /data
COPY --from=build /opt/amazon-token /opt/amazon-token
ENV PATH=/opt/amazon-token/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATABASE_URL=sqlite:////data/amazon-token.db \
    HOST=0.0.0.0 \
    PORT=3000 \
    LOG_FORMAT=json
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
# Liveness only: what restarts unhealthy containers must not do so while Slack is away.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/livez', timeout=4)"]
ENTRYPOINT ["amazon-token"]
CMD ["serve"]
