# Build: every dependency is a wheel whose hash stands in requirements.lock; nothing else is installed.
FROM python:3.13.12-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock ./
RUN pip wheel --no-cache-dir --require-hashes --wheel-dir /wheels -r requirements.lock
COPY . .
RUN python -m venv /opt/papers \
    && /opt/papers/bin/pip install --no-cache-dir --no-index --find-links /wheels '.[postgres]'

# Run: the same Python, git for publishing, and a user who owns nothing but the data.
FROM python:3.13.12-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home papers \
    && install -d -o papers -g papers /data
COPY --from=build /opt/papers /opt/papers
ENV PATH=/opt/papers/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /data
USER papers
VOLUME /data
# Settings are mounted as /data/config.toml; the database is kept in /data/data. The token is a secret:
# the environment variable DISCORD_TOKEN, or token_file = "/run/secrets/discord_token" in the settings.
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run"]
