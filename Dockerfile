# The production image: no embedded servers, no build tools, no root.

FROM node:22-bookworm-slim AS frontend
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund
COPY frontend frontend
COPY static static
RUN node frontend/build.mjs

FROM python:3.12-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/runtime.txt /build/
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes --only-binary=:all: -r /build/runtime.txt

FROM python:3.12-slim-bookworm
# ca-certificates: the SMS gateway is called over https. Pango and HarfBuzz set the text of PDF files.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates libpango-1.0-0 libpangoft2-1.0-0 \
    libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin opsoeg \
    && install --directory --owner=opsoeg --mode=0700 /var/lib/opsoeg
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=outreach.settings OUTREACH_VAR=/var/lib/opsoeg
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY manage.py LICENSE pyproject.toml ./
COPY outreach outreach
COPY registry registry
COPY popup_sites popup_sites
COPY campaigns campaigns
COPY reports reports
COPY templates templates
COPY locale locale
COPY --from=frontend /build/static static
# The settings want every name; collecting files contacts nobody, and none of these values stays in the image.
RUN SECRET_KEY=build FIELD_ENCRYPTION_KEYS=1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    BLIND_INDEX_KEYS=1:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
    DATABASE_URL=postgres://none@localhost/none REDIS_URL=redis://localhost/0 \
    python manage.py collectstatic --noinput --verbosity 0
USER opsoeg
VOLUME /var/lib/opsoeg
EXPOSE 8000
ENV OUTREACH_PROCESS=web
CMD ["gunicorn", "outreach.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "4", \
     "--threads", "8", "--no-control-socket", "--timeout", "60", "--max-requests", "5000", \
     "--max-requests-jitter", "500", "--worker-tmp-dir", "/dev/shm"]
